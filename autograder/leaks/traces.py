"""Traces of the people, machines and tools that made a release: in names of files, in their first bytes, in texts."""

from __future__ import annotations

import codecs
import getpass
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.leaks.fingerprints import compact, plain
from autograder.leaks.leak import Kind

COMMON_NAMES = {"admin", "jovyan", "localhost", "nobody", "runner", "student", "students", "teacher", "ubuntu"}
SHORTEST_NAME = 5  # shorter ones are words, or syllables of words
PATH = re.compile(
    r"(?<![\w.:])(?:file:/*)?/(?:home|Users|root|tmp|private|var/folders|mnt|media|scratch|nfs)/[\w.@+-]+"
    r"|\b[A-Za-z]:\\{1,4}Users\\{1,4}\w+"
)
LEFTOVERS = re.compile(
    r"^(?:\.ipynb_checkpoints|\.virtual_documents|__pycache__|\.idea|\.vscode|\.vs|\.spyproject|\.(?:pytest|mypy|ruff)_cache"
    r"|\.hypothesis|\.DS_Store|__MACOSX|\._.*|Thumbs\.db|desktop\.ini|\.venv|.*\.egg-info|\.coverage|\.nfs\w+"
    r"|.*~|#.*#|\.#.*|.*\.sw[a-p]|.*\.(?:bak|orig|rej|tmp|old|autosave|kate-swp|un~)|.*-checkpoint\.\w+|.*\.code-workspace)$",
    re.IGNORECASE,
)
COMPILED = re.compile(r"\.(?:py[cod]|so(?:\.\d+)*|dll|dylib|pyx|pkl|pickle|joblib|dill)$", re.IGNORECASE)
GIT = re.compile(r"^\.git(?:ignore|attributes|modules|keep)?$|\.(?:bundle|patch|diff)$", re.IGNORECASE)
RECORDS = re.compile(
    r"^(?:\.course-(?:secret|drawn)|gradebook\.db|kept\.db|deadlines\.toml|receipts\.csv|received\.json)", re.IGNORECASE
)
SPACED = re.compile(r"(?:\S ){8}")
GRADER = {"autograder", "solutions", "rubric.py", "submitted", "autograded", "source"}


def by_name(name: str) -> Iterator[tuple[Kind, str]]:
    """What the name of a file or of a folder above it gives away."""
    for part in PurePosixPath(name).parts:
        if GIT.search(part):
            yield Kind.HISTORY, part
        elif RECORDS.search(part):
            yield Kind.RECORD, part
        elif COMPILED.search(part):
            yield Kind.CODE, part
        elif LEFTOVERS.match(part):
            yield Kind.LEFTOVER, part
        elif part in GRADER:
            yield Kind.RUBRIC, part


# How the first bytes of a file begin, whatever its name says.
HEADS: tuple[tuple[Kind, str, re.Pattern[bytes]], ...] = tuple(
    (kind, what, re.compile(pattern, re.DOTALL))
    for kind, what, pattern in (
        (Kind.CODE, "Python bytecode", rb".[\x0b-\x0f]\r\n.{12}"),
        (Kind.CODE, "a marshalled code object", rb"[\xe3\x63][\0-\3]\0\0.{16}"),
        (Kind.CODE, "a pickle", rb"\x80[\x02-\x05](?:\x95.{7}\0|[\x58\x5d\x7d\x63\x28\x4b\x71\x8c\x94])"),
        (Kind.CODE, "machine code", rb"\x7fELF|MZ\x90|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe"),
        (Kind.RECORD, "a database", rb"SQLite format 3\0"),
        (Kind.HISTORY, "a pack, bundle or index of git", rb"PACK\0\0\0|# v[23] git bundle|\xfftOc\0|DIRC\0\0\0"),
        (Kind.HISTORY, "an object of git", rb"(?:blob|tree|commit|tag) \d+\0|tree [0-9a-f]{40}\n"),
        (Kind.HISTORY, "a log of git", rb"ref: refs/|[0-9a-f]{40} [0-9a-f]{40} \S"),
        (Kind.HISTORY, "a patch", rb"diff --git a/|From [0-9a-f]{40} "),
        (Kind.LEFTOVER, "a swap file of Vim", rb"b0VIM"),
    )
)


def by_content(content: bytes) -> Iterator[tuple[Kind, str]]:
    """What the bytes of a file are, whatever its name says."""
    head = content[:128]
    yield from ((kind, what) for kind, what, pattern in HEADS if pattern.match(head))


# Readings that leave no trace in the text itself: what else is written in another way, `decode` finds.
TURNED: dict[str, Callable[[str], str]] = {
    "": lambda text: text,
    "spaced": lambda text: re.sub(r"(?<=\S) (?=\S)", "", text) if SPACED.search(text) else "",
    "reversed": lambda text: text[::-1],
    "rot13": lambda text: codecs.encode(text, "rot13"),
}


@dataclass(frozen=True)
class Traces:
    """Names of the people and machines at work here, and of the places they work in."""

    names: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    def find(self, text: str, public: str = "") -> Iterator[tuple[Kind, str]]:
        """Paths of a machine and names of its users in a text; `public` is compacted and may hold them."""
        text = plain(text)
        for name, turn in TURNED.items():
            for kind, what in self._in(turn(text), public):
                yield kind, f"{what}, {name}" if name else what

    def _in(self, text: str, public: str) -> Iterator[tuple[Kind, str]]:
        for found in PATH.findall(text):
            yield Kind.PLACE, found
        for place in self.places:
            if place in text:
                yield Kind.PLACE, place
        lower = text.casefold()
        for name in self.names:
            if name in lower and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", lower) and compact(name) not in public:
                yield Kind.PERSON, name


def traces_of_this_machine(*folders: Path) -> Traces:
    """Who and where we are: the user, the host, the author that git knows, and the folders at work."""
    names = {getpass.getuser(), socket.gethostname(), *map(_git, ("user.name", "user.email"))}
    places = {*map(str, folders), str(Path.home()), str(Path.cwd()), sys.prefix, tempfile.gettempdir()}
    lower = {name.casefold() for name in names if len(name) >= SHORTEST_NAME}
    return Traces(frozenset(lower - COMMON_NAMES), frozenset(place for place in places if len(place) > 6))


def _git(key: str) -> str:
    try:
        run = subprocess.run(["git", "config", key], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return run.stdout.strip()
