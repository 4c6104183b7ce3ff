"""Large drawings are kept on disk, in the user's own cache folder. Losing them costs time and nothing else."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from common.data.draw import Key, digest

FROM = 10_000  # examples: fewer are drawn in a second, and hidden ones of a grader never reach the disk
MOST_FILES = 12
STALE = 3600.0  # seconds after which a half-written file belongs to a process that was killed

Arrays = dict[str, np.ndarray]


def folder() -> Path:
    """$XDG_CACHE_HOME/cnn-by-doing, by default ~/.cache/cnn-by-doing."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cnn-by-doing"


def kept(key: Key, count: int, make: Callable[[], Arrays]) -> Arrays:
    """What `make` gives, read from disk where it was kept for this key before. Each array is `count` long."""
    if count < FROM:
        return make()
    try:
        path = folder() / f"{key[0]}-{digest(key).hex()[:24]}.npz"
    except RuntimeError:  # no home folder
        return make()
    arrays = _read(path, count)
    if arrays is None:
        arrays = make()
        with contextlib.suppress(OSError):  # a full disk, a folder that may not be written
            _write(path, arrays)
            _tidy(path.parent)
    return arrays


def _read(path: Path, count: int) -> Arrays | None:
    """None where there is no file, or one that is not whole. The checksums in the file are compared."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
        os.utime(path)
    except Exception:  # whatever is wrong with it, it can be drawn anew
        return None
    return arrays if arrays and all(len(each) == count for each in arrays.values()) else None


def _write(path: Path, arrays: dict[str, Any]) -> None:
    """Write beside it and rename: at any moment the file is whole, the old one or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _tidy(place: Path) -> None:
    """Remove what killed processes left, and the files that were not used for longest."""
    for part in place.glob("*.part"):
        if time.time() - part.stat().st_mtime > STALE:
            part.unlink(missing_ok=True)
    oldest_last = sorted(place.glob("*.npz"), key=lambda each: -each.stat().st_mtime)
    for file in oldest_last[MOST_FILES:]:
        file.unlink(missing_ok=True)
