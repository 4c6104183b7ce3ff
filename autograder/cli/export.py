"""`course export`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.output import CannotDoError, json_option, print_json, printable
from autograder.exports import VISIBILITIES

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.exports.mark import Mark

NAMES = {"csv": "grades.csv", "canvas": "canvas.csv", "moodle": "moodle.csv", "json": "grades.json"}
FORMATS = ("csv", "canvas", "moodle", "gradescope", "json")
SHOWN = 10  # notes that are printed


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line."""

    format: str
    roster: Path | None
    column: str | None
    scale: bool
    earned: bool
    questions: bool
    visibility: str


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("graded"))
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="What is to read it.")
@click.option("--to", "target", type=click.Path(path_type=Path), help="Where to write; - is stdout.  [FOLDER/exports]")
@click.option("--roster", type=click.Path(path_type=Path), help="What Canvas or Moodle handed out, to be filled in.")
@click.option("--assignment", metavar="NAME", help="Only this assignment.")
@click.option("--column", metavar="TITLE", help="The platform's column, where it is not called as the assignment.")
@click.option("--scale", is_flag=True, help="Convert scores to what the platform's column is worth.")
@click.option("--score", type=click.Choice(["final", "earned"]), default="final", show_default=True,
              help="With late penalties taken off, or as earned.")  # fmt: skip
@click.option("--questions", is_flag=True, help="CSV: a row for each question, not for each hand-in.")
@click.option("--visibility", type=click.Choice(VISIBILITIES), default="visible", show_default=True,
              help="Gradescope: when students see the tests.")  # fmt: skip
@click.option("--db", "url", metavar="URL", help="The gradebook's database.  [sqlite:///FOLDER/gradebook.db]")
@json_option
def command(
    folder: Path,
    form: str,
    target: Path | None,
    roster: Path | None,
    assignment: str | None,
    column: str | None,
    scale: bool,
    score: str,
    questions: bool,
    visibility: str,
    url: str | None,
    as_json: bool,
) -> None:
    """Write the scores of a graded class for other systems.

    FOLDER is a class folder that `course grade` wrote, `graded` by default. Scores come from its gradebook, so those
    that people have typed in are in it, and late penalties are as deadlines.toml has them now. For Canvas and Moodle
    give the file that the platform exports: its students and columns are filled in, and nobody is guessed.

    \b
    Example: course export --format csv
             course export --format canvas --roster grades-CNN.csv --assignment 01_convolution
             course export graded --format json --to - | jq .
    """
    from autograder.course import find_course
    from autograder.exports.class_folder import read_marks

    asked = Asked(form, roster, column, scale, score == "earned", questions, visibility)
    if (form in ("canvas", "moodle")) != (roster is not None):
        raise click.UsageError(
            f"--format {form} needs --roster, the file that {form.title()} exports."
            if roster is None
            else f"--roster is for canvas and moodle, not for {form}."
        )
    if column and assignment is None:
        raise click.UsageError("--column names the column of one assignment. Say which by --assignment.")
    course = find_course()
    marks = read_marks(course, folder, url, assignment)
    if form == "gradescope":
        place = target or folder / "exports" / "gradescope"
        if str(place) == "-":
            raise click.UsageError("--format gradescope writes a file for each hand-in: give a folder by --to.")
        notes: list[str] = []
        files = _write_results(marks, place, asked)
    else:
        text, notes = _text(course, marks, asked)
        if str(target) == "-":
            click.echo(text, nl=False)
            _say(_notes(marks, notes))
            return
        place, files = target or folder / "exports" / NAMES[form], 1
        _write(place, text)
    notes = _notes(marks, notes)
    if as_json:
        graded = sum(each.graded for each in marks)
        print_json({"format": form, "path": str(place), "files": files, "hand_ins": len(marks), "graded": graded,
                    "notes": notes})  # fmt: skip
        return
    click.echo(f"{sum(each.graded for each in marks)} scores of {len(marks)} hand-ins: {place}")
    _say(notes)


def _text(course: Course, marks: Sequence[Mark], asked: Asked) -> tuple[str, list[str]]:
    from autograder.exports.table import class_json, hand_ins_csv, questions_csv

    if asked.format == "json":
        return class_json(marks), []
    if asked.format == "csv":
        return (questions_csv if asked.questions else hand_ins_csv)(marks), []
    from autograder.exports.canvas import canvas_csv, read_gradebook
    from autograder.exports.cells import read_csv
    from autograder.exports.moodle import moodle_csv, read_sheet

    assert asked.roster
    rows, titles = read_csv(asked.roster), _titles(course, marks)
    how = (marks, titles, asked.column, asked.scale, asked.earned)
    if asked.format == "canvas":
        return canvas_csv(read_gradebook(rows, asked.roster.name), *how)
    return moodle_csv(read_sheet(rows, asked.roster.name), *how)


def _titles(course: Course, marks: Sequence[Mark]) -> Mapping[str, str]:
    known = {each.assignment for each in marks} & set(course.names())
    return {name: course.load(name).rubric.title for name in known}


def _write_results(marks: Sequence[Mark], folder: Path, asked: Asked) -> int:
    """A results.json for each hand-in, in a folder for each assignment and student."""
    from autograder.exports.gradescope import results
    from autograder.handin.submission import safe_name

    for mark in marks:
        place = folder / safe_name(mark.assignment) / safe_name(mark.student) / "results.json"
        _write(place, json.dumps(results(mark, asked.visibility, asked.earned), indent=1) + "\n")
    return len(marks)


def _write(path: Path, text: str) -> None:
    """The whole file or the old one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.new")
        draft.write_text(text, encoding="utf-8", newline="")
        draft.replace(path)
    except OSError as problem:
        raise CannotDoError(f"{path} cannot be written: {problem.strerror}.") from problem


def _notes(marks: Sequence[Mark], notes: Sequence[str]) -> list[str]:
    """What an instructor must know of before the file is passed on."""
    found = [f"{each.student}: {each.assignment} is not graded ({each.status}) and has no score in it."
             for each in marks if not each.graded]  # fmt: skip
    found += [f"{each.student}: {each.waiting} of {each.assignment} to be marked by a person."
              for each in marks if each.waiting]  # fmt: skip
    if any(each.sandboxed is False for each in marks):
        found.append("Some were graded WITHOUT a jail.")
    return [*notes, *found]


def _say(notes: Sequence[str]) -> None:
    for each in notes[:SHOWN]:
        click.echo(f"note: {printable(each, 300)}", err=True)
    if len(notes) > SHOWN:
        click.echo(f"note: and {len(notes) - SHOWN} more; --json names all.", err=True)
