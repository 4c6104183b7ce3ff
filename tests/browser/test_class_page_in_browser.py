"""The class page in a real browser: sorting, filtering, links, size and speed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from made_up_class import made_up_class
from opened import opened

from autograder.feedback import write_pages

NAMES = "[...document.querySelectorAll('.students tbody tr:not([hidden]) th')].map(th => th.textContent)"
SCORES = "[...document.querySelectorAll('.students tbody tr')].map(tr => tr.cells[1].textContent)"


@pytest.fixture(scope="module")
def class_of_sixty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pages(made_up_class(60), tmp_path_factory.mktemp("class"))


def test_sorting_by_score_and_by_name(chromium: Any, class_of_sixty: Path) -> None:
    with opened(chromium, class_of_sixty) as found:
        header = found.page.locator(".students th").nth(1)
        header.get_by_role("button").click()
        scores = [float(each) if each != "–" else -1 for each in found.page.evaluate(SCORES)]
        assert scores == sorted(scores) and scores[0] == -1
        assert header.get_attribute("aria-sort") == "ascending"
        header.get_by_role("button").click()
        scores = [float(each) if each != "–" else -1 for each in found.page.evaluate(SCORES)]
        assert scores == sorted(scores, reverse=True)
        found.page.locator(".students th").first.get_by_role("button").press("Enter")
        names = found.page.evaluate(NAMES)
        assert names[0].startswith("Ada") and "Élodie" in " ".join(names[5:40])  # É sorts with E, not after Z
        assert header.get_attribute("aria-sort") is None


def test_filtering_by_name_by_ending_and_by_mistake(chromium: Any, class_of_sixty: Path) -> None:
    with opened(chromium, class_of_sixty) as found:
        box = found.page.get_by_label("Filter")
        every = found.page.evaluate(NAMES)
        box.fill("okafor")
        assert found.page.evaluate(NAMES) == [each for each in every if "Okafor" in each]
        for wanted in ("unreadable", "not begun", "padding ignored"):
            box.fill(wanted)
            assert 0 < len(found.page.evaluate(NAMES)) < len(every)
        box.fill("nobody is called this")
        assert found.page.evaluate(NAMES) == []
        assert found.page.get_by_role("status").text_content() == f"0 of {len(every)}"
        box.fill("")
        assert found.page.evaluate(NAMES) == every


def test_links_lead_to_feedback_and_back_to_the_question(chromium: Any, class_of_sixty: Path) -> None:
    with opened(chromium, class_of_sixty) as found:
        link = found.page.locator(".students tbody a").first
        name = link.text_content()
        link.click()
        assert name in found.page.locator("header").text_content()
        found.page.locator(".overview a").last.click()
        assert found.page.evaluate("document.querySelector(':target').className") == "question"
        assert found.happened == []


def test_without_scripts_the_list_is_whole(chromium: Any, class_of_sixty: Path) -> None:
    with opened(chromium, class_of_sixty, java_script_enabled=False) as found:
        assert found.page.locator(".students tbody tr").count() == 60
        assert not found.page.locator(".filter").is_visible()
        assert found.page.locator(".students button").count() == 0


def test_a_thousand_students_open_in_two_seconds(chromium: Any, tmp_path: Path) -> None:
    path = write_pages(made_up_class(1000), tmp_path)
    assert path.stat().st_size < 5_000_000
    begin = time.perf_counter()
    with opened(chromium, path) as found:
        found.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        assert time.perf_counter() - begin < 2
        assert found.page.locator(".students tbody tr").count() == 1000
        begin = time.perf_counter()
        found.page.locator(".students th").nth(1).get_by_role("button").click()
        found.page.get_by_label("Filter").fill("okafor")
        assert time.perf_counter() - begin < 2
