"""`course selftest`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from autograder.cli.output import json_option, print_json, print_table, progress

if TYPE_CHECKING:
    from autograder.selftest import Proof, Trial


@click.command("selftest")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--seeds", type=click.IntRange(min=1), default=3, show_default=True, help="Try all on so many sheets.")
@click.option("--jobs", type=click.IntRange(min=1), help="Questions proven at the same time; the cores by default.")
@click.option("--jail", metavar="NAME", help="Which jail to use; the strongest at hand by default.")
@json_option
def command(names: Sequence[str], seeds: int, jobs: int | None, jail: str | None, as_json: bool) -> None:
    """Prove that the rubrics catch every known mistake and pass every right answer.

    The solution must earn all points and the untouched notebook none, graded as any hand-in is. Every known mistake
    must lose points and get its own sentence, every correct variant must pass, each part must earn its points alone.

    Example: course selftest 01_convolution --seeds 100
    """
    from autograder.course import find_course
    from autograder.jail import KERAS, Jails
    from autograder.proving import prove_all

    course = find_course()
    wanted = tuple(dict.fromkeys(names)) or tuple(course.names())
    for name in wanted:
        course.insist_on(name)
    with Jails(jail) as jails, progress("proving", len(wanted)) as advance:
        if any(map(course.needs_keras, wanted)):
            jails.begin(KERAS)  # while the processes that prove import it too
        proofs = prove_all(jails, course, wanted, seeds, jobs or os.cpu_count() or 1, advance)
    ok = all(proof.ok for proof in proofs)
    if as_json:
        print_json({"ok": ok, "assignments": [proof.as_json() for proof in proofs]})
    else:
        _print(proofs)
    sys.exit(0 if ok else 1)


def _print(proofs: Sequence[Proof]) -> None:
    header = ("assignment", "solution", "stub", "mistakes", "caught", "named", "variants", "passed", "seconds")
    rows = []
    for proof in proofs:
        data = proof.as_json()
        (score, most), (nothing, _) = proof.solution, proof.stub
        counts = [*data["mistakes"].values(), *data["variants"].values()]
        rows.append((proof.name, f"{score:g} of {most:g}", f"{nothing:g} of {most:g}", *counts, f"{proof.seconds:.1f}"))
    print_table(header, rows)
    for proof in proofs:
        for trial in proof.missed:
            _complain("a known mistake kept all points", trial)
        for trial in proof.unnamed:
            _complain(f"a known mistake was taken for {trial.result.mistake or 'nothing known'!r}", trial)
        for trial in proof.failed_variants:
            _complain(f"a right answer lost points ({trial.result.message})", trial)
        for part in proof.parts:
            click.echo(f"a part does not stand alone: {part}", err=True)


def _complain(what: str, trial: Trial) -> None:
    click.echo(f"{what}: {trial.question}, {trial.answer!r}, {trial.sheet} cases", err=True)
