"""What the jail costs: `make cost` prints it as a table, beside the goals, for this machine and this moment's load.

A question is asked twice in every round, in the jail and in a process that is forked alike but not confined; rounds of
the two are interleaved, so that load falls on both. What the jail adds is the median of the differences.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.jail import memory
from autograder.jail.contract import JailUnavailable, Limits
from autograder.jail.jail import Jail

_PATIENT = Limits(load_seconds=60, call_seconds=60, memory_mib=4096)
_PRIVATE = re.compile(r"^Private_(?:Clean|Dirty):\s+(\d+) kB$", re.MULTILINE)
_DOUBLE = "import numpy as np\ndef answer(x):\n    return 2 * x"
_LAYER = "import keras\ndef answer(x):\n    return keras.ops.convert_to_numpy(keras.ops.relu(x))"


@dataclass(frozen=True)
class Work:
    """One kind of question: what is preloaded, what is asked how often, and the goals."""

    name: str
    preload: tuple[str, ...]
    source: str
    rounds: int
    added_ms: float
    private_mib: float


@dataclass(frozen=True)
class Cost:
    """What was measured for one kind of question."""

    work: Work
    engine: str
    start_seconds: float
    jailed_ms: float
    forked_ms: float
    added_ms: float
    private_mib: float
    whole_mib: float


NUMPY = Work("NumPy", ("numpy",), _DOUBLE, 100, 25, 60)
KERAS = Work("Keras", ("numpy", "keras"), _LAYER, 15, 150, 250)


def measured(work: Work) -> Cost:
    """Ask one kind of question many times; JailUnavailable says what is missing here."""
    started = time.perf_counter()
    with Jail.start(preload=work.preload) as jail:
        start_seconds = time.perf_counter() - started
        private = private_mib(jail)
        with Jail.start("none", work.preload, allow_unsandboxed=True) as bare:
            for each in (jail, bare):
                seconds_of_a_question(each, work.source)
            pairs = [
                (seconds_of_a_question(jail, work.source), seconds_of_a_question(bare, work.source))
                for _ in range(work.rounds)
            ]
        jailed, forked = ([1000 * pair[index] for pair in pairs] for index in (0, 1))
        added = [one - other for one, other in zip(jailed, forked, strict=True)]
        middle = [statistics.median(each) for each in (jailed, forked, added)]
        return Cost(work, jail.engine, start_seconds, middle[0], middle[1], middle[2], *private)


def seconds_of_a_question(jail: Jail, source: str) -> float:
    """Fork, confine, load one cell, call once, end."""
    started = time.perf_counter()
    with jail.session(_PATIENT) as session:
        session.load([("cell", source)])
        outcome = session.call("answer", [np.arange(100.0)])
    if not outcome.returned:
        raise JailUnavailable(f"the question was not answered: {outcome.reason or outcome.raised}")
    return time.perf_counter() - started


def private_mib(jail: Jail) -> tuple[float, float]:
    """MiB of a process that waits for its first request: its own alone, and with what its server lends it.

    The second is all that no file backs. Its shared part is there once, however many questions are asked at a time.
    """
    with jail.session(_PATIENT) as session:
        session.has("nothing")
        handle = session._channel.handle()
        count = memory.open_count(handle)
        try:
            whole = memory.private_kib(count)
        finally:
            os.close(count)
        return _own_kib(handle, whole) / 1024, whole / 1024


def _own_kib(handle: int, whole: int) -> int:
    """Pages that no other process has; all that no file backs where they may not be looked at."""
    try:
        text = Path(f"/proc/{memory.pid_of(handle)}/smaps_rollup").read_text()
    except OSError:
        return whole
    return sum(int(found) for found in _PRIVATE.findall(text))


def main(works: Sequence[Work] = (NUMPY, KERAS)) -> int:
    """Print the table; 1 where a goal is missed."""
    missed = False
    print(_row("question", "engine", "start", "forked", "jailed", "the jail adds", "private", "with its server's"))
    for work in works:
        try:
            cost = measured(work)
        except JailUnavailable as unavailable:
            print(f"{work.name:<10}not here: {unavailable}")
            continue
        forked, jailed = f"{cost.forked_ms:.1f} ms", f"{cost.jailed_ms:.1f} ms"
        added = f"{cost.added_ms:.1f} ms (goal {work.added_ms:g})"
        private = f"{cost.private_mib:.1f} MiB (goal {work.private_mib:g})"
        start, whole = f"{cost.start_seconds:.2f} s", f"{cost.whole_mib:.1f} MiB"
        print(_row(work.name, cost.engine, start, forked, jailed, added, private, whole))
        missed |= cost.added_ms > work.added_ms or cost.private_mib > work.private_mib
    return int(missed)


def _row(*cells: str) -> str:
    widths = (10, 12, 9, 10, 10, 21, 23, 18)
    return "".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


if __name__ == "__main__":
    sys.exit(main())
