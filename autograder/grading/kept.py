"""Results kept between runs, by the digest of all they depend on, and an append-only log of who got what when.

A result is found again only when the answer's code, the cases, the limits, this program and the packages it runs on are
what they were. So a second run grades what has changed, and a run that was killed goes on where it stopped.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import platform
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.grading.result import Before, SubmissionResult, as_record, from_record
from common.cases import QuestionResult

FILE = "kept.db"
PACKAGES = ("numpy", "keras", "tensorflow")
SOURCES = {".py", ".j2", ".css", ".js"}
PATIENCE = 60.0  # seconds for others who are writing
WIDER = "wider"  # kept in place of a result whose answer leans on names that only the whole notebook defines

TABLES = """
CREATE TABLE IF NOT EXISTS result (key TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    student TEXT NOT NULL, assignment TEXT NOT NULL, question TEXT NOT NULL,
    score REAL NOT NULL, max_score REAL NOT NULL, verdict TEXT NOT NULL, rubric TEXT NOT NULL, secret TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS log_by_answer ON log (student, assignment, question);
CREATE TABLE IF NOT EXISTS written (
    student TEXT, assignment TEXT, content TEXT NOT NULL, PRIMARY KEY (student, assignment)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS log_is_kept BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS log_stands BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""
LOGGED = "student, assignment, question, score, max_score, verdict, rubric, secret"


class Kept:
    """The store of one class folder. Several processes may have it open; each result is its own transaction."""

    def __init__(self, path: Path, reuse: bool = True) -> None:
        """Open or make the store; with `reuse` off nothing is found, and everything is kept anew."""
        self._reuse = reuse
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False, isolation_level=None)
        # Safe against a killed process; only a power cut can cost the last few results, which are then graded again.
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(TABLES)

    def find(self, key: str) -> QuestionResult | str | None:
        """What is kept under a key: a result, the word that a wider key is needed, or nothing."""
        return self.find_each([key]).get(key)

    def find_each(self, keys: Sequence[str]) -> dict[str, QuestionResult | str]:
        """What is kept under some of these keys, in one query: the writer need not be waited for again and again."""
        if not self._reuse:
            return {}
        query = f"SELECT key, content FROM result WHERE key IN ({', '.join('?' * len(keys))})"
        with self._lock:
            rows = self._connection.execute(query, keys).fetchall()
        return {key: WIDER if content == WIDER else from_record(json.loads(content)) for key, content in rows}

    def keep(self, key: str, result: QuestionResult | str) -> None:
        """Keep a result. A process that is killed right after has lost nothing, right before only this one."""
        content = result if isinstance(result, str) else json.dumps(as_record(result))
        with self._lock:
            self._connection.execute("INSERT OR REPLACE INTO result VALUES (?, ?)", (key, content))

    def keep_each(self, results: Mapping[str, QuestionResult]) -> None:
        """Keep results that came together, all or none."""
        rows = [(each, json.dumps(as_record(result))) for each, result in results.items()]
        with self._transaction():
            self._connection.executemany("INSERT OR REPLACE INTO result VALUES (?, ?)", rows)

    def find_whole(self, key: str) -> tuple[tuple[QuestionResult, ...], tuple[str, ...]] | None:
        """The questions and repairs of a hand-in that was graded byte for byte as it is."""
        row = None
        if self._reuse:
            with self._lock:
                row = self._connection.execute("SELECT content FROM result WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        data = json.loads(row[0])
        return tuple(map(from_record, data["questions"])), tuple(data["repairs"])

    def keep_whole(self, key: str, result: SubmissionResult) -> None:
        """Keep a hand-in as a whole, so that the next run need not even read it."""
        questions = [as_record(question) for question in result.questions]
        content = json.dumps({"questions": questions, "repairs": result.repairs})
        with self._lock:
            self._connection.execute("INSERT OR REPLACE INTO result VALUES (?, ?)", (key, content))

    def note(self, result: SubmissionResult, rubrics: dict[str, str], secret: str) -> None:
        """Add a graded hand-in to the log, whole or not at all; a question of which it says the same is left out."""
        last = {entry[0]: entry for entry in self._log(result)}
        said = [
            (each.question, each.score, each.max_score, str(each.status), rubrics[each.question], secret)
            for each in result.questions
        ]
        entries = [(result.student, result.assignment, *entry) for entry in said if last.get(entry[0]) != entry]
        with self._transaction():
            self._connection.executemany(f"INSERT INTO log ({LOGGED}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", entries)

    def before(self, result: SubmissionResult) -> dict[str, Before]:
        """Of each question whose score or verdict is another than it was: the last that it had before this one."""
        now = {each.question: (each.score, each.status) for each in result.questions}
        found = {}
        for question, score, _, verdict, *_ in self._log(result):
            if question in now and now[question] != (score, verdict):
                found[question] = Before(score, verdict)
        return found

    def _log(self, result: SubmissionResult) -> list[tuple[Any, ...]]:
        """What the log says of a hand-in, from the question on, the oldest first."""
        query = f"SELECT {LOGGED} FROM log WHERE student = ? AND assignment = ? ORDER BY rowid"
        with self._lock:
            rows = self._connection.execute(query, (result.student, result.assignment)).fetchall()
        return [row[2:] for row in rows]

    def written(self, result: SubmissionResult) -> str:
        """What was last marked as written for a hand-in."""
        place = (result.student, result.assignment)
        with self._lock:
            query = "SELECT content FROM written WHERE student = ? AND assignment = ?"
            row = self._connection.execute(query, place).fetchone()
        return row[0] if row and self._reuse else ""

    def mark_written(self, result: SubmissionResult, content: str) -> None:
        """Say what is written for a hand-in. Said afterwards: a kill before has it written again."""
        row = (result.student, result.assignment, content)
        with self._lock:
            self._connection.execute("INSERT OR REPLACE INTO written VALUES (?, ?, ?)", row)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Several rows at once, all or none; without it each is a transaction of its own."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def __enter__(self) -> Kept:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Close the store."""
        with self._lock:
            self._connection.close()


def key(*parts: str | bytes | Iterable[str]) -> str:
    """A digest in which no two different lists of parts run into each other."""
    digest = hashlib.sha256()
    for part in parts:
        pieces = [part] if isinstance(part, str | bytes) else list(part)
        digest.update(f"{len(pieces)};".encode())
        for piece in pieces:
            data = piece.encode("utf-8", "surrogatepass") if isinstance(piece, str) else piece
            digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()


@functools.cache
def this_program() -> str:
    """A digest of our own code and of what it runs on: a result of another version is not found again."""
    root = Path(__file__).resolve().parents[2]
    rooms = [root / room for room in ("autograder", "common")]
    files = sorted(path for room in rooms for path in room.rglob("*") if path.suffix in SOURCES)
    sources = [f"{path.relative_to(root)}\n{path.read_text(encoding='utf-8')}" for path in files]
    return key(sources, platform.python_version(), versions_of(PACKAGES))


def versions_of(packages: Iterable[str]) -> list[str]:
    """The versions of packages that are installed."""
    return [_version(name) for name in packages]


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"
