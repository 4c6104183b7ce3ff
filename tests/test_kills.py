"""The page on caught and missed mistakes is what our checks do today."""

import runpy
from pathlib import Path

PATH = Path(__file__).resolve().parent.parent / "docs" / "kills.py"


def test_the_page_is_fresh_and_all_thirteen_are_caught_and_named():
    kills = runpy.run_path(str(PATH))
    page = kills["page"]()
    assert page == kills["PAGE"].read_text(encoding="utf-8"), "run `python docs/kills.py`"
    assert "CS231n 2026 4 of 13, this course 13 of 13, of them 13 named." in page
