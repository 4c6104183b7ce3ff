"""The table of plantings, drawn once from a seed; and what the scan finds of each."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from disguises import HIDDEN, PACKED
from payloads import HOME, SECRET, USER, payloads
from places import BYTE_PLACES, TEXT_PLACES, Files, read_folder
from strays import STRAYS

from autograder.building.release import BuiltFile
from autograder.course import Course
from autograder.leaks.forbidden import known_leaks
from autograder.leaks.leak import Kind, Leak
from autograder.leaks.scan import Forbidden, scan
from autograder.leaks.traces import Traces
from autograder.publish.student import forbidden, public_texts, write_folder
from autograder.publish.wheel import build_wheel

NAMES = ("01_convolution", "02_convolution_variants", "03_pooling_normalization")
SEED, COUNT = 20, 200
TRACES = Traces(frozenset({USER}), frozenset({HOME}))
UNDISGUISED = {"a user's name", "a machine's path"}


@dataclass(frozen=True)
class Planting:
    """One leak: in which release, what, how hidden, where, what the scan may call it, and how to plant it."""

    release: str
    what: str
    hidden: str
    where: str
    kinds: tuple[Kind, ...]
    plant: Callable[[Files], str]


@dataclass(frozen=True)
class Clean:
    """A release without leaks: its files, and what it must not hold."""

    files: Files
    forbidden: Forbidden
    seen: frozenset[bytes]  # digests of its parts, so that only what was changed is looked at again
    leaks: tuple[Leak, ...]


def clean_releases(course: Course, folder: Path) -> dict[str, Clean]:
    """The releases to plant in, made as `course release` makes them."""
    wheel = build_wheel(folder)
    assignments = [course.load(name) for name in NAMES]
    built = [committed(course, name) for name in NAMES]
    known = known_leaks(course, assignments, public_texts(assignments, built, wheel))
    known.add_secret(SECRET)
    found = {}
    for assignment, files in zip(assignments, built, strict=True):
        write_folder(course, assignment, files, wheel, folder / assignment.name)
        rules = forbidden(assignment, files, wheel, known, TRACES)
        seen: set[bytes] = set()
        leaks = scan(folder / assignment.name, rules, seen)
        found[assignment.name] = Clean(read_folder(folder / assignment.name), rules, frozenset(seen), tuple(leaks))
    return found


def committed(course: Course, name: str) -> list[BuiltFile]:
    """What `course build` made of an assignment; CI proves that it is fresh."""
    files = sorted((course.assignments / name).iterdir())
    return [BuiltFile(file.relative_to(course.root), file.read_bytes()) for file in files]


def plantings(course: Course, public: str) -> Iterator[Planting]:
    """Every stray, every disguise and every place once; then anything anywhere until there are enough."""
    dice = Random(SEED)
    draws = [(name, draw) for name in NAMES for draw in payloads(course.load(name), public)]
    for number, (what, where, kinds, plant) in enumerate(STRAYS):
        yield Planting(NAMES[number % len(NAMES)], what, "", where, kinds, plant)
    packed = [(hide, place) for hide, place in zip(PACKED, _round(BYTE_PLACES, len(PACKED)), strict=True)]
    rest = COUNT - len(STRAYS) - len(packed)
    hidden = list(zip(_round(HIDDEN, rest), _round(TEXT_PLACES, rest), strict=True))
    for number, (hide, place) in enumerate([*packed, *hidden]):
        name, draw = draws[(number * 7) % len(draws)]
        payload = draw(dice)
        encode, put = (PACKED[hide], BYTE_PLACES[place]) if hide in PACKED else (HIDDEN[hide], TEXT_PLACES[place])
        what = encode(payload.text)
        yield Planting(
            name, payload.what, hide, place, payload.kinds, lambda files, put=put, what=what: put(files, what)
        )


def found(planting: Planting, clean: Clean) -> list[Leak]:
    """What the scan says of a release with one leak in it: of the file that was touched, the others are clean."""
    files = dict(clean.files)
    name = planting.plant(files)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[name])
        return scan(Path(folder), clean.forbidden, set(clean.seen))


def _round(names: dict[str, object], count: int) -> list[str]:
    """The names over and over, as many as asked."""
    listed = list(names)
    return [listed[number % len(listed)] for number in range(count)]
