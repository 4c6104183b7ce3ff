"""Time a whole command and watch the memory of all its processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

LOOK_SECONDS = 1.0  # looking costs the machine some milliseconds each time
MIB = 2**20


@dataclass(frozen=True)
class Run:
    """One command: its wall time and, where it was watched, the most memory that all its processes held at once."""

    seconds: float
    peak_mib: float = 0.0  # proportional: a page that several processes share counts once


def run(command: Sequence[str], folder: Path, settings: Mapping[str, str], watch: bool = False) -> Run:
    """Run a command to its end; it must succeed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, **settings}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    peak = [0.0]
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        if watch:
            threading.Thread(target=_watch, args=(process, peak), daemon=True).start()
        assert process.stderr is not None
        said = process.stderr.read()
    elapsed = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said.decode()[-2000:]}")
    return Run(elapsed, peak[0])


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], tree_mib(process.pid))
        time.sleep(LOOK_SECONDS)


def tree_mib(pid: int) -> float:
    """Proportional memory of a process and of all below it."""
    total = 0.0
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(pid)
        for each in (parent, *parent.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += each.memory_full_info().pss / MIB
    return total
