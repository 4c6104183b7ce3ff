"""Hostile hand-ins in a real browser: nothing runs, nothing is fetched, nothing sticks out, everything can be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_up_class import conv2d, made_up_class, of_every_status, typical, unreadable
from opened import opened

from autograder.feedback import feedback_page, write_pages
from autograder.grading.result import ClassResult, SubmissionResult
from common.cases.verdict import QuestionResult, Status

ATTACKS = (
    "<script>window.ran = 1; alert(1)</script>",
    "\"><img src=x onerror='window.ran = 1'><img src=https://example.org/spy.png>",
    "</pre></style></title></script><script src=https://example.org/a.js></script>",
    "<svg/onload=window.ran=1><style>@import url(https://example.org/a.css)</style>",
    "<iframe srcdoc='<script>top.ran=1</script>'></iframe><meta http-equiv=refresh content='0;url=https://example.org'>",
    "<a href=javascript:window.ran=1 autofocus onfocus=window.ran=1>x</a><base href=https://example.org>",
    "\u202egnp.exe\u2066 \x00\x1b[31m \ud800 e" + "\u0301" * 200,
    "W" * 5000,
    "{{ cycler.__init__.__globals__ }}{% raw %}",
)


def hostile_question(attack: str) -> QuestionResult:
    made = conv2d(code=f"# {attack}\nx = '''{attack}\n" * 30, output=f"{attack}\n" * 30)
    verdicts = tuple(replace(each, probes=attack, group=attack + each.group, why=attack) for each in made.verdicts)
    return replace(made, question=attack, message=attack, advice=attack, mistake=attack, verdicts=verdicts)


def hostile_handin(attack: str) -> SubmissionResult:
    questions = (hostile_question(attack), replace(hostile_question(attack), question=attack[:20], status=Status.ERROR))
    return typical(attack, questions=questions, repairs=(attack,), path=f"a/{attack}", sandboxed=False)


@pytest.fixture(scope="module")
def hostile_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class page and its feedback pages in which every text is an attack."""
    made = [*(hostile_handin(attack) for attack in ATTACKS), unreadable(ATTACKS[0], " ".join(ATTACKS))]
    titles = {"01_convolution": " ".join(ATTACKS)}
    return write_pages(ClassResult(tuple(made), 1.0, titles), tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def every_page(hostile_class: Path) -> list[Path]:
    return [hostile_class, *sorted((hostile_class.parent / "feedback").glob("*.html"))]


def test_no_attack_runs_or_fetches_or_widens_a_page(chromium: Any, every_page: list[Path]) -> None:
    assert len(every_page) == len(ATTACKS) + 2
    for path in every_page:
        with opened(chromium, path, 1400) as found:
            assert found.sticking_out() == []
            found.page.set_viewport_size({"width": 360, "height": 800})
            assert found.sticking_out() == []
            assert found.page.evaluate("window.ran") is None
            assert found.page.url == path.as_uri()
            assert found.happened == []


def test_the_policy_stops_what_escaping_would_let_through(chromium: Any, tmp_path: Path) -> None:
    planted = (
        "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'><body onpageshow='window.ran = 1'>"
        "<style>body { display: none }</style><p style='position: fixed'>p</p><img src=https://example.org/a.png>"
    )
    path = tmp_path / "planted.html"
    path.write_text(feedback_page(typical(), "T").replace("</body>", planted + "</body>"), encoding="utf-8")
    with opened(chromium, path) as found:
        assert found.page.evaluate("window.ran") is None
        assert found.page.evaluate("getComputedStyle(document.body).display") == "block"
        assert any("Content Security Policy" in each for each in found.happened)
        assert "stopped by csp: https://example.org/a.png" in found.happened


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(chromium: Any, tmp_path: Path, scheme: str) -> None:
    result = made_up_class(30)
    path = write_pages(replace(result, submissions=(*result.submissions, of_every_status(), typical())), tmp_path)
    for each in [
        path,
        *(tmp_path / "feedback").glob("*every-status*"),
        *(tmp_path / "feedback").glob("ada-lovelace-01*"),
    ]:
        with opened(chromium, each, color_scheme=scheme) as found:
            assert found.faint() == []


def test_code_wraps_on_paper(chromium: Any, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(feedback_page(typical(questions=(conv2d(code="x = " + "1 + " * 200),)), "T"), encoding="utf-8")
    with opened(chromium, path, 720) as found:
        found.page.emulate_media(media="print")
        assert found.page.evaluate(
            "[...document.querySelectorAll('pre')].every(p => p.scrollWidth <= p.clientWidth + 1)"
        )
