"""The site in a real browser: no page is wider than a phone, all can be read in light and dark, nothing is fetched."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from opened import opened

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(path.stem for path in (ROOT / "docs").glob("*.md")), "contributing"]
DARK = ("index", "student", "security")  # one style for all


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


@pytest.mark.parametrize(("page", "scheme"), [*((page, "light") for page in PAGES), *((page, "dark") for page in DARK)])
def test_a_page_is_no_wider_than_a_phone_and_can_be_read(chromium: Any, site: Path, page: str, scheme: str) -> None:
    with opened(chromium, site / f"{page}.html", 1400, color_scheme=scheme) as found:
        assert found.page.locator("html").get_attribute("data-bs-theme") == scheme
        assert found.sticking_out() == [] and found.faint() == []
        found.page.set_viewport_size({"width": 360, "height": 800})
        assert found.sticking_out() == [] and found.happened == []
        for picture in found.page.locator("img").all():
            assert picture.get_attribute("alt") and picture.evaluate("each => each.naturalWidth > 0")
