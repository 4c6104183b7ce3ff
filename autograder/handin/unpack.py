"""Copy what one student handed in out of a zip: bytes of the zip, under names of our own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from autograder.deadlines.receipts import Receipt
from autograder.handin.archive import Archive, ArchiveError, Member, chunks
from autograder.handin.names import Attempt, Sender
from autograder.handin.submission import InboxError, Submission

A_FOLDER = 32  # notebooks in one folder: making a folder costs more than a file, and a long folder is slow to list
BESIDE = ".npz"  # files that count beside a notebook
Person = tuple[str, str]  # student and assignment


@dataclass(frozen=True)
class Found:
    """A file of a zip and whose it is."""

    member: Member
    sender: Sender
    receipt: Receipt | None = None  # when the platform received it


@dataclass
class Pile:
    """All that one student handed in for one assignment."""

    found: list[Found] = field(default_factory=list)

    def refused(self) -> list[str]:
        """A sentence for every file that was not read."""
        said = (refusal(each.member, each.member.refused) for each in self.found if each.member.refused)
        return list(dict.fromkeys(said))

    def newest(self, notebook: str) -> Found | None:
        """The attempt that counts: of what can be read, a notebook of the right name before others, then the newest."""

        def rank(each: Found) -> tuple[bool, bool, Attempt]:
            return (not each.member.refused, each.sender.stem == notebook, each.sender.attempt)

        return max((each for each in self.found if each.member.is_notebook), key=rank, default=None)

    def beside(self, chosen: Found, file: str) -> Found | None:
        """The newest file of a given name that was handed in with the notebook that counts."""
        found = [
            each
            for each in self.found
            if f"{each.sender.stem}{BESIDE}" == file
            and each.member.parts[-1].lower().endswith(BESIDE)
            and each.sender.submission == chosen.sender.submission
            and not each.member.refused
        ]
        return max(found, key=lambda each: each.sender.attempt, default=None)


@dataclass(frozen=True)
class Room:
    """Where a hand-in is copied to. All names in it are ours or the rubric's."""

    scratch: Path
    number: int
    notebook: str
    files: Collection[str]

    def path(self, alone: bool) -> Path:
        """The notebook's path: a folder of its own where files stand beside it, else one for several notebooks."""
        folder = f"{self.number:06}" if alone else f"{self.number // A_FOLDER:04}"
        return self.scratch / folder / f"{self.notebook or 'notebook'}-{self.number:06}.ipynb"


def unpack(archive: Archive, person: Person, pile: Pile, room: Room) -> Submission:
    """Copy the notebook that counts and the files beside it; the hand-in says what was refused."""
    student, assignment = person
    chosen = pile.newest(room.notebook)
    refused = pile.refused()
    if chosen is None:
        return Submission(student, assignment, None, refused[0] if refused else _nothing(pile))
    late = chosen.sender.late
    beside = {file: found for file in sorted(room.files) if (found := pile.beside(chosen, file))}
    path = room.path(alone=bool(beside))
    try:
        _copy(archive, chosen.member, path)
    except ArchiveError as problem:
        return Submission(student, assignment, None, refusal(chosen.member, str(problem)), late, receipt=chosen.receipt)
    for file, found in beside.items():
        try:
            _copy(archive, found.member, path.with_name(file))
        except ArchiveError as problem:
            refused.append(refusal(found.member, str(problem)))
    return Submission(student, assignment, path, late=late, remarks=tuple(refused), receipt=chosen.receipt)


def _nothing(pile: Pile) -> str:
    if any(each.member.parts[-1].lower().endswith(".zip") for each in pile.found):
        return "A zip was handed in, which is not opened: a notebook is needed."
    return "No notebook was handed in."


def _copy(archive: Archive, member: Member, path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with path.open("xb") as target:
            for chunk in chunks(archive, member):
                target.write(chunk)
    except ArchiveError:
        path.unlink()
        raise
    except OSError as problem:
        raise InboxError(f"There is no room to unpack hand-ins: {problem.strerror}.") from problem


def refusal(member: Member, reason: str) -> str:
    """A sentence that names a file and why it was refused."""
    return f"The file {member.info.filename[:100]!r} was refused: {reason}."
