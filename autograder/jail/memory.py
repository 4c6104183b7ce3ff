"""How much memory a jailed process holds, as the kernel counts it: read from outside, so nothing inside can lie.

RLIMIT_AS bounds what a process may map beyond what the preload had mapped already, which is much with TensorFlow. This
counts pages that are its own.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_COUNTED = re.compile(rb"^(?:RssAnon|RssShmem|VmSwap):\s+(\d+) kB$", re.MULTILINE)
_PID = re.compile(r"^Pid:\s+(\d+)$", re.MULTILINE)


def open_count(handle: int) -> int:
    """A descriptor on the figures of the process that a pidfd stands for; -1 where there is none to be had."""
    try:
        pid = pid_of(handle)
        count = os.open(f"/proc/{pid}/status", os.O_RDONLY | os.O_CLOEXEC)
    except (OSError, ValueError):
        return -1
    if pid_of(handle, default=0) == pid:  # else it ended meanwhile, and the number may be another's
        return count
    os.close(count)
    return -1


def pid_of(handle: int, default: int | None = None) -> int:
    """The process's number as this side of the jail counts; ValueError, or the default, once it has ended."""
    found = _PID.search(Path(f"/proc/self/fdinfo/{handle}").read_text())
    if found:
        return int(found[1])
    if default is None:
        raise ValueError("the process has ended")
    return default


def private_kib(count: int) -> int:
    """KiB of memory that the process shares with no file, swapped out or not; 0 when it is gone."""
    try:
        return sum(int(found) for found in _COUNTED.findall(os.pread(count, 8192, 0)))
    except OSError:
        return 0
