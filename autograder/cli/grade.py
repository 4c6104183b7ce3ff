"""`course grade`."""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.output import json_option, print_json, progress
from autograder.cli.results import counts, print_class, print_results, word

if TYPE_CHECKING:
    from autograder.gradebook.folder import ClassFolder
    from autograder.grading.result import SubmissionResult
    from autograder.handin.inbox import Submission


def known_engine(context: click.Context, parameter: click.Parameter, name: str) -> str:
    """One sentence where there is no such engine."""
    from autograder.grading.engine import ENGINES

    if name not in ENGINES:
        raise click.BadParameter(
            f"There is no engine {name!r}; there is {', '.join(ENGINES)}. "
            "The jail that holds students' code is named by --jail."
        )
    return name


@click.command("grade")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option("--assignment", metavar="NAME", help="Grade as this assignment; of a folder, only its hand-ins.")
@click.option("--question", metavar="NAME", help="Grade this question only.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Where to write gradebook and pages.  [graded]")
@click.option("--db", "url", metavar="URL", help="The gradebook's database.  [sqlite:///TO/gradebook.db]")
@click.option("--jobs", type=click.IntRange(min=1), help="Hand-ins graded at the same time; the cores by default.")
@click.option("--engine", default="local", help="Where to grade: on this machine.  [local]", callback=known_engine)
@click.option("--jail", metavar="NAME", help="Which jail to use; the strongest at hand by default.")
@click.option("--resume/--fresh", default=True, help="Use what earlier runs found, or grade everything anew.  [resume]")
@click.option("--allow-unsandboxed", is_flag=True, help="Grade even where no jail holds. Stamped on every result.")
@json_option
def command(
    paths: Sequence[Path],
    assignment: str | None,
    question: str | None,
    folder: Path | None,
    url: str | None,
    jobs: int | None,
    engine: str,
    jail: str | None,
    resume: bool,
    allow_unsandboxed: bool,
    as_json: bool,
) -> None:
    """Grade a notebook or a folder of hand-ins, in the jail.

    PATH is a notebook, a folder submitted/<student>/<assignment>/<notebook>.ipynb, or a zip as Canvas, Moodle or
    Gradescope hands it out. For a class the scores go into nbgrader's gradebook, and a class page with one feedback
    page per student is written. For a single notebook the result is printed and nothing is written, unless --to or
    --db say where.

    What an earlier run found is used again where neither the answer nor the rubric has changed, so a second run is
    quick and a run that was stopped goes on where it was. The fresh cases that grade are drawn once and kept beside
    the course's secret.

    \b
    Example: course grade submitted/
             course grade submitted/ --assignment 01_convolution --to graded --jobs 4
             course grade convolution.ipynb
    """
    from autograder.course import course_secret, find_course
    from autograder.deadlines.lateness import notes, time_rules
    from autograder.grading.classroom import grade_class, make_plans
    from autograder.grading.drawn import FOLDER as DRAWN
    from autograder.grading.engine import Local
    from autograder.grading.kept import FILE as KEPT
    from autograder.handin.inbox import holds_many, is_zip, open_inbox
    from autograder.jail import KERAS, Jails

    course = find_course()
    if assignment:
        course.load(assignment)
    files = course.handed_in_files() if any(map(is_zip, paths)) else set()
    submissions = click.get_current_context().with_resource(open_inbox(paths, course.notebooks(), assignment, files))
    keep = bool(folder or url or any(map(holds_many, paths)))
    folder = folder or Path("graded")
    times = time_rules(course, *([folder] if keep else []))
    lates = {(each.student, each.assignment): times.late(each) for each in submissions}
    with ExitStack() as stack:
        jails = stack.enter_context(Jails(jail, allow_unsandboxed))
        if any(course.needs_keras(name) for name in {each.assignment for each in submissions} & set(course.names())):
            jails.begin(KERAS)  # while this process imports Keras for the rubric
        home = folder if keep else course.root
        workers = jobs or os.cpu_count() or 1
        plans = make_plans(course, submissions, course_secret(home), question, home / DRAWN, resume, workers)
        keeper: ClassFolder | None = None
        advance: Callable[[str], None]
        gc.collect()
        gc.freeze()  # the plans stay: the collector need not walk them again and again

        def open_folder() -> None:
            nonlocal keeper, advance
            if keep:
                from autograder.gradebook.folder import open_class_folder

                keeper = stack.enter_context(open_class_folder(course, plans, submissions, folder, url, resume))
            advance = stack.enter_context(progress("grading", len(submissions)))

        def in_time(result: SubmissionResult) -> SubmissionResult:
            return replace(result, late=lates[result.student, result.assignment])

        verdicts: Counter[str] = Counter()

        def on_result(submission: Submission, result: SubmissionResult) -> None:
            if keeper:
                keeper.write(submission, in_time(result))
            verdicts.update(word(result))
            advance(counts(verdicts))

        if keep:
            folder.mkdir(parents=True, exist_ok=True)
        local = Local(course, jails, workers, folder / KEPT if keep else None, resume)
        outcome = grade_class(local, plans, submissions, on_result, meanwhile=open_folder)
        outcome = replace(outcome, submissions=tuple(map(in_time, outcome.submissions)))
        if keeper:
            outcome = replace(outcome, submissions=tuple(map(keeper.marked, outcome.submissions)))
            keeper.settle(times, submissions)
        page = keeper.report(outcome) if keeper else None
    for note in notes(times.rules, lates):
        click.echo(f"note: {note}", err=True)
    if as_json:
        print_json(outcome.as_json())
    elif page:
        print_class(outcome, page, folder)
    else:
        print_results(outcome)
    sys.exit(1 if outcome.interrupted else 0)
