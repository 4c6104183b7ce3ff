"""Read a zip that nobody vouches for: its names are never used as paths, its sizes are measured and not believed."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autograder.handin.notebook import MAX_BYTES

MIB = 2**20
CHUNK = 64 * 1024
DRIVE = re.compile(r"[A-Za-z]:")
READ = (".ipynb", ".npz", ".yml")
ENCRYPTED = 0x1 | 0x40 | 0x2000  # flags: encrypted, strongly encrypted, names hidden
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, ValueError, EOFError, OverflowError, RuntimeError, OSError)


class ArchiveError(Exception):
    """A zip, or a file in it, that is not read, in one sentence."""


@dataclass(frozen=True)
class Caps:
    """How much of a zip is read."""

    files: int = 20_000
    names_bytes: int = 4 * MIB  # the table of contents, which the standard library reads at once
    one_bytes: int = MAX_BYTES
    all_bytes: int = 4096 * MIB
    ratio: int = 200
    small_bytes: int = MIB  # below this no ratio is a bomb


@dataclass(frozen=True)
class Member:
    """One file of a zip. `refused` is why it is not read; `misplaced` when its name lies about where it stands."""

    parts: tuple[str, ...]  # the pieces of its name that say something, for telling whose it is
    info: zipfile.ZipInfo = field(repr=False)
    refused: str = ""
    misplaced: bool = False

    @property
    def is_notebook(self) -> bool:
        """Whether it can be graded at all."""
        return bool(self.parts) and self.parts[-1].lower().endswith(".ipynb")


@dataclass
class Archive:
    """An open zip: its files, and how many bytes were read out of it."""

    members: tuple[Member, ...]
    caps: Caps
    file: zipfile.ZipFile = field(repr=False)
    read_bytes: int = 0


class _Measured(io.FileIO):
    """A file that gives no more at once than a table of contents may hold: the library asks for what headers claim."""

    most: int = Caps.names_bytes

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = self.most
        if size > self.most:
            raise ArchiveError("its table of contents is too large")
        return super().read(size) or b""


@contextmanager
def open_archive(path: Path, caps: Caps = Caps()) -> Iterator[Archive]:
    """Open a zip and look at every name in it. ArchiveError says what is wrong with the file as a whole."""
    with _Measured(str(path)) as raw:
        raw.most = caps.names_bytes
        try:
            file = zipfile.ZipFile(raw)
        except (*BROKEN, NotImplementedError, AttributeError) as problem:
            raise ArchiveError("it is no zip file, or a damaged one") from problem
        with file:
            infos = [info for info in file.infolist() if not info.filename.endswith("/") or _is_special(info)]
            if len(infos) > caps.files:
                raise ArchiveError(f"it holds more than {caps.files} files")
            yield Archive(tuple(_members(infos, caps)), caps, file)


def _members(infos: list[zipfile.ZipInfo], caps: Caps) -> Iterator[Member]:
    split = [tuple(part for part in re.split(r"[/\\]", info.filename) if part not in ("", ".")) for info in infos]
    count = Counter(split)
    for info, parts in zip(infos, split, strict=True):
        doubled = "its name stands twice in the zip" if count[parts] > 1 else ""
        misplaced = _bad_name(info, parts)
        told = tuple(part for part in parts if part != ".." and not DRIVE.fullmatch(part))
        yield Member(told, info, misplaced or doubled or _bad_content(info, caps), bool(misplaced))


def _bad_name(info: zipfile.ZipInfo, parts: tuple[str, ...]) -> str:
    name = info.orig_filename
    if "\\" in name:
        return "its name holds a backslash"
    if name.startswith("/") or DRIVE.match(name):
        return "its name is absolute"
    if ".." in parts:
        return "its name leads out of the folder (..)"
    if "\0" in name or not parts:
        return "its name is no file name"
    return ""


def _bad_content(info: zipfile.ZipInfo, caps: Caps) -> str:
    """Why a file is not read, as far as its headers say."""
    if _is_special(info):
        return "it is a link or a device, not a file"
    if info.filename.endswith("/") or not info.filename.lower().endswith(READ):
        return ""  # it is never opened
    if info.flag_bits & ENCRYPTED:
        return "it is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is packed in a way that is not read"
    if info.file_size > caps.one_bytes:
        return f"it is too large (more than {caps.one_bytes / MIB:.0f} MiB)"
    return _bomb(info.file_size, info.compress_size, caps)


def _is_special(info: zipfile.ZipInfo) -> bool:
    return stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR)


def _bomb(size: int, packed: int, caps: Caps) -> str:
    if size > max(caps.small_bytes, caps.ratio * packed):
        return f"it unpacks to more than {caps.ratio} times its size"
    return ""


def chunks(archive: Archive, member: Member) -> Iterator[bytes]:
    """A file's bytes, counted while they are read. ArchiveError says why no more are given."""
    if member.refused:
        raise ArchiveError(member.refused)
    size, caps = 0, archive.caps
    try:
        with archive.file.open(member.info) as source:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                archive.read_bytes += len(chunk)
                if size > caps.one_bytes:
                    raise ArchiveError(f"it is too large (more than {caps.one_bytes / MIB:.0f} MiB)")
                if bomb := _bomb(size, member.info.compress_size, caps):
                    raise ArchiveError(bomb)
                if archive.read_bytes > caps.all_bytes:
                    raise ArchiveError(f"all files together unpack to more than {caps.all_bytes / MIB:.0f} MiB")
                yield chunk
    except (*BROKEN, NotImplementedError) as problem:
        raise ArchiveError("it is damaged") from problem
