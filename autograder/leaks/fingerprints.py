"""Texts that must not appear, as short fingerprints that survive another layout, case, alphabet or direction."""

from __future__ import annotations

import functools
import re
import string
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from autograder.leaks.leak import Kind

LINE = 14  # a line of code this long, without spaces, quotes, commas and brackets, is distinctive
CODE_WINDOW = 20  # so many characters in a row, wherever a line breaks
PROSE_WINDOW = 32
STEP = 4  # a window begins at every fourth character: a run of STEP - 1 more holds one of them
SECRET = 16
PREFIX = 10  # the shortest fingerprint
# A solution of which so much stands in the open text is no hint any more: then all of it counts as leaked.
IN_THE_OPEN = 0.6

DROPPED = re.compile(r"[^a-z0-9_\[\]{}:=*/.<%-]")
# Letters of other alphabets that look like ours, and the invisible twins of ASCII.
LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝВЕНКМОРСТАХαορνικ",
    "aeopcyxijshdqwbehkmopctaxaopvik",
) | {0xE0000 + code: chr(code) for code in range(32, 127)}
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]")
ROT13 = str.maketrans(string.ascii_lowercase, string.ascii_lowercase[13:] + string.ascii_lowercase[:13])
DISGUISES: dict[str, Callable[[str], str]] = {
    "": lambda text: text,
    "reversed": lambda text: text[::-1],
    "rot13": lambda text: text.translate(ROT13),
}


def plain(text: str) -> str:
    """ASCII letters for their twins, nothing for what is invisible."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text.translate(LOOKALIKES))
    return INVISIBLE.sub("", text)


def compact(text: str) -> str:
    """Letters, digits and the signs that carry code: no layout, quotes, comments or round brackets."""
    return DROPPED.sub("", plain(text).casefold())


def windows(text: str, length: int, step: int = 1) -> list[str]:
    """Runs of so many characters, one every `step`; the text itself where it is shorter."""
    return [text[start : start + length] for start in range(0, max(1, len(text) - length + 1), step)]


@dataclass(frozen=True)
class Found:
    """A fingerprint that was met: what it belongs to, and in what disguise it stood."""

    kind: Kind
    what: str
    disguise: str = ""


@dataclass
class Fingerprints:
    """Forbidden texts by their first characters. `public` is what may stand anywhere, compacted."""

    public: str = ""
    _by_prefix: dict[str, list[tuple[str, Found]]] = field(default_factory=lambda: defaultdict(list))
    _known: set[str] = field(default_factory=set)

    def add_solution(self, what: str, source: str, strict: bool = True) -> None:
        """Forbid an answer's lines and every window of it, but for what is public: hints may show a piece of it.

        A strict look does not believe that nearly all of it could be public.
        """
        texts = _code(source)
        if not strict or sum(self._is_public(text) for text in texts) < IN_THE_OPEN * len(texts):
            texts = [text for text in texts if not self._is_public(text)]
        self._add(Found(Kind.SOLUTION, what), texts)

    def add_code(self, kind: Kind, what: str, source: str) -> None:
        """Forbid the lines of a source and every window of it, but for what is public."""
        self._add(Found(kind, what), [text for text in _code(source) if not self._is_public(text)])

    def add_line(self, kind: Kind, what: str, line: str) -> None:
        """Forbid a line as a whole."""
        self._add(Found(kind, what), [text for text in _lines(line) if not self._is_public(text)])

    def add_prose(self, kind: Kind, what: str, text: str) -> None:
        """Forbid the windows of a text; of an answer in words also where the open text holds nearly all of it."""
        texts = [each for each in windows(compact(text), PROSE_WINDOW, STEP) if len(each) >= LINE]
        public = [each for each in texts if self._is_public(each)]
        told = kind is Kind.ANSWER and len(compact(text)) >= PROSE_WINDOW and len(public) >= IN_THE_OPEN * len(texts)
        self._add(Found(kind, what), texts if told else [each for each in texts if each not in public])

    def add_name(self, kind: Kind, what: str, name: str) -> None:
        """Forbid a name wherever it stands, if it is long enough to be no word of its own."""
        if len(text := compact(name)) >= PREFIX and not self._is_public(text):
            self._add(Found(kind, what), [text])

    def add_secret(self, secret: str) -> None:
        """Forbid every piece of a secret."""
        self._add(Found(Kind.SECRET, ""), [each for each in windows(compact(secret), SECRET) if len(each) >= PREFIX])

    def _is_public(self, text: str) -> bool:
        return text in self._public_windows[len(text)] if len(text) in self._public_windows else text in self.public

    @functools.cached_property
    def _public_windows(self) -> dict[int, set[str]]:
        return {length: set(windows(self.public, length)) for length in (CODE_WINDOW, PROSE_WINDOW)}

    def _add(self, found: Found, texts: Iterable[str]) -> None:
        disguises = [(replace(found, disguise=name), turn) for name, turn in DISGUISES.items()]
        for text in texts:
            for disguised, turn in disguises:
                each = turn(text)
                if each not in self._known:
                    self._known.add(each)
                    self._by_prefix[each[:PREFIX]].append((each, disguised))

    def find(self, text: str) -> Iterator[Found]:
        """Everything forbidden in a text, each once."""
        text, seen = compact(text), set()
        known = self._by_prefix
        for start in range(len(text) - PREFIX + 1):
            for forbidden, found in known.get(text[start : start + PREFIX], ()):
                if found not in seen and text.startswith(forbidden, start):
                    seen.add(found)
                    yield found


def _lines(source: str) -> list[str]:
    """The distinctive lines of a source, compacted. What it imports, everybody may import."""
    lines = (line for line in source.splitlines() if not line.lstrip().startswith(("import ", "from ")))
    return [line for line in map(compact, lines) if len(line) >= LINE]


def _code(source: str) -> list[str]:
    whole = windows(compact(source), CODE_WINDOW, STEP)
    return list(dict.fromkeys([*_lines(source), *(each for each in whole if len(each) >= LINE)]))
