"""What was graded once is not graded again, nothing finished is lost, and the same class gives the same bytes."""

import contextlib
import dataclasses
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.grading.kept import Kept, key
from autograder.grading.plan import make_plan
from autograder.grading.submission import grade_submission
from autograder.handin.inbox import Submission
from autograder.handin.written import mistaken_cell, write_notebook
from common.cases import QuestionResult, Status, Verdict

RESULT = QuestionResult(
    "f", Status.PARTIAL, 1.5, 4.0, "words", "advice", "mistake",
    (Verdict("case", "group", False, Status.FAILED, "why", "detail", "x (3,)", 0.5, 1e-6),), "out\ud800", "code", 0.1,
)  # fmt: skip


@pytest.fixture
def kept(tmp_path):
    with Kept(tmp_path / "kept.db") as kept:
        yield kept


def test_a_result_comes_back_as_it_was(kept):
    kept.keep("k", RESULT)
    assert kept.find("k") == RESULT
    assert kept.find("other") is None


def test_parts_of_a_key_do_not_run_into_each_other():
    assert len({key("ab", "c"), key("a", "bc"), key(["ab", "c"]), key(["a", "bc"]), key("abc"), key("ab", [])}) == 6


def test_the_log_can_only_grow(kept, tmp_path):
    kept.note(_submission(RESULT), {"f": "rubric 1"}, "secret 1")
    kept.note(_submission(RESULT), {"f": "rubric 1"}, "secret 1")
    kept.note(_submission(dataclasses.replace(RESULT, score=2.0)), {"f": "rubric 1"}, "secret 1")
    kept.note(_submission(RESULT), {"f": "rubric 2"}, "secret 1")
    with sqlite3.connect(tmp_path / "kept.db") as log:
        rows = log.execute("SELECT student, question, score, rubric, secret FROM log ORDER BY rowid").fetchall()
        assert rows == [
            ("ada", "f", 1.5, "rubric 1", "secret 1"),
            ("ada", "f", 2.0, "rubric 1", "secret 1"),
            ("ada", "f", 1.5, "rubric 2", "secret 1"),
        ]
        for change in ("DELETE FROM log", "UPDATE log SET score = 9"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                log.execute(change)


def _submission(question):
    from autograder.grading.result import SubmissionResult, SubmissionStatus

    return SubmissionResult("ada", "a", SubmissionStatus.GRADED, (question,), 4.0)


@pytest.fixture
def grade(jails, course, released, tmp_path, kept):
    """Grade answers; gives the result and how many questions were really run."""

    class Counting:
        """The jails, counting the answers that are loaded into their sessions."""

        def __init__(self):
            self.count, self.engine, self.sandboxed = 0, jails.engine, jails.sandboxed

        def with_packages(self, preload):
            self.jail = jails.with_packages(preload)
            return self

        def session(self, limits, at_once=False):
            session = self.jail.session(limits, at_once)
            session.load, session.load_anew = self.counted(session.load), self.counted(session.load_anew)
            return session

        def counted(self, load):
            def loading(cells):
                self.count += 1
                return load(cells)

            return loading

    def grade(answers, secret=b"one", change=lambda notebook: notebook):
        plan = make_plan(course, "01_convolution", secret)
        write_notebook(tmp_path / "in/convolution.ipynb", change(released), answers)
        counting = Counting()
        submission = Submission("ada", "01_convolution", tmp_path / "in/convolution.ipynb")
        return grade_submission(counting, plan, submission, kept), counting.count

    return grade


@pytest.mark.jail
def test_only_what_has_changed_is_graded_again(grade, solved, convolution, full):
    first, ran = grade(solved)
    assert (first.score, ran) == (full, len(solved))
    again, ran = grade(solved)
    assert ran == 0 and again.questions == first.questions
    (mistake,) = [each for each in convolution.rubric["conv2d"].mistakes if each.name == "bias forgotten"]
    changed, ran = grade(solved | {"conv2d": mistaken_cell(convolution, "conv2d", mistake)})
    assert ran == 1 and [each.mistake for each in changed.questions if each.mistake] == ["bias forgotten"]


@pytest.mark.jail
def test_another_secret_draws_other_cases_and_grades_anew(grade, solved, convolution):
    drawn = [question for question in convolution.rubric.automatic if question.kind != "value"]
    assert grade(solved)[1] == len(solved)
    assert grade(solved, secret=b"two")[1] == len(drawn) < len(solved)


@pytest.mark.jail
def test_cells_that_moved_are_graded_again_once(grade, solved):
    def with_note(notebook):
        note = {"cell_type": "markdown", "metadata": {}, "source": "I am proud of this."}
        return {**notebook, "cells": [note, *notebook["cells"]]}

    assert grade(solved)[1] == len(solved)
    # The cells have other numbers now, and numbers stand in messages: all are graded again, and only once.
    assert grade(solved, change=with_note)[1] == len(solved)
    assert grade(solved, change=with_note)[1] == 0


@pytest.mark.jail
def test_an_answer_that_leans_on_hidden_names_is_kept_with_the_whole_notebook(grade, solved):
    def hidden(value):
        helper = {"cell_type": "code", "metadata": {}, "source": f"globals()['secret' + '_name'] = {value}"}
        return lambda notebook: {**notebook, "cells": [*notebook["cells"], helper]}

    cell = "def conv1d(x, h, mode='full'):\n    return secret_name(x, h, mode)"
    answers = solved | {"conv1d": cell}
    assert grade(answers, change=hidden("np.convolve"))[0].questions[0].score == 5
    assert grade(answers, change=hidden("np.convolve"))[1] == 0
    assert grade(answers, change=hidden("np.correlate"))[0].questions[0].score < 5


@pytest.fixture
def class_of(tmp_path, released, solved, convolution):
    """Write a class of this many different hand-ins."""

    def class_of(count):
        mistakes = convolution.rubric["conv2d"].mistakes
        for number in range(count):
            cell = mistaken_cell(convolution, "conv2d", mistakes[number % len(mistakes)]) + f"\n# hand-in {number}"
            path = tmp_path / f"submitted/s{number:03}/01_convolution/convolution.ipynb"
            write_notebook(path, released, solved | {"conv2d": cell})
        return tmp_path

    return class_of


def course_grade(folder, *options, to="graded", seconds=None, victim="grader"):
    """Run the command; with `seconds` the grader, as by a power cut, or a worker of it is killed after that long."""
    command = [sys.executable, "-m", "autograder.cli", "grade", "submitted", "--to", to, *options]
    environment = {**os.environ, "COURSE_SECRET": "a secret of the tests"}
    run = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _, problem = run.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        if victim == "grader":
            run.kill()
            run.communicate()
            return folder / to
        for worker in workers_of(run.pid)[:1]:
            os.kill(worker, signal.SIGKILL)
        _, problem = run.communicate()
    assert run.returncode == 0, problem.decode()
    return folder / to


def workers_of(pid):
    """The processes that a grader has forked from itself: they run the same command."""
    command = Path(f"/proc/{pid}/cmdline").read_bytes()
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with contextlib.suppress(OSError):
            if Path(f"/proc/{child}/cmdline").read_bytes() == command:
                found.append(int(child))
    return found


@pytest.mark.jail
@pytest.mark.nbgrader
def test_any_number_of_workers_gives_the_same_bytes(class_of):
    folder = class_of(12)
    one = course_grade(folder, "--jobs", "1", to="one")
    eight = course_grade(folder, "--jobs", "8", to="eight")
    assert (one / "results.json").read_bytes() == (eight / "results.json").read_bytes()
    before = (one / "results.json").read_bytes()
    course_grade(folder, "--fresh", to="one")
    assert (one / "results.json").read_bytes() == before


def _kill_and_finish(class_of, students, moments):
    """Kill the grader, or one of its workers, at random moments; finish; compare with a run that was never killed."""
    folder = class_of(students)
    begin = time.perf_counter()
    whole = course_grade(folder, to="whole")
    usual = time.perf_counter() - begin
    dice = random.Random(7)
    for moment in range(moments):
        fresh = ["--fresh"] if moment % 4 == 3 else []  # so that there is always something to be killed at
        victim = ("grader", "grader", "worker")[moment % 3]
        course_grade(folder, *fresh, to="killed", seconds=dice.uniform(0.3, usual), victim=victim)
        results = folder / "killed/results.json"
        assert not results.exists() or json.loads(results.read_text())
    killed = course_grade(folder, to="killed")
    assert (killed / "results.json").read_bytes() == (whole / "results.json").read_bytes()
    for name in ("kept.db", "gradebook.db"):
        with sqlite3.connect(killed / name) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    submissions = json.loads((whole / "results.json").read_text())["submissions"]
    assert len(submissions) == students and all(each["questions"] for each in submissions)
    assert _grades(killed) == _grades(whole)
    assert _pages(killed) == _pages(whole) and len(_pages(whole)) == students
    assert len(_grades(whole)) == sum(len(each["questions"]) for each in submissions)


def _pages(folder):
    return {page.name: page.read_bytes() for page in (folder / "report/feedback").glob("*.html")}


def _grades(folder):
    with sqlite3.connect(folder / "gradebook.db") as database:
        query = (
            "SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score FROM grade "
            "JOIN base_cell ON base_cell.id = grade.cell_id "
            "JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id "
            "JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id ORDER BY 1, 2"
        )
        return database.execute(query).fetchall()


@pytest.mark.jail
@pytest.mark.nbgrader
def test_a_grader_killed_at_any_moment_loses_nothing_and_writes_nothing_by_halves(class_of):
    _kill_and_finish(class_of, students=12, moments=3)


@pytest.mark.slow
@pytest.mark.jail
@pytest.mark.nbgrader
def test_a_grader_killed_at_fifty_moments_loses_nothing(class_of):
    _kill_and_finish(class_of, students=40, moments=50)
