"""`course deadlines`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.output import json_option, print_json, print_table

if TYPE_CHECKING:
    from autograder.deadlines.rules import Rules


@click.command("deadlines")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), default=Path("graded"), help="The class folder.  [graded]"
)
@json_option
def command(folder: Path, as_json: bool) -> None:
    """Show deadlines and extensions, as they are in force.

    They stand in deadlines.toml, in the class folder or else in the course's. Times are shown by the clocks of the
    course, with the name that its zone has at that time of the year.

    \b
    Example: course deadlines
             course deadlines --to graded --json
    """
    from autograder.course import find_course
    from autograder.deadlines.lateness import notes as notes_on
    from autograder.deadlines.lateness import time_rules

    course = find_course()
    times = time_rules(course, folder)
    rules = times.rules
    notes = notes_on(rules, _handed_in(folder))
    if as_json:
        print_json(_report(rules, len(times.receipts), notes))
    elif not rules.file:
        click.echo(f"No deadlines: there is no deadlines.toml in {folder} or {course.root}.")
    else:
        _print(rules, len(times.receipts), notes)


def _handed_in(folder: Path) -> set[tuple[str, str]]:
    """Who has handed in what, as the last run has it; nothing where there was none."""
    try:
        results = json.loads((folder / "results.json").read_text("utf-8"))["submissions"]
        return {(each["student"], each["assignment"]) for each in results}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _report(rules: Rules, receipts: int, notes: Sequence[str]) -> dict[str, Any]:
    return {
        "file": rules.file or None,
        "timezone": rules.zone.key,
        "assignments": [
            {"name": name, "due": each.due.isoformat(), **vars(each.policy)} for name, each in rules.deadlines.items()
        ],
        "extensions": [
            {"student": student, "assignment": name, "due": each.due.isoformat(), "reason": each.reason}
            for (student, name), each in rules.extensions.items()
        ],
        "receipts": receipts,
        "notes": list(notes),
    }


def _print(rules: Rules, receipts: int, notes: Sequence[str]) -> None:
    from autograder.deadlines.clock import shown

    click.echo(f"{rules.file}, by the clocks of {rules.zone.key}\n")
    header = ("assignment", "due", "grace", "free days", "a day", "at most", "closed")
    rows: list[tuple[str, ...]] = []
    for name, each in rules.deadlines.items():
        policy = each.policy
        closed = "never" if policy.closed_after_days is None else f"after {policy.closed_after_days} days"
        costs = (f"{policy.percent_per_day:g} %", f"{policy.at_most_percent:g} %", closed)
        rows.append((name, shown(each.due), f"{policy.grace_minutes:g} min", str(policy.free_days), *costs))
    print_table(header, rows)
    if rules.extensions:
        click.echo("\nExtensions")
        print_table(
            ("student", "assignment", "due", "reason"),
            [(student, name, shown(each.due), each.reason) for (student, name), each in rules.extensions.items()],
        )
    if receipts:
        click.echo(f"\nreceipts.csv says of {receipts} hand-ins when they were received.")
    for note in notes:
        click.echo(f"note: {note}")
