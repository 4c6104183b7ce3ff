"""Where Keras keeps the real data sets, and which of them are there. Keras is not imported, nothing is downloaded."""

from __future__ import annotations

import hashlib
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


def state(name: str) -> str:
    """ "embedded", "cached" or "not here"; only the sizes of files are looked at."""
    if name in EMBEDDED:
        return "embedded"
    return "cached" if all(_size(path) == size for path, size in _files(name)) else "not here"


def damaged(name: str, contents: bool = False) -> Path | None:
    """A file of a real set that is not what was published; with `contents`, its checksum is compared too."""
    for path, size in _files(name):
        if _size(path) not in (None, size):
            return path
        wanted = REAL[name].sha256.get(path.name)
        if contents and wanted and path.is_file() and _sha256(path) != wanted:
            return path
    return None


def advice(name: str) -> str:
    """What to do about a real set that is not here."""
    real = REAL[name]
    if path := damaged(name):
        return f"{path} is not whole, perhaps after an interrupted download: delete it, then call {name}() online."
    megabytes = real.size / 1e6
    return f"Use {real.instead}(), which needs no download, or call {name}() online once ({megabytes:.0f} MB)."


def _files(name: str) -> list[tuple[Path, int]]:
    return [(keras_home() / "datasets" / file, size) for file, size in REAL[name].files.items()]


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
