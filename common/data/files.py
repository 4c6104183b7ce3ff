"""Where Keras keeps the real data sets, and which of them are there. Nothing is imported, nothing is downloaded."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

EMBEDDED = ("digits", "glyphs", "scenes")


@dataclass(frozen=True)
class RealSet:
    """A data set that Keras can download: its files with their sizes, and the embedded set that can stand in."""

    files: dict[str, int]  # under the folder `datasets` of Keras
    sha256: dict[str, str]
    address: str
    instead: str

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(self.files.values())


_GOOGLE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
REAL = {
    "mnist": RealSet(
        files={"mnist.npz": 11_490_434},
        sha256={"mnist.npz": "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"},
        address=_GOOGLE + "mnist.npz",
        instead="glyphs",
    ),
    "fashion_mnist": RealSet(
        files={
            "fashion-mnist/train-images-idx3-ubyte.gz": 26_421_880,
            "fashion-mnist/train-labels-idx1-ubyte.gz": 29_515,
            "fashion-mnist/t10k-images-idx3-ubyte.gz": 4_422_102,
            "fashion-mnist/t10k-labels-idx1-ubyte.gz": 5_148,
        },
        sha256={},  # Keras checks none
        address=_GOOGLE + "train-labels-idx1-ubyte.gz",
        instead="glyphs",
    ),
    "cifar10": RealSet(
        files={"cifar-10-batches-py-target_archive": 170_498_071},
        sha256={
            "cifar-10-batches-py-target_archive": "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"
        },
        address="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        instead="scenes",
    ),
}


def keras_home() -> Path:
    """Where Keras keeps its settings and cached data."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras").expanduser()


def cached(name: str) -> bool:
    """Whether all files of a real set are here, each of its full size."""
    folder = keras_home() / "datasets"
    return all(_size(folder / file) == size for file, size in REAL[name].files.items())


def damaged(name: str) -> list[Path]:
    """Files of a real set that are here but not whole: what an interrupted download leaves."""
    folder = keras_home() / "datasets"
    return [folder / file for file, size in REAL[name].files.items() if _size(folder / file) not in (None, size)]


def state(name: str) -> str:
    """ "embedded", "cached" or "not here"."""
    if name in EMBEDDED:
        return "embedded"
    return "cached" if cached(name) else "not here"


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
