"""A zip of a class as hand-ins: for each student the newest attempt, and a sentence for what was refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.deadlines.receipts import Receipt, Witness
from autograder.handin.archive import Archive, ArchiveError, Caps, Member, chunks, open_archive
from autograder.handin.gradescope import METADATA, read_submitters, read_times
from autograder.handin.names import Sender, sender
from autograder.handin.submission import InboxError, Submission, safe_name
from autograder.handin.unpack import BESIDE, Found, Person, Pile, Room, refusal, unpack

CAPS = Caps()
NOISE = {"__MACOSX", ".ipynb_checkpoints"}
MOST_METADATA = 16 * 2**20


def in_zip(
    path: Path,
    notebooks: Mapping[str, str],
    assignment: str | None,
    scratch: Path,
    files: Collection[str] = (),
    caps: Caps = CAPS,
) -> list[Submission]:
    """All hand-ins of a zip. Notebooks that count are copied below `scratch`, and beside them files of given names."""
    try:
        with open_archive(path, caps) as archive:
            piles, strays = _sort(archive, notebooks, assignment)
            submissions = [
                unpack(archive, person, pile, Room(scratch, number, notebooks.get(person[1], ""), files))
                for number, (person, pile) in enumerate(sorted(piles.items()), 1)
            ]
    except ArchiveError as problem:
        raise InboxError(f"{path.name!r} is not read: {problem}.") from problem
    if not strays:
        return submissions
    said = f"{path.name!r}: {strays[0]}" + (f" So were {len(strays) - 1} more." if len(strays) > 1 else "")
    if not submissions:
        raise InboxError(said)
    common = Counter(each.assignment for each in submissions).most_common(1)[0][0]
    return [*submissions, Submission(safe_name(path.name), common, None, said)]


def _sort(
    archive: Archive, notebooks: Mapping[str, str], assignment: str | None
) -> tuple[dict[Person, Pile], list[str]]:
    """Piles by student and assignment, and sentences about refused files of which no student can be told."""
    members = [each for each in archive.members if not _is_noise(each)]
    wrapper = _wrapper(members)
    metadata = _metadata(archive, members)
    submitters, times = read_submitters(metadata), read_times(metadata)
    found: list[Found] = []
    strays: list[str] = []
    for member in members:
        whose = sender(member.parts, notebooks, wrapper)
        if whose and _tells(whose, member):
            people = submitters.get(whose.submission, (whose.student,))
            at = times.get(whose.submission)
            receipt = Receipt(at, Witness.PLATFORM) if at else None
            found += [Found(member, replace(whose, student=student), receipt) for student in people]
        elif member.refused:
            strays.append(refusal(member, member.refused))
    return _piles(found, notebooks, assignment), strays


def _is_noise(member: Member) -> bool:
    hidden = bool(member.parts) and member.parts[-1].startswith(".")
    return bool(NOISE & set(member.parts)) or (hidden and not member.refused)


def _wrapper(members: Sequence[Member]) -> str:
    """The one folder that everything lies in, or ""."""
    first = {each.parts[0] if len(each.parts) > 1 else "" for each in members if not each.refused}
    return first.pop() if len(first) == 1 else ""


def _tells(whose: Sender, member: Member) -> bool:
    """Whether a file is somebody's. A name that lies about its place is believed only where a platform gave it."""
    return whose.from_lms or bool(whose.assignment) or (member.is_notebook and not member.misplaced) or _beside(member)


def _beside(member: Member) -> bool:
    return member.parts[-1].lower().endswith(BESIDE) and len(member.parts) > 1 and not member.misplaced


def _metadata(archive: Archive, members: Iterable[Member]) -> str:
    places = [each for each in members if each.parts and each.parts[-1] == METADATA and len(each.parts) < 3]
    if len(places) != 1 or places[0].refused or places[0].info.file_size > MOST_METADATA:
        return ""
    return b"".join(chunks(archive, places[0])).decode("utf-8", "replace")


def _piles(found: Sequence[Found], notebooks: Mapping[str, str], assignment: str | None) -> dict[Person, Pile]:
    by_stem = {stem: name for name, stem in notebooks.items()}
    guesses = {by_stem[each.sender.stem] for each in found if each.member.is_notebook and each.sender.stem in by_stem}
    common = guesses.pop() if len(guesses) == 1 else ""
    piles: dict[Person, Pile] = {}
    for each in found:
        stem, stated = each.sender.stem, each.sender.assignment
        guessed = by_stem.get(stem, "") or (common if each.sender.from_lms or not each.member.is_notebook else "")
        name = stated or assignment or guessed or (stem if each.member.is_notebook else "")
        if name and assignment in (None, name):
            piles.setdefault((_student(each.sender.student), name), Pile()).found.append(each)
    return piles


def _student(name: str) -> str:
    """A student's name as one readable word: platforms give an id with it, so words need not be told apart."""
    return safe_name(re.sub(r"\s+", "_", name.strip()))
