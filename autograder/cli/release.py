"""`course release`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.output import CannotDoError, json_option, print_json, progress

if TYPE_CHECKING:
    from autograder.leaks.leak import Leak

MOST_SHOWN = 20


@click.command("release")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.option("--to", "to", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to publish.")
@json_option
def command(names: Sequence[str], to: Path, as_json: bool) -> None:
    """Publish assignments: a clean folder for students, each looked through for leaks first.

    A folder DIR/NAME holds the notebook, its public cases, the package that it imports, a README and a note to AI
    assistants. If anything in any of them should not be there, nothing is published and exit status is 1.

    Example: course release 01_convolution --to published
    """
    from autograder.course import find_course
    from autograder.publish.release import release

    course = find_course()
    names = list(dict.fromkeys(names))
    with progress("releasing", len(names)) as advance:
        leaks = release(course, names, to, advance)
    report(names, to, leaks, as_json)


def report(
    names: Sequence[str], to: Path, leaks: Sequence[Leak], as_json: bool, more: Mapping[str, Any] | None = None
) -> None:
    """Say what was published, or why nothing was."""
    if as_json:
        found = [{"place": leak.place, "kind": str(leak.kind), "what": leak.what} for leak in leaks]
        folders = [] if leaks else [str(to / name) for name in names]
        print_json({"ok": not leaks, "published": folders, "leaks": found, **(more or {})})
    elif not leaks:
        for name in names:
            click.echo(f"{to / name}: published, no leak found")
    if leaks:
        for leak in leaks[1:MOST_SHOWN]:
            click.echo(f"{leak}", err=True)
        others = f"; {len(leaks) - 1} more above" if len(leaks) > 1 else ""
        raise CannotDoError(f"Nothing was published. {leaks[0]}{others}.")
