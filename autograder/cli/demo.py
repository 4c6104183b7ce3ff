"""`course demo`."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import click

from autograder.cli.output import CannotDoError

MARK = ".course-demo"
ASSIGNMENT = "01_convolution"


@click.command("demo")
@click.option("--to", "folder", type=click.Path(path_type=Path), default=Path("demo"), show_default=True)
@click.option("--jobs", type=click.IntRange(min=1), help="Hand-ins graded at the same time; the cores by default.")
@click.pass_context
def command(ctx: click.Context, folder: Path, jobs: int | None) -> None:
    """Go the whole way with a made-up class: build, hand in, grade, gradebook, pages.

    Everything is written below one folder, which is made anew each time. It needs no network.

    Example: course demo
    """
    from autograder.building.release import build, write
    from autograder.cli.grade import command as grade
    from autograder.course import find_course
    from autograder.sample import write_class

    start = time.perf_counter()
    _make_anew(folder)
    course = find_course()
    assignment = course.load(ASSIGNMENT)
    click.echo(f"1. Building {ASSIGNMENT} from its master …")
    write(course, build(course, assignment))
    click.echo("2. Handing in: right answers, known mistakes, an empty notebook, broken files, hostile code …")
    who = write_class(course, assignment, folder)
    click.echo(f"   {len(who)} hand-ins in {folder / 'submitted'}")
    click.echo("3. Grading them in the jail …\n")
    try:
        ctx.invoke(grade, paths=[folder / "submitted"], folder=folder, jobs=jobs)
    except SystemExit as end:
        if end.code:
            raise
    click.echo(f"\nThe whole way took {time.perf_counter() - start:.1f} s. Open the class page in a browser.")
    click.echo(f"In nbgrader: cd {folder} && jupyter lab, then Nbgrader, Formgrader.")


def _make_anew(folder: Path) -> None:
    """Empty the demo's own folder, and no other."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise CannotDoError(f"{folder} holds something else than a demo. Give another folder with --to.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("Made by `course demo`; it is deleted and made anew each time.\n")
