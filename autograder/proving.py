"""The self-test of whole assignments: questions side by side, each in a process of our own, hand-ins in the jail."""

from __future__ import annotations

import functools
import json
import multiprocessing
import signal
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from autograder.course import Course, LoadedAssignment
from autograder.grading.drawn import LONG
from autograder.grading.plan import Plan, make_plan
from autograder.grading.submission import grade_submission
from autograder.handin.inbox import Submission
from autograder.handin.written import solved_cells, solved_files, write_notebook
from autograder.jail import Jails
from autograder.selftest import Proof, Tried, gather, secret, try_question


def prove_all(
    jails: Jails, course: Course, names: Sequence[str], seeds: int, jobs: int, on_proof: Callable[[str], None]
) -> list[Proof]:
    """Prove assignments, `jobs` questions at a time; hand-ins of our own are graded beside the next one's questions."""
    # Forked processes would share TensorFlow's threads, which do not survive a fork: these begin anew.
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _die_quietly)
    try:
        running = {name: _begin(pool, course, name, seeds) for name in names}
        proofs = []
        for name in names:
            tried = {question: future.result() for question, future in running[name].items()}
            solution, stub = grade_own(jails, course, course.load(name), tried)
            proofs.append(gather(name, solution, stub, list(tried.values())))
            on_proof(name)
        return proofs
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(pool: ProcessPoolExecutor, course: Course, name: str, seeds: int) -> dict[str, Future[Tried]]:
    """The questions of an assignment at work, in the rubric's order."""
    questions = course.load(name).rubric.automatic
    longest_first = sorted(questions, key=lambda each: each.kind not in LONG)
    begun = {each.name: pool.submit(_try_one, course, name, each.name, seeds) for each in longest_first}
    return {each.name: begun[each.name] for each in questions}


def _die_quietly() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C is answered once, by the command


def _try_one(course: Course, name: str, question: str, seeds: int) -> Tried:
    """In a process of its own: an assignment is read there once, and its models are built there."""
    assignment = course.load(name)
    return try_question(assignment, assignment.rubric[question], seeds)


def grade_own(
    jails: Jails, course: Course, assignment: LoadedAssignment, tried: dict[str, Tried]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Scores of the solved notebook and of the untouched one, through the whole grader."""
    assignment.drawn.update({(name, secret(0)): each.graded for name, each in tried.items() if each.graded})
    plan = make_plan(course, assignment.name, secret(0))
    solution = (solved_cells(assignment), solved_files(assignment))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as side_by_side:
        grade = functools.partial(_grade, jails, course, plan, Path(folder))
        scores = tuple(side_by_side.map(grade, ("solution", "stub"), (solution, ({}, {}))))
    most = float(sum(each.points for each in assignment.rubric.automatic))
    return (scores[0], most), (scores[1], most)


def _grade(
    jails: Jails, course: Course, plan: Plan, folder: Path, name: str, answers: tuple[dict[str, str], dict[str, bytes]]
) -> float:
    """The score of the released notebook with these cells in it and these files beside it."""
    cells, files = answers
    assignment = plan.assignment
    path = folder / name / f"{assignment.notebook}.ipynb"
    released = course.assignments / assignment.name / path.name
    write_notebook(path, json.loads(released.read_text(encoding="utf-8")), cells)
    for file, content in files.items():
        (path.parent / file).write_bytes(content)
    return grade_submission(jails, plan, Submission(name, assignment.name, path)).score
