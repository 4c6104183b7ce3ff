"""`course gradescope`."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.output import CannotDoError, json_option, print_json
from autograder.exports import VISIBILITIES


@click.command("gradescope")
@click.argument("name", metavar="ASSIGNMENT")
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), help="[ASSIGNMENT-autograder.zip]")
@click.option("--visibility", type=click.Choice(VISIBILITIES), default="visible", show_default=True,
              help="When students see the tests.")  # fmt: skip
@json_option
def command(name: str, path: Path | None, visibility: str, as_json: bool) -> None:
    """Pack an assignment as an autograder for Gradescope.

    Upload the zip under Configure Autograder. It holds the solutions, the rubric and a secret, so keep it to yourself.
    On Gradescope a student's code runs in our jail inside the container, where none of that can be read.

    \b
    Example: course gradescope 01_convolution
             course gradescope 01_convolution --to autograder.zip --visibility after_due_date
    """
    from autograder.building.release import build, stale
    from autograder.course import course_secret, find_course
    from autograder.exports.autograder_zip import autograder_zip, write_private

    course = find_course()
    assignment = course.load(name)
    if old := [each.path.name for each in stale(course, build(course, assignment)) if each.path.parts[0] != "build"]:
        raise CannotDoError(f"{name} is not built as its master is now ({', '.join(old)}). Run `course build {name}`.")
    content = autograder_zip(course, name, course_secret(course.root), visibility)
    path = path or Path(f"{name}-autograder.zip")
    write_private(path, content)
    if as_json:
        print_json({"assignment": name, "path": str(path), "bytes": len(content), "points": assignment.rubric.points})
        return
    click.echo(f"{path}, {len(content) / 2**20:.1f} MiB: upload it under Configure Autograder. It holds the solutions.")
