"""`make site`: the pages as a site, without a link that leads nowhere and without anything from another server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from page import ROOT, read


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_is_in_the_site_and_nothing_else(site: Path) -> None:
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")} | {"contributing", "404"}
    assert {path.stem for path in site.glob("*.html")} == pages
    assert not list(site.rglob("*.py")) and not (site / "plantings").exists()
    assert "mkdocs build --quiet --strict" in read("Makefile")


def test_every_page_can_be_reached_from_the_first(site: Path) -> None:
    named = set(re.findall(r'href="([\w.-]+\.html)', (site / "index.html").read_text(encoding="utf-8")))
    assert named >= {path.name for path in site.glob("*.html")} - {"404.html"}


def test_nothing_comes_from_another_server(site: Path) -> None:
    loads = re.compile(
        r"<(?:script|img|source|iframe)[^>]*(?:src|srcset)=\"(?:https?:)?//|<link[^>]*href=\"(?:https?:)?//"
    )
    for page in site.glob("*.html"):
        assert not loads.search(page.read_text(encoding="utf-8")), page.name
    for style in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(?:https?:)?//", style.read_text(encoding="utf-8")), style.name
