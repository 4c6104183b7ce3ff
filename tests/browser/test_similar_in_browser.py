"""The page of similar answers in a real browser: hostile names and code run nothing, and all of it can be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alike import MODEL, ODD, PLACE, STARTER, class_of, renamed
from opened import opened
from pages import ATTACKS
from written_pages import write_pages

from autograder.feedback.similar import Given


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two whose names and comments are attacks, and who answered alike."""
    attack = " ".join(ATTACKS)
    made = class_of(ODD + f"\n# {attack}\n" + "'''</code></pre>" + attack, renamed(ODD))
    made = replace(made, submissions=tuple(replace(each, student=attack + each.student) for each in made.submissions))
    folder = tmp_path_factory.mktemp("similar")
    write_pages(made, folder, given={PLACE: Given(STARTER, (MODEL,))})
    return folder / "similar.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_or_sticks_out_and_everything_can_be_read(chromium: Any, page: Path, scheme: str) -> None:
    with opened(chromium, page, 1400, color_scheme=scheme) as found:
        assert found.page.locator(".line.same").count() > 20
        assert found.sticking_out() == [] and found.faint() == []
        found.page.set_viewport_size({"width": 360, "height": 800})
        assert found.sticking_out() == []
        assert found.page.evaluate("window.ran") is None and found.happened == []
