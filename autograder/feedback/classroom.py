"""The class page: what an instructor reads about all hand-ins of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from autograder.feedback.page import render
from autograder.feedback.plain import one_line
from autograder.feedback.plot import distribution, histogram
from autograder.feedback.summary import AssignmentSummary, Indexed, QuestionSummary, summarise, trouble
from autograder.feedback.words import (
    NOT_GRADED_SHORT,
    WORDING,
    count,
    duration,
    earned,
    lateness_in_short,
    number,
)
from autograder.grading.result import ClassResult, SubmissionResult
from common.cases.verdict import QuestionResult, Status

MOST_NAMES = 40  # students listed in one place
MOST_MISTAKES = 5  # of one question that are not folded away


@dataclass(frozen=True)
class Cell:
    """One question of one student, in as few characters as can be read."""

    tone: str
    symbol: str
    points: str
    word: str  # what the symbol means, where the points alone do not say it
    mistake: str


@dataclass(frozen=True)
class Row:
    """One student."""

    name: str
    link: str
    score: str
    word: str  # why there is no score
    cells: tuple[Cell | None, ...]
    flags: str


@dataclass(frozen=True)
class Section:
    """One assignment of the page."""

    anchor: str
    summary: AssignmentSummary
    bars: list[tuple[str, int]]
    plot: Markup
    rows: tuple[Row, ...]


def class_page(result: ClassResult, links: Mapping[int, str], similar: int = 0, digest: str = "") -> str:
    """A self-contained HTML page on a whole class; `links` has the address of each hand-in's feedback page.

    `similar` is how many pairs there are on the page of similar answers beside it, `digest` is noted in the page.
    """
    sections = [_section(place, summary, links) for place, summary in enumerate(summarise(result), 1)]
    titles = [section.summary.title for section in sections if section.summary.name]
    return render(
        "class.html.j2",
        ("page.css", "class.css"),
        ("class.js",),
        result=result,
        heading=titles[0] if len(titles) == 1 else "Class results",
        titles=titles,
        sections=sections,
        links=links,
        similar=similar,
        digest=digest,
        most_names=MOST_NAMES,
        most_mistakes=MOST_MISTAKES,
        unsandboxed=sum(not submission.sandboxed for submission in result.submissions),
        number=number,
        count=count,
        duration=duration,
        percent=lambda share: f"{100 * share:.0f} %",
        not_graded=_not_graded,
        stopped=_stopped,
        late=lateness_in_short,
    )


def _section(place: int, summary: AssignmentSummary, links: Mapping[int, str]) -> Section:
    bars = distribution(summary.percents)
    return Section(
        anchor=f"a{place}",
        summary=summary,
        bars=bars,
        plot=histogram(bars) if summary.graded else Markup(""),
        rows=tuple(_row(entry, summary.questions, links) for entry in summary.handins),
    )


def _row(entry: Indexed, questions: tuple[QuestionSummary, ...], links: Mapping[int, str]) -> Row:
    index, submission = entry
    answers = {answer.question: answer for answer in submission.questions}
    flags = [] if submission.sandboxed else ["no sandbox"]
    flags += [f"{name} was {number(before.score)}" for name, before in submission.before.items()]
    if late := lateness_in_short(submission):
        flags.append(late)
    if submission.repairs:
        flags.append(count(len(submission.repairs), "repair", "repairs"))
    word = NOT_GRADED_SHORT.get(submission.status, "")
    return Row(
        name=one_line(submission.student, 80) or "(no name)",
        link=links.get(index, ""),
        score="" if word else number(submission.score),
        word=word,
        cells=tuple(_cell(answers.get(question.name)) for question in questions),
        flags=", ".join(flags),
    )


def _not_graded(submission: SubmissionResult) -> str:
    """ "Unreadable. The file is empty." """
    return f"{NOT_GRADED_SHORT[submission.status]}. {submission.reason}"


def _stopped(submission: SubmissionResult) -> str:
    """ "conv2d ran out of time, slides ended the Python process": each question that stopped."""
    endings = ((answer.question, trouble(answer)) for answer in submission.questions)
    return ", ".join(f"`{question}` {WORDING[ending].one}" for question, ending in endings if ending)


def _cell(answer: QuestionResult | None) -> Cell | None:
    if answer is None:
        return None
    wording = WORDING[answer.status]
    plain_enough = answer.status in (Status.PASSED, Status.PARTIAL, Status.FAILED)
    return Cell(
        tone=wording.tone,
        symbol=wording.symbol,
        points=earned(answer.score, answer.status),
        word="" if plain_enough else wording.student.lower(),
        mistake=answer.mistake,
    )
