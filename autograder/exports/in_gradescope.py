"""What runs inside Gradescope's container for each submission: grade it in the jail, write results.json.

Whatever goes wrong is said in results.json. A student reads a sentence and never a zero without one; what only helps
the instructor goes to stdout, which Gradescope shows to instructors alone.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.exports.gradescope import failure, results
from autograder.exports.mark import Mark, QuestionMark
from autograder.gradebook.comment import comment, for_student
from autograder.grading.plan import make_plan
from autograder.grading.request import request_for
from autograder.grading.result import SubmissionResult
from autograder.grading.submission import grade_request, unreadable
from autograder.handin.notebook import UnreadableError
from autograder.jail import KERAS, Jails, JailUnavailable
from common.cases import QuestionResult, Status

NO_JAIL = (
    "Nothing was graded, because this container gives the grader no jail for students' code: neither Linux namespaces "
    "nor Landlock. This says nothing about your work. Tell your instructor."
)
BROKEN = (
    "The grader failed. This says nothing about your work. Tell your instructor, who finds the reason in its output."
)
DEEPEST, MOST_FILES = 4, 5000  # folders and files that are looked through for the notebook


@dataclass(frozen=True)
class Place:
    """Where Gradescope puts things."""

    source: Path = Path("/autograder/source")
    submission: Path = Path("/autograder/submission")
    results: Path = Path("/autograder/results/results.json")


def main(place: Place = Place()) -> None:
    """Grade the submission that is there. What is written in the end says what became of it."""
    settings: dict[str, Any] = {"points": 0.0}
    try:
        settings |= json.loads((place.source / "grader.json").read_text(encoding="utf-8"))
        outcome = grade(place, settings)
    except JailUnavailable as missing:
        print(f"No jail can be had in this container: {missing}")
        outcome = failure(NO_JAIL, settings["points"])
    except BaseException:
        traceback.print_exc(file=sys.stdout)
        outcome = failure(BROKEN, settings["points"])
    write(place.results, outcome)


def grade(place: Place, settings: dict[str, Any]) -> dict[str, Any]:
    """The results.json of the submission."""
    course, name = Course(place.source / "course"), str(settings["assignment"])
    secret = (place.source / "secret").read_bytes()
    with Jails() as jails:
        if course.needs_keras(name):
            jails.begin(KERAS)  # while this process imports Keras for the rubric
        plan = make_plan(course, name, secret)
        try:
            request = request_for(plan, find_notebook(place.submission, f"{plan.assignment.notebook}.ipynb"))
        except UnreadableError as problem:
            result = unreadable(plan, str(problem), jails.sandboxed)
        else:
            result = grade_request(jails, plan, request)
    print(f"{name}: {result.status}, {result.score:g} of {result.max_score:g} points, jail {jails.engine}")
    return results(as_mark(result), str(settings["visibility"])) | {"execution_time": round(result.seconds, 2)}


def find_notebook(folder: Path, name: str) -> Path:
    """The notebook of the right name that lies highest, else the only one; UnreadableError where it cannot be told."""
    found = sorted(_notebooks(folder), key=lambda path: (len(path.parts), path))
    named = [path for path in found if path.name == name]
    if named or len(found) == 1:
        return (named or found)[0]
    if not found:
        raise UnreadableError(f"No notebook was handed in. Hand in {name}.")
    raise UnreadableError(f"{len(found)} notebooks were handed in, and none is called {name}.")


def _notebooks(folder: Path) -> Iterator[Path]:
    seen = 0
    for place, folders, files in os.walk(folder):
        depth = len(Path(place).relative_to(folder).parts)
        folders[:] = sorted(each for each in folders if depth < DEEPEST and not each.startswith((".", "__MACOSX")))
        for each in sorted(files):
            seen += 1
            if seen > MOST_FILES:
                return
            if each.endswith(".ipynb") and not each.startswith(".") and not (Path(place) / each).is_symlink():
                yield Path(place) / each


def as_mark(result: SubmissionResult) -> Mark:
    """A result as exports have it; nobody has marked anything by hand yet."""
    return Mark(
        result.student,
        result.assignment,
        str(result.status),
        result.max_score,
        tuple(map(_question, result.questions)),
        reason=result.reason,
        repairs=result.repairs,
        sandboxed=result.sandboxed,
    )


def _question(question: QuestionResult) -> QuestionMark:
    return QuestionMark(
        question.question,
        question.score,
        question.max_score,
        waiting=question.status is Status.MANUAL,
        verdict=str(question.status),
        message=question.message,
        advice=question.advice,
        mistake=question.mistake,
        comment=for_student(comment(question)),
    )


def write(path: Path, outcome: dict[str, Any]) -> None:
    """The whole file or the one that stood there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(json.dumps(outcome, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
