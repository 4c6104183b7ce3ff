"""What is planted: texts that must not be published, drawn from the real masters and rubrics."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from autograder.course import LoadedAssignment
from autograder.handin.written import mistaken_cell
from autograder.leaks.fingerprints import LINE, compact
from autograder.leaks.forbidden import CUT
from autograder.leaks.leak import Kind
from autograder.rubric import Function, Mistake
from autograder.rubric.question import Question

SECRET = "5f0c9a1e7d3b4826a4e1f09d8c7b6a53e2d1f4c8b7a6958473625140fedcba98"
USER, HOME = "ada.lehmann", "/home/ada.lehmann/cnn-course"


@dataclass(frozen=True)
class Payload:
    """A text, what it is called in the table, and what the scan may call it."""

    what: str
    text: str
    kinds: tuple[Kind, ...]


def payloads(assignment: LoadedAssignment, public: str) -> list[Callable[[Random], Payload]]:
    """Ways to draw a payload from an assignment. `public` is compacted; what stands there is no leak."""
    questions = assignment.rubric.questions
    wrong = [(question, mistake) for question in questions for mistake in question.mistakes]
    functions = [each for each in wrong if each[1].by and isinstance(each[0], Function)]
    edits = [each for each in wrong if each[1].edit and _edited(assignment, *each, public)]
    named = [each for each in wrong if len(each[1].name.split()) > 2 and compact(each[1].name) not in public]

    def whole(dice: Random) -> Payload:
        question = dice.choice(questions)
        return Payload(f"the solution of `{question.name}`", _solution(assignment, question), (Kind.SOLUTION,))

    def line(dice: Random) -> Payload:
        question = dice.choice(questions)
        lines = _distinctive(_solution(assignment, question).splitlines(), public)
        return Payload(f"one line of the solution of `{question.name}`", dice.choice(lines), (Kind.SOLUTION,))

    def variant(dice: Random) -> Payload:
        question = dice.choice([each for each in questions if each.variants])
        source = inspect.getsource(dice.choice(question.variants))
        return Payload(f"another right answer to `{question.name}`", source, (Kind.SOLUTION,))

    def mistake(dice: Random) -> Payload:
        question, each = dice.choice(functions)
        cell = mistaken_cell(assignment, question.name, each).split(f"_right = {question.name}")[1]
        return Payload(f"a known mistake's code (`{question.name}`)", cell, (Kind.MISTAKE, Kind.RUBRIC))

    def edit(dice: Random) -> Payload:
        question, each = dice.choice(edits)
        line = dice.choice(_edited(assignment, question, each, public))
        return Payload(f"a known mistake's line (`{question.name}`)", line, (Kind.MISTAKE, Kind.SOLUTION))

    def name(dice: Random) -> Payload:
        question, each = dice.choice(named)
        return Payload(f"a known mistake's name (`{question.name}`)", each.name, (Kind.MISTAKE,))

    def sentence(dice: Random) -> Payload:
        question, each = dice.choice(wrong)
        return Payload(f"a known mistake's sentence (`{question.name}`)", each.say, (Kind.SENTENCE,))

    def secret(dice: Random) -> Payload:
        first = dice.randrange(0, 32)
        what, text = dice.choice([("the course's secret", SECRET), ("half of the secret", SECRET[first : first + 32])])
        return Payload(what, text, (Kind.SECRET,))

    def person(dice: Random) -> Payload:
        return Payload("a user's name", f"prepared by {USER} on Monday", (Kind.PERSON,))

    def place(dice: Random) -> Payload:
        path = dice.choice([f"{HOME}/notes.txt", "C:\\Users\\ada\\course\\notes.txt", "/Users/ada/course/notes.txt"])
        return Payload("a machine's path", f"see {path} for more", (Kind.PLACE,))

    return [whole, line, whole, line, variant, mistake, edit, name, sentence, secret, person, place]


def _solution(assignment: LoadedAssignment, question: Question) -> str:
    return "\n".join(CUT.findall(assignment.master.solution_cell(question.name).source)).strip("\n")


def _edited(assignment: LoadedAssignment, question: Question, mistake: Mistake, public: str) -> list[str]:
    """The lines that an edit makes and the solution does not have."""
    right = set(assignment.reference.source(question.name).splitlines())
    edited = assignment.reference.edited(question.name, mistake).splitlines()
    return _distinctive([line for line in edited if line not in right], public)


def _distinctive(lines: Sequence[str], public: str) -> list[str]:
    return [line.strip() for line in lines if len(compact(line)) >= LINE and compact(line) not in public]
