"""Links in README, CONTRIBUTING and docs/ lead somewhere, also on GitHub; pictures are there and made by us."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from page import PAGES, ROOT, read

IMAGES = ROOT / "docs" / "images"
MEASURED = {"performance.svg"}  # by `make bench`, half an hour on a quiet machine; test_measured.py
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")


def links(page: str) -> list[str]:
    """All links of a page, without what stands in blocks of code."""
    text = re.sub(r"^    .*$", "", read(page), flags=re.MULTILINE)
    return [first or second for first, second in LINK.findall(text)]


def headings(path: Path) -> set[str]:
    """The anchors that GitHub and MkDocs give to headings."""
    found = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in found}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for link in links(page):
        target, _, anchor = link.partition("#")
        assert "://" not in target, f"{page}: {link} leads out of the project; nobody checks it"
        path = (ROOT / page).parent / target if target else ROOT / page
        assert path.exists(), f"{page}: {link}"
        assert not anchor or anchor in headings(path), f"{page}: {link}"


def pictures() -> set[str]:
    """What `make pictures` makes."""
    made = runpy.run_path(str(ROOT / "docs" / "pictures"), run_name="pictures")
    return {name for names in made["MAKERS"].values() for name in names}


def test_every_picture_is_shown_and_made_by_a_script() -> None:
    there = {path.name for path in IMAGES.iterdir()}
    shown = {Path(link).name for page in PAGES for link in links(page) if "images/" in link}
    assert shown == there
    assert pictures() | MEASURED == there


def test_pictures_are_small() -> None:
    for path in IMAGES.iterdir():
        assert path.stat().st_size < 150 * 1024, path.name


@pytest.mark.slow
@pytest.mark.browser
def test_the_script_makes_all_pictures_anew(tmp_path: Path) -> None:
    from PIL import Image

    subprocess.run([sys.executable, "docs/pictures", "--to", str(tmp_path)], cwd=ROOT, check=True)
    assert {path.name for path in tmp_path.iterdir()} == pictures()
    for path in tmp_path.iterdir():
        with Image.open(path) as made, Image.open(IMAGES / path.name) as committed:
            assert made.width == committed.width, path.name
