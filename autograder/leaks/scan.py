"""Look into every file of a folder, as deep as it goes, for what must not be published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.leaks.decode import decodings, readings
from autograder.leaks.fingerprints import Fingerprints
from autograder.leaks.leak import Kind, Leak
from autograder.leaks.notebook import in_notebook, is_notebook
from autograder.leaks.traces import Traces, by_content, by_name
from autograder.leaks.unpack import PNG, STREAM, OpaqueError, Part, parts

DEEPEST = 8
MOST_WORK = 512 * 2**20  # bytes looked at in one release, everything unpacked
TEXT = bytes(range(32, 127)) + b"\t\n\r\0"
PICTURES = (b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF")


@dataclass(frozen=True)
class Forbidden:
    """What must not be published, and what may although it looks like it."""

    fingerprints: Fingerprints
    traces: Traces
    files: frozenset[str]  # all that a release has, below its folder; "*.whl" for any wheel
    sentences: frozenset[str] = frozenset()  # what cases.npz says to who made a known mistake
    arrays: frozenset[str] = frozenset()  # members of cases.npz
    executed: bool = False  # a notebook with results is meant


def scan(folder: Path, forbidden: Forbidden, clean: set[bytes] | None = None) -> list[Leak]:
    """All leaks of a folder, each place and kind once.

    `clean` remembers, as digests, what was looked at: the same wheel is looked into once for many assignments. What is
    in it must have been looked at by the same fingerprints and have held no leak.
    """
    search = _Search(forbidden, _seen=set() if clean is None else clean)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        search.name(name, name)
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            search.report(name, Kind.OPAQUE, "a link or no plain file")
        elif path.is_file():
            if not any(Path(name).match(pattern) for pattern in forbidden.files):
                search.report(name, Kind.STRANGE)
            search.content(name, path.read_bytes(), 0)
        elif not any(path.iterdir()):
            search.report(name, Kind.STRANGE, "an empty folder")
    return sorted(search.leaks)


@dataclass
class _Search:
    forbidden: Forbidden
    leaks: set[Leak] = field(default_factory=set)
    work: int = 0
    _seen: set[bytes] = field(default_factory=set)

    def report(self, place: str, kind: Kind, what: str = "") -> None:
        self.leaks.add(Leak(place, kind, what))

    def name(self, place: str, name: str) -> None:
        """The name of a file or of an archive's member."""
        for kind, what in by_name(name):
            self.report(place, kind, what)
        self.text(f"{place}, its name", name, DEEPEST - 2)

    def content(self, place: str, content: bytes, depth: int, rest: bool = False) -> None:
        """A file, or what was unpacked or decoded."""
        if not self._worth(content, place, depth, b"rest" if rest else b""):
            return
        for kind, what in by_content(content):
            self.report(place, kind, what)
        try:
            inner = list(parts(content, rest))
        except OpaqueError as problem:
            self.report(place, Kind.OPAQUE, str(problem))
            inner = []
        for part in inner:
            self._part(place, part, depth)
        if rest or not _is_container(content):
            self._texts(place, content, depth)

    def _part(self, place: str, part: Part, depth: int) -> None:
        where = f"{place}, {part.name}"
        if part.link:
            self.report(where, Kind.OPAQUE, "a link")
        if not part.rest and ("." in part.name or "/" in part.name):
            self.name(where, part.name)
        if place.endswith("cases.npz") and part.name.endswith(".npy") and part.name not in self.forbidden.arrays:
            self.report(where, Kind.CASES)
        self.content(where, part.content, depth + 1, part.rest)

    def _texts(self, place: str, content: bytes, depth: int) -> None:
        for code, text in readings(content):
            # What makes little sense in a code is not text in that code, and not read in yet other ways.
            shallow = bool(code) and len(text) * len("a".encode(code)) < len(content) / 2
            self.text(f"{place}, {code}" if code else place, text, depth, shallow)

    def text(self, place: str, text: str, depth: int, shallow: bool = False) -> None:
        """A text: as it stands, as JSON, and in every other reading."""
        data = _json(text)
        if is_notebook(data):
            for where, kind, what in in_notebook(data, self.forbidden.executed):
                self.report(f"{place}, {where}", kind, what)
        if data is not None:
            for where, inner in _strings(data, self.forbidden.sentences):
                self.plain(f"{place}{where}", inner, depth + 1, shallow)
        else:
            self.plain(place, text, depth, shallow)

    def plain(self, place: str, text: str, depth: int, shallow: bool) -> None:
        if not self._worth(text.encode("utf-8", "replace"), place, depth, b"shallow" if shallow else b"text"):
            return
        for found in self.forbidden.fingerprints.find(text):
            self.report(place, found.kind, ", ".join(filter(None, (found.what, found.disguise))))
        for kind, what in self.forbidden.traces.find(text, self.forbidden.fingerprints.public):
            self.report(place, kind, what)
        for name, decoded in () if shallow else decodings(text):
            where = f"{place}, {name}"
            if isinstance(decoded, str):
                self.text(where, decoded, depth + 1)
            else:
                self._decoded(where, decoded, depth + 1)

    def _decoded(self, place: str, content: bytes, depth: int) -> None:
        """Most of what can be decoded is noise: only what makes sense is looked into further."""
        head = content[:200]
        sense = len(head.translate(None, TEXT)) < 0.2 * len(head)
        known = content.startswith(PICTURES) or _is_container(content) or STREAM.match(content)
        if sense or known or any(by_content(content)):
            self.content(place, content, depth)

    def _worth(self, content: bytes, place: str, depth: int, read_as: bytes) -> bool:
        key = hashlib.blake2b(content, digest_size=16, person=read_as).digest()
        if key in self._seen:
            return False
        self._seen.add(key)
        self.work += len(content)
        if depth > DEEPEST or self.work > MOST_WORK:
            self.report(place, Kind.OPAQUE, "packed too often or too large")
            return False
        return True


def _is_container(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\x93NUMPY", PNG)) or content[257:262] == b"ustar"


def _json(text: str) -> Any:
    """Parsed JSON, with every one of doubled keys; None for other text."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text, object_pairs_hook=_all_pairs)
    except (ValueError, RecursionError):
        return None


def _all_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in pairs:
        name = key
        while name in kept:
            name += "'"
        kept[name] = value
    return kept


def _strings(data: Any, allowed: frozenset[str], place: str = "") -> Iterator[tuple[str, str]]:
    """Every string of parsed JSON with its place; a list of strings is one text, a list of numbers its own."""
    if isinstance(data, str):
        yield place, data
    elif isinstance(data, Mapping):
        yield f"{place}, keys", "\n".join(data)
        for key, value in data.items():
            if not (key == "say" and value in allowed):
                yield from _strings(value, allowed, f"{place}, {key}")
    elif isinstance(data, list):
        if data and all(isinstance(each, str) for each in data):
            yield place, "".join(data)
        elif data and all(isinstance(each, int) for each in data):
            yield place, " ".join(map(str, data))
        else:
            for number, each in enumerate(data, start=1):
                yield from _strings(each, allowed, f"{place} {number}")
