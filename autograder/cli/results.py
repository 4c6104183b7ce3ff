"""Results in the terminal: the whole class in a few lines, a single notebook in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.output import print_line, print_table, printable
from autograder.deadlines.receipts import Witness
from autograder.feedback.words import count

if TYPE_CHECKING:
    from autograder.deadlines.rules import Late
    from autograder.grading.result import ClassResult, SubmissionResult

SHOWN = 5  # mistakes named


def print_class(result: ClassResult, page: Path, folder: Path) -> None:
    """One row per question, what went wrong most, hand-ins that could not be graded, and where to look."""
    graded = [each for each in result.submissions if each.status == "graded"]
    rows: list[tuple[str, ...]] = []
    slips: list[tuple[int, str, str]] = []
    for assignment in sorted({each.assignment for each in graded}):
        here = [each for each in graded if each.assignment == assignment]
        for name in [question.question for question in here[0].questions]:
            answers = [q for each in here for q in each.questions if q.question == name]
            full = sum(q.score == q.max_score for q in answers)
            mean = sum(q.score for q in answers) / len(answers)
            rows.append((assignment, name, f"{full} of {len(answers)}", f"{mean:.1f} of {answers[0].max_score:g}"))
            slips += [(times, name, slip) for slip, times in Counter(q.mistake for q in answers if q.mistake).items()]
    header = ("assignment", "question", "full marks", "mean")
    several = len({row[0] for row in rows}) > 1
    print_table(header if several else header[1:], rows if several else [row[1:] for row in rows])
    if slips:
        click.echo("\nMost made:")
    for times, name, slip in sorted(slips, key=lambda each: -each[0])[:SHOWN]:
        print_line(f"  {times:>3}  {name}: {slip}")
    if left_out := [each for each in result.submissions if each.status != "graded"]:
        click.echo("\nNot graded:")
    for each in left_out:
        print_line(f"  {printable(each.student)}: {each.status.replace('_', ' ')}. {printable(each.reason, 200)}")
    if timed := [each.late for each in result.submissions if each.late]:
        _print_late(timed)
    if not all(each.sandboxed for each in result.submissions):
        click.echo("Graded WITHOUT a jail; every result says so.")
    many = len(result.submissions)
    rate = many / max(result.seconds, 1e-9)
    click.echo(f"\n{count(many, 'hand-in', 'hand-ins')} in {result.seconds:.1f} s ({rate:.1f} a second).")
    if result.interrupted:
        click.echo("Stopped early. What was finished is kept.")
    click.echo(f"Class page   {page}\nGradebook    {folder / 'gradebook.db'}\nIn numbers   {folder / 'results.json'}")


def word(result: SubmissionResult) -> list[str]:
    """The verdict of each question; of a hand-in that was not graded, why not."""
    return [str(each.status) for each in result.questions] if result.status == "graded" else [str(result.status)]


def counts(verdicts: Counter[str]) -> str:
    """ "120 passed, 14 failed, 1 timeout, 1 unreadable": the good ones first, then in the order of their number."""
    first = sorted(verdicts.items(), key=lambda each: (each[0] != "passed", -each[1], each[0]))
    return ", ".join(f"{number} {verdict.replace('_', ' ')}" for verdict, number in first)


def _print_late(timed: Sequence[Late]) -> None:
    """How many were late, and where the time is not known or comes from the hand-in itself."""
    late, lose = sum(each.days > 0 for each in timed), sum(each.percent > 0 for each in timed)
    click.echo()
    print_line(f"Late: {late} of {len(timed)} hand-ins that have a deadline; {lose} lose points for it.")
    if marked := sum(each.marked for each in timed):
        print_line(f"  {marked} are only marked as late, without a time. receipts.csv can say it.")
    if unknown := sum(each.received is None and not each.marked for each in timed):
        print_line(f"  Of {unknown} it is not recorded when they were handed in. receipts.csv can say it.")
    if claimed := sum(each.by == Witness.STUDENT for each in timed):
        print_line(f"  Of {claimed} only their own timestamp.txt says so, which a student can write.")


def print_results(result: ClassResult) -> None:
    """Each hand-in in words, as its feedback page has it."""
    for each in result.submissions:
        _print_one(each)


def _print_one(result: SubmissionResult) -> None:
    print_line(
        f"{printable(result.student)}, {printable(result.assignment)}: {result.score:g} of {result.max_score:g} points"
    )
    if result.late and result.late.days:
        print_line(f"  {result.late.why}")
    if result.reason:
        print_line(f"  {result.status}: {printable(result.reason, 300)}")
    for question in result.questions:
        click.echo()
        print_line(f"{question.question}: {question.status}, {question.score:g} of {question.max_score:g} points")
        for verdict in question.verdicts:
            why = "" if verdict.passed else f"  {printable(verdict.why, 200)}"
            print_line(f"  {'ok' if verdict.passed else 'NO'}   {verdict.probes}{why}")
        if question.advice:
            print_line(f"  {question.advice}")
        elif not question.verdicts:
            print_line(f"  {printable(question.message, 200)}")
    for repair in result.repairs:
        click.echo()
        print_line(f"note: {printable(repair, 200)}")
