"""Find answers of two students that are alike in what is rare in their class. What that means only a person can say.

An answer is read as tokens: comments, texts and layout left out, names of one's own all the same. Starter code, what
the reference writes as well and what many write count for nothing. Pairs that share enough of the rest are compared as
wholes by RapidFuzz.
"""

from __future__ import annotations

import keyword
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from rapidfuzz.distance import Indel

from autograder.feedback.summary import Indexed
from autograder.grading.result import ClassResult, SubmissionStatus

GRAM = 8  # tokens in a row that are compared
SHARED = 15  # rare grams that two answers must share
MANY = 20  # a gram is common when one in so many answers has it, and more than four
PAIRED = 50  # answers with a gram of which each is paired with each; beyond that the pairs would outgrow the class
ALIKE = 0.8  # of the longer answer's tokens, by the fewest insertions and deletions
MOST_PAIRS = 50
MOST_CODE = 20_000  # characters of an answer that are read

TOKEN = re.compile(
    r"\#[^\n]*|(?P<string>[rbfuRBFU]{0,2}(?:\"\"\"[\s\S]*?(?:\"\"\"|\Z)|'''[\s\S]*?(?:'''|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*(?:\"|$)|'(?:\\.|[^'\\\n])*(?:'|$)))"
    r"|(?P<number>\b\d[\w.]*)|(?P<member>\.\s*[^\W\d]\w*)|(?P<word>[^\W\d]\w*)|(?P<sign>\S)",
    re.MULTILINE,
)

Place = tuple[str, str]  # assignment and question


@dataclass(frozen=True)
class Given:
    """What a student did not think of: the cell as it was handed out, and right answers that are known."""

    starter: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alike:
    """One question that two students answered alike."""

    question: str
    share: float  # of the tokens
    left: str
    right: str


@dataclass(frozen=True)
class Pair:
    """Two hand-ins of one assignment and the questions that they answered alike."""

    left: Indexed
    right: Indexed
    questions: tuple[Alike, ...]


def similar_pairs(result: ClassResult, given: Mapping[Place, Given]) -> list[Pair]:
    """The pairs of a class that are most alike first; `given` names the questions that are looked at."""
    found: dict[tuple[int, int], list[tuple[int, Alike]]] = defaultdict(list)
    for place, start in given.items():
        answers = _answers(result, place)
        for left, right, weight, share in _alike([code for _, code in answers], start):
            who = answers[left][0], answers[right][0]
            alike = Alike(place[1], share, answers[left][1], answers[right][1])
            found[who].append((weight, alike))
    ranked = sorted(found.items(), key=lambda each: (-sum(weight for weight, _ in each[1]), each[0]))
    submissions = result.submissions
    return [
        Pair((left, submissions[left]), (right, submissions[right]), tuple(alike for _, alike in questions))
        for (left, right), questions in ranked[:MOST_PAIRS]
    ]


def _answers(result: ClassResult, place: Place) -> list[tuple[int, str]]:
    """Each answer to a question, with the number of its hand-in; one for each student."""
    seen: set[str] = set()
    found = []
    for number, submission in enumerate(result.submissions):
        if submission.status is not SubmissionStatus.GRADED or submission.assignment != place[0]:
            continue
        code = next((each.code for each in submission.questions if each.question == place[1]), "")
        if code.strip() and submission.student not in seen:
            seen.add(submission.student)
            found.append((number, code[:MOST_CODE]))
    return found


def _alike(codes: Sequence[str], given: Given) -> Iterator[tuple[int, int, int, float]]:
    """Pairs of answers, how many rare grams they share, and how much of the whole."""
    read = {code: tokens(code, given.starter) for code in set(codes)}
    texts = [read[code] for code in codes]
    writers: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        writers[text].append(number)
    dull = {gram for known in given.known for gram in _grams(tokens(known, given.starter))}
    grams = {text: set(_grams(text)) - dull for text in writers}
    common = max(4, len(codes) // MANY)
    shared: Counter[tuple[int, int]] = Counter()
    for who in _owners(writers, grams, common):
        shared.update(_pairs(sorted(who)))
    for (left, right), weight in shared.items():
        if weight >= SHARED:
            share = Indel.normalized_similarity(texts[left], texts[right], score_cutoff=ALIKE)
            if share >= ALIKE:
                yield left, right, weight, share


def _pairs(who: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Each two of these answers; of very many each with the next one, so that copies still meet."""
    return combinations(who, 2) if len(who) <= PAIRED else pairwise(who)


def _owners(
    writers: Mapping[str, Sequence[int]], grams: Mapping[str, set[str]], common: int
) -> Iterator[Sequence[int]]:
    """The answers that have a gram, for each that more than one has and not too many."""
    times: Counter[str] = Counter()
    for text, who in writers.items():
        times.update(dict.fromkeys(grams[text], len(who)))
    owners: dict[str, list[int]] = defaultdict(list)
    for text, who in writers.items():
        for gram in grams[text]:
            if 1 < times[gram] <= common:
                owners[gram] += who
    yield from owners.values()


def tokens(code: str, starter: str = "") -> str:
    """The tokens of an answer, a character each, without the lines that it was handed out with."""
    handed_out = {line.strip() for line in starter.splitlines()}
    own = "\n".join(line for line in code[:MOST_CODE].splitlines() if line.strip() not in handed_out)
    return "".join(map(_character, TOKEN.finditer(own)))


def _character(match: re.Match[str]) -> str:
    kind, text = match.lastgroup, match[0]
    if kind is None or kind == "string":
        return ""
    if kind == "word" and not keyword.iskeyword(text):
        return "v"  # a name is as good as any other
    if kind == "sign":
        return text
    # Keywords, numbers and members by what they are; two that fall together by chance do no harm.
    return chr(0x4E00 + zlib.crc32(text.replace(" ", "").encode("utf-8", "surrogatepass")) % 20_000)


def _grams(text: str) -> Iterator[str]:
    return (text[start : start + GRAM] for start in range(len(text) - GRAM + 1))
