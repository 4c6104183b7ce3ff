"""Find each student of a class in the list that a learning platform hands out. Who is not found for sure is named."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.exports.mark import Mark
from autograder.handin.submission import safe_name


@dataclass(frozen=True)
class Person:
    """One row of a platform's list: what identifies its student, and what the student is called."""

    ids: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Matched:
    """Students of the class by the row that is theirs, and sentences on those who have none."""

    rows: Mapping[str, int]
    missing: tuple[str, ...]


def match(marks: Sequence[Mark], people: Sequence[Person]) -> Matched:
    """The row of each student: by what identifies them, else by their name. Two that fit are as bad as none."""
    by_id, by_name = _index(people, _id_keys), _index(people, _name_keys)
    aliases = {mark.student: {mark.student, *mark.aliases} for mark in marks}
    fits = {student: _fits(known, by_id) or _fits(known, by_name) for student, known in aliases.items()}
    claims: dict[int, list[str]] = defaultdict(list)
    for student, rows in fits.items():
        if len(rows) == 1:
            claims[next(iter(rows))].append(student)
    missing = [f"{student} is not in it." for student, rows in fits.items() if not rows]
    missing += [f"{student} could be any of {len(rows)} in it." for student, rows in fits.items() if len(rows) > 1]
    missing += [f"{', '.join(each)} are one and the same in it." for each in claims.values() if len(each) > 1]
    return Matched({each[0]: row for row, each in claims.items() if len(each) == 1}, tuple(sorted(missing)))


def _fits(known: Iterable[str], index: Mapping[str, set[int]]) -> set[int]:
    return {row for name in known for row in index.get(_same(name), ())}


def _index(people: Sequence[Person], keys: Callable[[Person], Iterable[str]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for row, person in enumerate(people):
        for key in keys(person):
            found[_same(key)].add(row)
    return found


def _id_keys(person: Person) -> Iterable[str]:
    """An id as it stands and as a folder's name; behind a name, as Canvas, Moodle and Gradescope name hand-ins."""
    for each in filter(None, person.ids):
        yield from _as_folder(each)
        for name in _spellings(person.names):
            yield from _as_folder(f"{name}_{each}")


def _name_keys(person: Person) -> Iterable[str]:
    for name in _spellings(person.names):
        yield from _as_folder(name)


def _spellings(names: Iterable[str]) -> Iterable[str]:
    """A name as it stands; "Lovelace, Ada" also as "Ada Lovelace" and, as in a zip of Canvas, "lovelaceada"."""
    for name in filter(None, names):
        last, comma, first = name.partition(",")
        yield name
        if comma:
            yield f"{first.strip()} {last.strip()}"
        yield "".join(letter for letter in name if letter.isalnum())


def _as_folder(text: str) -> Iterable[str]:
    yield text
    yield safe_name(text)
    yield safe_name(re.sub(r"\s+", "_", text.strip()))


def _same(text: str) -> str:
    """Platforms and file systems differ in capitals and in how accents are put together."""
    return unicodedata.normalize("NFC", text.strip()).casefold()
