"""`course doctor`."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.output import json_option, print_json, progress

if TYPE_CHECKING:
    from autograder.jail.probe import Guarantee


@click.command("doctor")
@click.option("--jail", metavar="NAME", help="Try this jail instead of the strongest at hand.")
@json_option
def command(jail: str | None, as_json: bool) -> None:
    """Say what this machine can do, and what to do where it cannot.

    Each guarantee of the jail is tried for real: a jailed process attempts to break it.

    Example: course doctor
    """
    from autograder.machine import GRADING_PACKAGES, STUDENT_PACKAGES, backend, datasets, has_gpu, python_fits, versions

    with progress("looking", 3) as advance:
        packages = versions(STUDENT_PACKAGES + GRADING_PACKAGES)
        advance("packages")
        gpu = has_gpu(backend())
        advance("devices")
        used, guarantees, problem = _jail(jail)
        advance("jail")
    student = python_fits() and all(packages[name] for name in STUDENT_PACKAGES)
    # A student's install has no nbgrader and needs no jail.
    grading = packages["nbgrader"] is not None
    jailed = bool(guarantees) and all(each.held for each in guarantees.values())
    ok = student and (jailed or not grading)
    report: dict[str, Any] = {
        "ok": ok,
        "python": platform.python_version(),
        "packages": packages,
        "backend": backend(),
        "gpu": gpu,
        "sandbox": {"engine": used, "guarantees": {name: each.held for name, each in guarantees.items()}},
        "datasets": datasets(),
    }
    if as_json:
        print_json(report)
    else:
        _print(report, guarantees, problem)
    sys.exit(0 if ok else 1)


def _jail(jail: str | None) -> tuple[str | None, Mapping[str, Guarantee], str]:
    """The engine, what it guarantees, and why there is none where there is none."""
    from autograder.jail import JailUnavailable

    try:
        from autograder.jail.probe import probe

        result = probe(jail)
    except JailUnavailable as unavailable:
        return None, {}, str(unavailable)
    return result.engine, result.guarantees, ""


def _print(report: Mapping[str, Any], guarantees: Mapping[str, Guarantee], problem: str) -> None:
    from autograder.machine import cores, python_fits
    from common.data.files import advice

    _line(python_fits(), f"Python {report['python']}", "install Python 3.11, 3.12 or 3.13")
    for name, version in report["packages"].items():
        _line(version is not None, f"{name} {version or ''}", f"pip install {name}, or `make demo` for everything")
    _line(True, f"Keras runs on {report['backend']}", "")
    where = "networks train on the GPU" if report["gpu"] else f"no GPU: networks train on the CPU, {cores()} cores"
    _line(report["gpu"], where, "", neutral=True)
    for name, state in report["datasets"].items():
        here = state != "not here"
        _line(here, f"data set {name}: {state}" + ("" if here else f". {advice(name)}"), "", neutral=True)
    if problem:
        _line(False, "the jail", problem)
    else:
        click.echo(f"\nThe jail's engine here is {report['sandbox']['engine']!r}. Each line was tried from inside:")
        for each in guarantees.values():
            _line(each.held, each.what, each.fix)
    click.echo("\nAll is well." if report["ok"] else "\nSomething is missing: see the lines marked NO.")


def _line(good: bool, what: str, fix: str, neutral: bool = False) -> None:
    mark = "ok" if good else "--" if neutral else "NO"
    click.echo(f"  {mark}   {what.strip()}" + ("" if good or neutral else f"\n       {fix}"))
