"""`course calibrate`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from autograder.cli.output import CannotDoError, json_option, print_json, print_table, progress

if TYPE_CHECKING:
    from autograder.course import LoadedAssignment


@click.command("calibrate")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--mode", "modes", multiple=True, default=("student",), show_default=True, help="Repeat for several.")
@click.option("--seeds", default=10, show_default=True, type=click.IntRange(min=3), help="Train this many times.")
@click.option("--question", metavar="QUESTION", help="Only this trained question.")
@click.option("--check", is_flag=True, help="Train nothing; fail if a table is missing, old or not by the rule.")
@json_option
def command(
    names: Sequence[str], modes: Sequence[str], seeds: int, question: str | None, check: bool, as_json: bool
) -> None:
    """Measure how accurate the reference recipes become, and set the bars that students read.

    Each trained question with a "calibrated" band is trained once for each seed, in a process of its own. A calibration
    that was stopped goes on where it was. docs/training.md has the rule.

    Example: course calibrate 06_lenet --mode smoke --mode student --seeds 10
    """
    from autograder.calibration.proof import broken
    from autograder.calibration.runs import calibrate, calibrated_questions
    from autograder.course import find_course
    from common.mode import MODES
    from common.quiet import quietly

    course = find_course()
    if wrong := [each for each in modes if each not in MODES]:
        raise click.BadParameter(f"{wrong[0]!r} is none of {', '.join(MODES)}", param_hint="--mode")
    with quietly():  # the masters import Keras
        loaded = [course.load(name) for name in names or course.names()]
    wanted = [
        (assignment, each)
        for assignment in loaded
        for each in calibrated_questions(assignment)
        if question in (None, each)
    ]
    if names and not wanted:
        raise CannotDoError("There is no trained question with a calibrated band there.")
    if check:
        found = [problem for assignment, name in wanted for problem in broken(assignment, name)]
        for problem in found:
            click.echo(problem, err=True)
        _say_what_is_not_measured(wanted)
        sys.exit(1 if found else 0)
    rows = []
    with progress("training", len(wanted) * len(modes) * seeds) as advance:
        for assignment, name in wanted:
            rows += [calibrate(course, assignment, name, mode, range(seeds), advance) for mode in modes]
    if as_json:
        print_json({"calibrations": [vars(each) for each in rows]})
    else:
        header = ("question", "mode", "runs", "mean", "deviation", "lowest", "bar", "grader's", "seconds")
        print_table(
            header,
            [
                (
                    row.question,
                    row.mode,
                    len(row.seeds),
                    f"{row.mean:.2%}",
                    f"{row.deviation:.2%}",
                    f"{row.minimum:.2%}",
                    f"{row.bar:.1%}",
                    f"{row.graded:.1%}",
                    f"{sum(row.seconds) / len(row.seeds):.1f}",
                )
                for row in rows
            ],
        )
        _say_what_is_not_measured(wanted)


def _say_what_is_not_measured(wanted: Sequence[tuple[LoadedAssignment, str]]) -> None:
    from autograder.calibration.table import not_calibrated, why_the_same_bar

    for assignment, name in wanted:
        for mode in not_calibrated(assignment.master.path.parent, name):
            click.echo(f"note: {assignment.name}, {name}: {why_the_same_bar(mode)}", err=True)
