"""`course report`."""

from __future__ import annotations

import json
import os
import sys
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from autograder.cli.output import CannotDoError, json_option, print_json
from autograder.feedback.words import count

CLASS_PAGE = Path("report") / "class.html"


@click.command("report")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("graded"))
@click.option("--open/--no-open", "show", default=True, help="Open it where there is a desktop.  [open]")
@json_option
def command(folder: Path, show: bool, as_json: bool) -> None:
    """Open the class page of a graded class.

    FOLDER is a class folder that `course grade` wrote, `graded` by default. On a desktop the page opens in the
    browser. Its path is printed in any case, alone on the last line.

    \b
    Example: course report
             course report graded --no-open
    """
    page = (folder / CLASS_PAGE).resolve()
    if not page.is_file():
        raise CannotDoError(
            f"There is no class page in {str(folder)!r}. `course grade submitted/ --to {folder}` writes it."
        )
    submissions = _submissions(folder)
    graded = [each for each in submissions if each.get("status") == "graded"]
    open_it = show and not as_json and sys.stdout.isatty() and _has_desktop()
    if as_json:
        pages = len(list((page.parent / "feedback").glob("*.html")))
        print_json({"page": str(page), "feedback_pages": pages, "hand_ins": len(submissions), "graded": len(graded)})
        return
    click.echo(_summary(submissions, graded))
    click.echo(click.style(str(page), bold=True))
    if open_it and not webbrowser.open(page.as_uri()):
        click.echo("No browser could be opened. Open the page by its path.", err=True)


def _submissions(folder: Path) -> Sequence[Mapping[str, Any]]:
    try:
        found = json.loads((folder / "results.json").read_text(encoding="utf-8"))["submissions"]
        return [each for each in found if isinstance(each, dict)]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise CannotDoError(
            f"{folder / 'results.json'} cannot be read: {problem!r}. Grade the class again."
        ) from problem


def _summary(submissions: Sequence[Mapping[str, Any]], graded: Sequence[Mapping[str, Any]]) -> str:
    """ "59 hand-ins, 55 graded, 4 not graded": what is amiss stands out on a terminal."""
    parts = [count(len(submissions), "hand-in", "hand-ins"), f"{len(graded)} graded"]
    if amiss := len(submissions) - len(graded):
        parts.append(click.style(f"{amiss} not graded", fg="yellow"))
    if unguarded := sum(each.get("sandboxed") is False for each in submissions):
        parts.append(click.style(f"{unguarded} WITHOUT a jail", fg="red"))
    return ", ".join(parts)


def _has_desktop() -> bool:
    """On Linux a browser needs a display; without one a text browser would take the terminal over."""
    return sys.platform != "linux" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
