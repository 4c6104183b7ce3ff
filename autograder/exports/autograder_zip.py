"""An autograder for Gradescope: one assignment, this program and the pinned packages in one zip.

The zip holds solutions, rubric and a secret, so it is for the instructor and for Gradescope alone. The secret is made
from the course's and gives nothing of it away: who reads it knows the fresh cases on Gradescope and no others.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import autograder
from autograder.course import Course
from autograder.exports.gradescope import failure
from autograder.exports.mark import ExportError

HERE = Path(__file__).parent
SCRIPTS = {"setup.sh": "setup.sh", "run_autograder": "run_autograder.sh"}
PACKAGES = ("autograder", "common")
REQUIREMENTS = Path("locks") / "student.txt"
KILLED = (
    "The grader was stopped before it had finished. This says nothing about your work, which is kept as you handed it "
    "in. Tell your instructor, who can have it graded again."
)
WHEN = (2000, 1, 1, 0, 0, 0)  # the same course gives the same bytes


def autograder_zip(course: Course, name: str, secret: bytes, visibility: str) -> bytes:
    """The bytes of the zip that is uploaded to Gradescope."""
    assignment = course.load(name)
    points = float(assignment.rubric.points)
    settings = {"assignment": name, "visibility": visibility, "points": points}
    files = {
        **{place: (HERE / "container" / script).read_bytes() for place, script in SCRIPTS.items()},
        "requirements.txt": _requirements(),
        "grader.json": _json(settings),
        "failed.json": _json(failure(KILLED, points)),
        "secret": own_secret(secret, name).encode(),
        **{f"program/{place}": content for place, content in _program()},
        **{f"course/{place}": content for place, content in _course(course, name)},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, content in sorted(files.items()):
            info = zipfile.ZipInfo(place, WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFREG | (0o755 if place in SCRIPTS else 0o644)) << 16
            archive.writestr(info, content)
    return out.getvalue()


def own_secret(secret: bytes, name: str) -> str:
    """The secret of an assignment on Gradescope, from which nobody finds the course's."""
    return hmac.new(secret, f"gradescope {name}".encode(), hashlib.sha256).hexdigest()


def write_private(path: Path, content: bytes) -> None:
    """Write a file that nobody but its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)


def _root() -> Path:
    return Path(autograder.__file__).resolve().parents[1]


def _requirements() -> bytes:
    path = _root() / REQUIREMENTS
    if not path.is_file():
        raise ExportError(f"There is no {REQUIREMENTS} beside this program: build the autograder from a checkout.")
    return path.read_bytes()


def _program() -> Iterator[tuple[str, bytes]]:
    for package in PACKAGES:
        yield from _files(_root() / package, package)


def _course(course: Course, name: str) -> Iterator[tuple[str, bytes]]:
    """The master, its rubric and the released notebook of one assignment."""
    for room, folder in (("solutions", course.solutions / name), ("assignments", course.assignments / name)):
        yield from _files(folder, f"{room}/{name}")


def _files(folder: Path, place: str) -> Iterator[tuple[str, bytes]]:
    """What is in a folder, without hidden files and what Python compiled."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in parts):
            yield "/".join((place, *parts)), path.read_bytes()


def _json(data: object) -> bytes:
    return json.dumps(data, indent=1).encode() + b"\n"
