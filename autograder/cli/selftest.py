"""`course selftest`."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.output import json_option, print_json, print_table, progress

if TYPE_CHECKING:
    from autograder.course import Course, LoadedAssignment
    from autograder.jail import Jails
    from autograder.selftest import Proof, Trial

SECRET = b"selftest"


@click.command("selftest")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--seeds", default=3, show_default=True, help="Try everything on this many fresh sheets.")
@click.option("--jail", metavar="NAME", help="Which jail to use; the strongest at hand by default.")
@json_option
def command(names: Sequence[str], seeds: int, jail: str | None, as_json: bool) -> None:
    """Prove that the rubrics catch every known mistake and pass every right answer.

    The solution must earn all points and the untouched notebook none, graded as any hand-in is. Every known mistake
    must lose points and get its own sentence, every correct variant must pass, each part must earn its points alone.

    Example: course selftest 01_convolution --seeds 100
    """
    from autograder.course import find_course
    from autograder.jail import Jails
    from autograder.selftest import prove

    course = find_course()
    wanted = names or course.names()
    proofs: list[Proof] = []
    with Jails(jail) as jails, progress("proving", len(wanted)) as advance:
        for name in wanted:
            assignment = course.load(name)
            solution, stub = _grade_own(jails, course, assignment)
            proofs.append(prove(assignment, solution, stub, seeds))
            advance(name)
    ok = all(proof.ok for proof in proofs)
    if as_json:
        print_json({"ok": ok, "assignments": [proof.as_json() for proof in proofs]})
    else:
        _print(proofs)
    sys.exit(0 if ok else 1)


def _grade_own(
    jails: Jails, course: Course, assignment: LoadedAssignment
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Scores of the solved notebook and of the untouched one, through the whole grader."""
    from autograder.grading.plan import make_plan
    from autograder.grading.submission import grade_submission
    from autograder.handin.inbox import Submission
    from autograder.handin.written import solved_cells, solved_files, write_notebook

    plan = make_plan(course, assignment.name, SECRET)
    released = course.assignments / assignment.name / f"{assignment.notebook}.ipynb"
    scores = []
    with tempfile.TemporaryDirectory() as folder:
        solution = (solved_cells(assignment), solved_files(assignment))
        for name, (cells, files) in {"solution": solution, "stub": ({}, {})}.items():
            path = Path(folder) / name / f"{assignment.notebook}.ipynb"
            write_notebook(path, json.loads(released.read_text(encoding="utf-8")), cells)
            for file, content in files.items():
                (path.parent / file).write_bytes(content)
            result = grade_submission(jails, plan, Submission(name, assignment.name, path))
            scores.append((result.score, float(sum(each.points for each in assignment.rubric.automatic))))
    return scores[0], scores[1]


def _print(proofs: Sequence[Proof]) -> None:
    header = ("assignment", "solution", "stub", "mistakes", "caught", "named", "variants", "passed", "seconds")
    rows = []
    for proof in proofs:
        data = proof.as_json()
        (score, most), (nothing, _) = proof.solution, proof.stub
        counts = [*data["mistakes"].values(), *data["variants"].values()]
        rows.append((proof.name, f"{score:g} of {most:g}", f"{nothing:g} of {most:g}", *counts, f"{proof.seconds:.1f}"))
    print_table(header, rows)
    for proof in proofs:
        for trial in proof.missed:
            _complain("a known mistake kept all points", trial)
        for trial in proof.unnamed:
            _complain(f"a known mistake was taken for {trial.result.mistake or 'nothing known'!r}", trial)
        for trial in proof.failed_variants:
            _complain(f"a right answer lost points ({trial.result.message})", trial)
        for part in proof.parts:
            click.echo(f"a part does not stand alone: {part}", err=True)


def _complain(what: str, trial: Trial) -> None:
    click.echo(f"{what}: {trial.question}, {trial.answer!r}, {trial.sheet} cases", err=True)
