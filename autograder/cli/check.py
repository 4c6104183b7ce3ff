"""`course check`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from autograder.cli.output import CannotDoError, json_option, print_json


@click.command("check")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--seconds", default=120, show_default=True, help="Stop after this long.")
@json_option
def command(notebook: Path, seconds: int, as_json: bool) -> None:
    """Run all public checks of one notebook in the terminal.

    The notebook's code runs on this machine as it would in Jupyter, with no jail around it: it is meant for your own
    notebook. To grade what others handed in, use `course grade`.

    Example: course check convolution.ipynb
    """
    from autograder.handin.inbox import InboxError
    from autograder.handin.notebook import read_notebook

    if not notebook.is_file():
        raise InboxError(f"There is no file {str(notebook)!r}.")
    cells = [
        (cell.label, cell.python)
        for cell in read_notebook(notebook).cells
        if cell.python is not None and "experiment" not in cell.tags
    ]
    report = _run(notebook.resolve().parent, cells, seconds, as_json)
    if as_json:
        print_json({"questions": report})
    if not report:
        raise CannotDoError(f"{notebook.name} has no check cells: is it a notebook of this course?")


def _run(folder: Path, cells: list[tuple[str, str]], seconds: int, quiet: bool) -> list[dict[str, Any]]:
    """Run the cells in a process of their own; what the checks found comes back in a file."""
    with tempfile.TemporaryDirectory() as scratch:
        (work := Path(scratch) / "cells.json").write_text(json.dumps(cells), encoding="utf-8")
        report = Path(scratch) / "report.json"
        environment = {**os.environ, "COURSE_CHECK_REPORT": str(report), "MPLBACKEND": "agg"}
        try:
            subprocess.run(
                [sys.executable, "-m", "common.run_cells", str(work)],
                cwd=folder,
                env=environment,
                timeout=seconds,
                check=False,
                stdout=subprocess.DEVNULL if quiet else None,
            )
        except subprocess.TimeoutExpired:
            click.echo(f"Stopped after {seconds} s. What was checked until then:", err=True)
        lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
        return [json.loads(line) for line in lines]
