"""`course build`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from autograder.cli.output import json_option, print_json


@click.command("build")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--check", is_flag=True, help="Change nothing; fail if what is committed is not what the masters give.")
@json_option
def command(names: Sequence[str], check: bool, as_json: bool) -> None:
    """Build student notebooks and nbgrader sources from the masters.

    Example: course build 01_convolution
    """
    from autograder.building.release import build, leftovers, stale, write
    from autograder.course import find_course

    course = find_course()
    report = []
    for name in names or course.names():
        files = build(course, course.load(name))
        # The nbgrader source is never committed, so only the student's folder can be stale.
        released = [file for file in files if (course.root / file.path).is_relative_to(course.assignments)]
        outdated = [str(file.path) for file in stale(course, released)]
        extra = [str(path.relative_to(course.root)) for path in leftovers(course, released)]
        if not check:
            write(course, files)
        report.append({"name": name, "changed": outdated, "unknown": extra})
    bad = any(each["unknown"] or (check and each["changed"]) for each in report)
    if as_json:
        print_json({"ok": not bad, "assignments": report})
    else:
        for each in report:
            _print(str(each["name"]), each["changed"], each["unknown"], check)
    if bad:
        sys.exit(1)


def _print(name: str, changed: Sequence[str], unknown: Sequence[str], check: bool) -> None:
    if not changed and not unknown:
        click.echo(f"{name}: up to date")
    for path in changed:
        click.echo(f"{path}: {'is stale; run `course build` and commit it' if check else 'written'}", err=check)
    for path in unknown:
        click.echo(f"{path}: comes from no master; remove it", err=True)
