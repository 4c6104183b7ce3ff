"""`course release-solutions`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from autograder.cli.output import CannotDoError, json_option, print_json, progress


@click.command("release-solutions")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.option("--to", "to", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to publish.")
@click.option("--due", metavar="TIME", help='When they are due, "2026-10-23 23:59"; deadlines.toml says it otherwise.')
@click.option(
    "--class", "folder", type=click.Path(path_type=Path), default=Path("graded"), help="The class folder.  [graded]"
)
@click.option("--force", is_flag=True, help="Publish before the deadline, or while extensions run.")
@click.option("--seconds", default=1800, show_default=True, help="Stop a cell after this long.")
@json_option
def command(
    names: Sequence[str], to: Path, due: str | None, folder: Path, force: bool, seconds: int, as_json: bool
) -> None:
    """Publish executed solutions: a notebook and a page with all figures, looked through for leaks first.

    Refused before the deadline, and while somebody's extension runs: the sentence says whose and until when. Deadlines
    stand in deadlines.toml of the class folder or of the course. The solved notebook runs here, in a real kernel, and
    every check must give all points. Nothing in it tells where and when it ran.

    Example: course release-solutions 01_convolution --to published/solutions
    """
    from datetime import UTC, datetime

    from autograder.cli.release import report
    from autograder.course import find_course
    from autograder.deadlines.lateness import time_rules
    from autograder.publish.due import may_publish, read_due
    from autograder.publish.release import release_solutions

    course = find_course()
    names = list(dict.fromkeys(names))
    for name in names:
        course.insist_on(name)
    rules = time_rules(course, folder).rules
    verdict = may_publish(rules, names, datetime.now(UTC), read_due(due, rules) if due else None)
    running = [
        {"student": each.student, "assignment": each.assignment, "until": each.until.isoformat()}
        for each in verdict.running
    ]
    more = {"refused": list(verdict.reasons), "running_extensions": running, "notes": list(verdict.notes)}
    if verdict.reasons and not force:
        if as_json:
            print_json({"ok": False, "published": [], "leaks": [], **more})
        raise CannotDoError(f"Nothing was published, because {'; '.join(verdict.reasons)}. --force publishes anyway.")
    for each in (*verdict.reasons, *verdict.notes):
        click.echo(f"note: {each}", err=True)
    with progress("running", len(names)) as advance:
        leaks = release_solutions(course, names, to, advance, seconds)
    report(names, to, leaks, as_json, more)
