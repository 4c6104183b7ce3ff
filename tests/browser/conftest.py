"""Headless Chromium, as Debian ships it; nothing is ever downloaded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
# The made-up class lives beside the feedback's tests; the docs' pictures are taken in the same browser.
sys.path[:0] = [str(HERE), str(HERE.parent / "feedback"), str(HERE.parents[1] / "docs/pictures")]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All kinds of pages of an ordinary class."""
    from pages import ordinary_pages

    return ordinary_pages(tmp_path_factory.mktemp("ordinary"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All pages of a class in which every text is an attack."""
    from pages import hostile_pages

    return hostile_pages(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")  # closed again: another driver in the same process would find its event loop running
def chromium() -> Iterator[Any]:
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    import photograph

    if not photograph.installed():
        pytest.skip("Chromium is not installed")
    with photograph.chromium() as browser:
        yield browser
