"""What all commands share in the terminal: JSON, tables, a progress bar."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines instead of text.")


class CannotDoError(Exception):
    """A command cannot do its work, in one sentence."""


def print_json(data: Any) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(data, indent=2))


def print_table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Columns as wide as they need to be; numbers to the right. A narrow terminal cuts the widest texts."""
    cells = [list(header), *([_cell(each) for each in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    if columns := _columns():
        widths = _fitted(widths, columns - 2 * (len(widths) - 1))
    for row in cells:
        line = (
            text.rjust(width) if _is_number(text) else _cut(text, width).ljust(width)
            for text, width in zip(row, widths, strict=True)
        )
        click.echo("  ".join(line).rstrip())


def print_line(text: str) -> None:
    """A line; on a terminal one that is broken between words and goes on a little to the right of where it began."""
    if columns := _columns():
        begin = " " * (len(text) - len(text.lstrip()))
        text = textwrap.fill(text, columns, subsequent_indent=f"{begin}    ", break_on_hyphens=False)
    click.echo(text)


def _columns() -> int | None:
    """How wide the terminal is; None where output goes into a file."""
    return max(20, shutil.get_terminal_size().columns) if sys.stdout.isatty() else None


def _fitted(widths: Sequence[int], room: int) -> list[int]:
    """The widths, the widest made narrower until all have room."""
    fitted = list(widths)
    while sum(fitted) > room and max(fitted) > 8:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def printable(text: str, width: int = 60) -> str:
    """A student's text for a terminal: no control characters, one line, bounded."""
    clean = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
    return _cut(clean, width)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _cell(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else printable(str(value))


def _is_number(text: str) -> bool:
    return bool(text) and text.replace(".", "", 1).replace("%", "", 1).replace(" ", "").lstrip("-").isdigit()


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """Yield a function to call after each step, with a note. A bar on a terminal, a line now and then in a log."""
    if sys.stderr.isatty():
        with _bar(what, total) as advance:
            yield advance
    else:
        yield _lines(what, total)


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[str], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    long = min(40, console.width // 4) if console.width >= 60 else 0
    room = console.width - len(f"{what}   {total}/{total}  0:00:00  ") - long  # for the note, on the same line
    columns: list[ProgressColumn] = [TextColumn("{task.description}"), MofNCompleteColumn(), TimeRemainingColumn()]
    if long:
        columns.insert(1, BarColumn(bar_width=long))
    with Progress(*columns, TextColumn("{task.fields[note]}"), console=console) as bar:
        task = bar.add_task(what, total=total, note="")
        yield lambda note: bar.update(task, advance=1, note=_cut(note, room) if room >= 12 else "")


def _lines(what: str, total: int, every: float = 5.0) -> Callable[[str], None]:
    done, last = 0, time.monotonic()

    def advance(note: str) -> None:
        nonlocal done, last
        done += 1
        if time.monotonic() - last >= every:
            last = time.monotonic()
            click.echo(f"{what}: {done} of {total}  {note}", err=True)

    return advance
