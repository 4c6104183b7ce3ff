"""All kinds of pages of a class, on disk: an ordinary one, and one in which every text is an attack."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alike import MODEL, ODD, PLACE, STARTER, class_of, renamed
from made_up_class import conv2d, made_up_class, of_every_status, typical, unreadable
from written_pages import write_pages

from autograder.deadlines.rules import Deadline, Policy, Rules, penalty
from autograder.feedback.similar import Given
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
GIVEN = {PLACE: Given(STARTER, (MODEL,))}
DUE = datetime(2026, 10, 23, 21, 59, tzinfo=UTC)
RULES = Rules(deadlines={"01_convolution": Deadline(DUE, Policy(percent_per_day=10))})


def late(student: str, days: float) -> SubmissionResult:
    """A hand-in that came so many days after its deadline."""
    return typical(student, late=penalty(RULES, student, "01_convolution", DUE + timedelta(days=days)))


def hostile_question(attack: str) -> QuestionResult:
    """A question in which every text is the attack."""
    made = conv2d(code=f"# {attack}\nx = '''{attack}\n" * 30, output=f"{attack}\n" * 30)
    verdicts = tuple(replace(each, probes=attack, group=attack + each.group, why=attack) for each in made.verdicts)
    return replace(made, question=attack, message=attack, advice=attack, mistake=attack, verdicts=verdicts)


def hostile_handin(attack: str) -> SubmissionResult:
    """A hand-in in which every text is the attack."""
    crashed = replace(hostile_question(attack), question=attack[:20], status=Status.CRASHED)
    questions = (hostile_question(attack), crashed)
    given = late(attack, 1.5).late
    return typical(attack, questions=questions, repairs=(attack,), path=f"a/{attack}", sandboxed=False, late=given)


def alike(name: str, extra: str = "") -> tuple[SubmissionResult, ...]:
    """Two hand-ins whose answers are alike."""
    made = class_of(ODD + extra, renamed(ODD)).submissions
    return tuple(replace(each, student=name + each.student) for each in made)


def ordinary_pages(folder: Path) -> list[Path]:
    """The pages of a class in which everything happens that can: class, similar answers, feedback of each kind."""
    made = [typical(), of_every_status(), late("Lía Later", 1.5), late("Max Marked", 0.5), *alike("Ann ")]
    class_page = write_pages(
        replace(made_up_class(10), submissions=(*made, *made_up_class(10).submissions, unreadable())), folder, GIVEN
    )
    kinds = ("ada-lovelace-01", "every-status", "lia-later", "bo-broken", "una-known")
    pages = [next((folder / "feedback").glob(f"{kind}*")) for kind in kinds]
    return [class_page, folder / "similar.html", *pages]


def hostile_pages(folder: Path) -> list[Path]:
    """The pages of a class in which every text is an attack: class, similar answers, feedback."""
    every = " ".join(ATTACKS)
    made = [*map(hostile_handin, ATTACKS), unreadable(ATTACKS[0], every)]
    made += alike(every, f"\n# {every}\n'''</code></pre>{every}")
    class_page = write_pages(ClassResult(tuple(made), 1.0, {"01_convolution": every}), folder, GIVEN)
    return [class_page, folder / "similar.html", *sorted((folder / "feedback").glob("*.html"))]
