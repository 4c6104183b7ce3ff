"""Publish folders all together or not at all: made beside their place, scanned, then moved there."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

SUMS = "SHA256SUMS"  # what a release holds; by it a later one knows what it may replace


class NotPublishedError(Exception):
    """A release that was refused, in one sentence. Nothing was published."""


@contextlib.contextmanager
def drafts(to: Path) -> Iterator[Path]:
    """A folder beside the place of publication, on the same disk; gone afterwards, whatever happens."""
    to.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{to.name}-", dir=to.resolve().parent))
    try:
        yield draft
    finally:
        shutil.rmtree(draft)


def insist_on_replaceable(to: Path, names: Sequence[str]) -> None:
    """Refuse to replace a folder that holds anything that no release wrote."""
    for place in (to / name for name in names):
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            raise NotPublishedError(f"{place} is no folder; move it away.")
        foreign = sorted(_files(place) - _listed(place)) if place.exists() else []
        if foreign:
            raise NotPublishedError(f"{place} holds {foreign[0]}, which no release wrote; move it away.")


def list_files(folder: Path) -> None:
    """Write the list of a release's files with their digests; `sha256sum -c` reads it."""
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(_files(folder))]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def publish(draft: Path, to: Path, names: Sequence[str]) -> None:
    """Move the drafts to their places. What stood there is put back if one of them cannot be moved."""
    moved: list[tuple[Path, Path]] = []  # from where, to where
    try:
        for name in names:
            place, old = to / name, draft / f"{name}.old"
            if place.exists():
                place.rename(old)
                moved.append((place, old))
            (draft / name).rename(place)
            moved.append((draft / name, place))
    except OSError:
        for origin, now in reversed(moved):
            now.rename(origin)
        raise


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()} - {SUMS}


def _listed(folder: Path) -> set[str]:
    sums = folder / SUMS
    lines = sums.read_text(encoding="utf-8", errors="replace").splitlines() if sums.is_file() else []
    return {line.split("  ", 1)[-1] for line in lines}
