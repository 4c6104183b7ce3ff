"""The page with the numbers, each beside its goal, and the plot of time per hand-in."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from classes import KERAS, NUMPY
from measured import Run

PAGE = Path(__file__).parent.parent / "performance.md"
GOALS = {NUMPY: (40, 1.5), KERAS: (10, 8.0)}  # times nbgrader's throughput, seconds for one notebook
NAMES = {NUMPY: "NumPy", KERAS: "Keras"}


@dataclass(frozen=True)
class Numbers:
    """All that was measured."""

    counts: Mapping[str, int]
    pairs: Mapping[str, tuple[Run, Run]]  # nbgrader's, ours
    single: Mapping[str, Run]
    starts: Mapping[str, tuple[Run, Run]]  # one notebook of each assignment: its cases drawn for it, drawn before
    growth: Mapping[int, tuple[Run, Run]]  # by class size: first run, unchanged again
    agreed: Mapping[str, int]  # hand-ins of the side-by-side classes that got the same score from both
    rounds: int


def write(numbers: Numbers, path: Path) -> None:
    """Write the page, and the plot beside it."""
    draw(numbers.growth, path.parent / "images" / f"{path.stem}.svg")
    path.write_text("\n".join(lines(numbers, f"images/{path.stem}.svg")) + "\n", encoding="utf-8")


def lines(numbers: Numbers, plot: str) -> list[str]:
    """The page."""
    return [
        "# Speed and memory",
        "",
        f"Written by `make bench` on {os.cpu_count()} cores, Python {platform.python_version()}.",
        "",
        f"{runs(numbers.rounds)}, the tools in turn, whole commands from a warm start.",
        "nbgrader gets the rubric's fresh cases as test cells, one per group of cases, and runs them without a jail;",
        "ours runs every answer in a jailed process, with as many workers as cores. A class begins with nothing kept",
        "from before. Two hand-ins are right, the others have one of the known mistakes each. The Keras assignment",
        "asks for LeNet-5 and a residual unit.",
        "Memory is the most that all processes of the command held at once, a page that several share counted once.",
        f"{same_scores(numbers)}",
        "",
        "| class | command | seconds | hand-ins a second | peak memory |",
        "| --- | --- | --- | --- | --- |",
        *(row for name in numbers.pairs for row in side_by_side(numbers, name)),
        "",
        "| what | measured | goal | |",
        "| --- | --- | --- | --- |",
        *(goal(*each) for each in goals(numbers)),
        "",
        "## One notebook of each assignment",
        "",
        "The solved notebook, from command to verdict. The first grading of an assignment draws its fresh cases and",
        "works out what every known mistake gives on them; from then on they are kept beside the secret.",
        "",
        "| assignment | cases drawn for it | cases drawn before |",
        "| --- | --- | --- |",
        *(
            f"| {name} | {drawn.seconds:.1f} s | {kept.seconds:.1f} s |"
            for name, (drawn, kept) in numbers.starts.items()
        ),
        "",
        "## A growing class",
        "",
        "| NumPy hand-ins | seconds | milliseconds a hand-in | peak memory | again, nothing changed |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {size:,} | {first.seconds:.1f} | {1000 * first.seconds / size:.1f} | {first.peak_mib:.0f} MiB "
            f"| {again.seconds:.1f} s |"
            for size, (first, again) in numbers.growth.items()
        ),
        "",
        f"![Time per hand-in by class size]({plot})",
    ]


def runs(rounds: int) -> str:
    """How often each timing was taken."""
    return f"Medians of {rounds} runs" if rounds > 1 else "One run of each"


def same_scores(numbers: Numbers) -> str:
    """How many hand-ins got the same score from both tools."""
    total = sum(numbers.counts.values())
    return f"Both gave {sum(numbers.agreed.values())} of {total} hand-ins the same score."


def side_by_side(numbers: Numbers, name: str) -> list[str]:
    """nbgrader's row and ours."""
    count = numbers.counts[name]
    return [
        f"| {count} {NAMES[name]} hand-ins | {tool} | {run.seconds:.1f} | {count / run.seconds:.2f} "
        f"| {run.peak_mib:.0f} MiB |"
        for tool, run in zip(("`nbgrader autograde`", "`course grade`"), numbers.pairs[name], strict=True)
    ]


def goals(numbers: Numbers) -> list[tuple[str, str, str, bool]]:
    """What was measured beside what was aimed at: (what, measured, goal, reached)."""
    found = []
    for name, (times, seconds) in GOALS.items():
        rate = throughput(numbers, name)
        found.append((f"times nbgrader's throughput, {NAMES[name]}", f"{rate:.0f}", f"at least {times}", rate >= times))
        one = numbers.single[name].seconds
        found.append((f"one {NAMES[name]} notebook, cold", f"{one:.2f} s", f"under {seconds:g} s", one < seconds))
    if 1000 in numbers.growth:
        first, again = numbers.growth[1000]
        found.append(("1,000 NumPy hand-ins", f"{first.seconds:.1f} s", "under 60 s", first.seconds < 60))
        found.append(("1,000 again, unchanged", f"{again.seconds:.1f} s", "under 5 s", again.seconds < 5))
    peak = numbers.pairs[KERAS][1].peak_mib
    found.append(("memory, 2 workers on Keras", f"{peak:.0f} MiB", "under 1,536 MiB", peak < 1536))
    return found


def throughput(numbers: Numbers, name: str) -> float:
    """How many times nbgrader's hand-ins a second ours grades.

    On NumPy ours is the class of 1,000, where the start of the command no longer counts, which is less than a tenth of
    nbgrader's time for its class; on Keras it is the same class.
    """
    theirs, ours = numbers.pairs[name]
    if name == NUMPY and 1000 in numbers.growth:
        return (1000 / numbers.growth[1000][0].seconds) / (numbers.counts[name] / theirs.seconds)
    return theirs.seconds / ours.seconds


def goal(what: str, measured: str, wanted: str, reached: bool) -> str:
    """One row."""
    return f"| {what} | {measured} | {wanted} | {'reached' if reached else 'not reached'} |"


def draw(growth: Mapping[int, tuple[Run, Run]], path: Path) -> None:
    """Milliseconds per hand-in against the size of the class."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "bench"
    figure, axis = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
    sizes = list(growth)
    for label, index, style in (("first run", 0, "o-"), ("again, nothing changed", 1, "s--")):
        axis.plot(sizes, [1000 * growth[size][index].seconds / size for size in sizes], style, label=label)
    axis.set(xscale="log", ylim=(0, None), xlabel="hand-ins in the class", ylabel="milliseconds a hand-in")
    axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axis.minorticks_off()
    axis.legend(frameon=False)
    axis.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
