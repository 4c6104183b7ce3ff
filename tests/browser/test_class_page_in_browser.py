"""The class page in a real browser: sorting, filtering, links, size and speed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_up_class import conv2d, made_up_class, shape_question
from opened import opened
from pages import GIVEN, alike, late
from written_pages import write_pages

from autograder.feedback import class_page
from autograder.feedback.files import page_names
from autograder.feedback.similar import similar_pairs
from autograder.feedback.similar_page import similar_page
from autograder.grading.result import ClassResult

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


def large_class(size: int = 1000) -> ClassResult:
    """A class with twelve questions, most of them with mistakes, some late, and pairs of answers that are alike."""
    made = made_up_class(size)
    lates = [late("x", days).late for days in (-1, -1, -1, 0.5, 3)]
    submissions = []
    for number, each in enumerate(made.submissions):
        more = [
            replace(conv2d(number % 3), question=f"question_number_{place}", mistake=f"known mistake {number % 17}")
            if (number + place) % 4 == 0
            else replace(shape_question(), question=f"question_number_{place}")
            for place in range(9)
        ]
        questions = (*each.questions, *more) if each.questions else ()
        submissions.append(replace(each, questions=questions, max_score=60.0, late=lates[number % len(lates)]))
    pairs = [each for number in range(2) for each in alike(f"Pair {number} ", f"    # {number}\n")]
    return replace(made, submissions=(*submissions, *pairs))


def seconds_for(page: Any, action: Callable[[], object]) -> float:
    """Seconds until an action is drawn."""
    begin = time.perf_counter()
    action()
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    return time.perf_counter() - begin


def test_a_thousand_students_open_in_two_seconds(chromium: Any, tmp_path: Path) -> None:
    result = large_class()
    links = {index: f"feedback/{name}" for index, name in enumerate(page_names(result.submissions))}
    pairs = similar_pairs(result, GIVEN)
    path, similar = tmp_path / "class.html", tmp_path / "similar.html"
    path.write_text(class_page(result, links, len(pairs)), encoding="utf-8")
    similar.write_text(similar_page(pairs, links, result.titles), encoding="utf-8")
    assert path.stat().st_size < 5_000_000 and similar.stat().st_size < 5_000_000
    with opened(chromium, tmp_path) as found:
        assert seconds_for(found.page, lambda: found.page.goto(similar.as_uri())) < 2
        assert seconds_for(found.page, lambda: found.page.goto(path.as_uri())) < 2
        page = found.page
        assert page.locator(".students tbody tr").count() == 1004
        assert page.locator(".question").count() == 12 and page.locator(".mistakes li").count() > 100
        assert page.locator("nav a[href='similar.html']").text_content() == f"Similar answers: {len(pairs)} pairs"
        score, box = page.locator(".students th button").nth(1), page.locator(".filter input")
        assert seconds_for(page, lambda: score.dispatch_event("click")) < 2
        assert seconds_for(page, lambda: box.fill("okafor")) < 2
        assert 0 < page.locator(".students tbody tr:not([hidden])").count() < 200
