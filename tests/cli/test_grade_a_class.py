"""`course grade` on a class: how far it is, Ctrl-C, and the part of a class that was asked for."""

import functools
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from autograder.building.release import build, write
from autograder.cli.results import counts
from autograder.course import Course
from autograder.handin.written import solved_cells, write_notebook

GRADE = [sys.executable, "-m", "autograder.cli", "grade"]
NAME, WRITTEN = "01_convolution", "09_written"

pytestmark = [pytest.mark.jail, pytest.mark.nbgrader]


@pytest.fixture(scope="module")
def course(tmp_path_factory, course):
    """A course with two assignments."""
    root = tmp_path_factory.mktemp("course")
    tests = Path(__file__).resolve().parents[1]
    for master in (course.root / "solutions" / NAME, tests / "questions/solutions" / WRITTEN):
        shutil.copytree(master, root / "solutions" / master.name, ignore=shutil.ignore_patterns("__pycache__"))
    small = Course(root)
    for name in small.names():
        write(small, build(small, small.load(name)))
    return small


@pytest.fixture
def hand_in(course, tmp_path):
    def hand_in(student, name=NAME, answers=None, more=""):
        assignment = course.load(name)
        path = tmp_path / "submitted" / student / name / f"{assignment.notebook}.ipynb"
        released = json.loads((course.assignments / name / path.name).read_text(encoding="utf-8"))
        answers = solved_cells(assignment) if answers is None else answers
        write_notebook(path, released, {question: f"{cell}{more}" for question, cell in answers.items()})
        return path

    return hand_in


def environment(course):
    return {**os.environ, "COURSE_ROOT": str(course.root), "COURSE_SECRET": "a secret of the tests"}


def start(course, cwd, *options, **how):
    # A shell that starts the tests in the background has Ctrl-C ignored, and a process inherits that.
    heard = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    return subprocess.Popen([*GRADE, *options], cwd=cwd, env=environment(course), preexec_fn=heard, **how)


def grade(course, cwd, *options):
    run = start(course, cwd, *options, "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, problem = run.communicate()
    assert run.returncode == 0, problem
    return {(each["student"], each["assignment"]): each for each in json.loads(out)["submissions"]}


def test_ctrl_c_keeps_what_is_finished_and_the_next_run_takes_it(course, hand_in, tmp_path):
    slow = "\n    import time\n    time.sleep(0.15)"
    cell = f"def conv1d(x, h, mode='full'):{slow}\n    return np.convolve(x, h, mode)"
    for number in range(8):
        hand_in(f"s{number}", answers={"conv1d": cell}, more=f"\n# {number}")
    run = start(course, tmp_path, "submitted", "--jobs", "2", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    finished = tmp_path / "graded/autograded"
    wait_until(lambda: finished.exists() and len(list(finished.glob("*/*/*.ipynb"))) >= 2)
    asked = time.monotonic()
    run.send_signal(signal.SIGINT)
    out, problem = run.communicate(timeout=60)
    assert time.monotonic() - asked < 30
    assert run.returncode == 1 and "Traceback" not in problem
    assert out.count("Stopped early. What was finished is kept.") == 1
    kept = {path.parent.parent.name: path.stat().st_mtime_ns for path in finished.glob("*/*/*.ipynb")}
    assert 2 <= len(kept) < 8
    results = grade(course, tmp_path, "submitted")
    assert [each["score"] for each in results.values()] == [5] * 8
    assert {path.parent.parent.name for path in finished.glob("*/*/*.ipynb")} == {f"s{n}" for n in range(8)}
    for student, written in kept.items():  # what stood there already was taken as it was
        assert (finished / student / NAME / "convolution.ipynb").stat().st_mtime_ns == written


def wait_until(holds, seconds=120.0):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def in_a_terminal(course, cwd, *options):
    """What a terminal gets to see on stderr, and what comes out on stdout."""
    ours, theirs = pty.openpty()
    run = start(course, cwd, *options, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = b""
    while run.poll() is None or select.select([ours], [], [], 0)[0]:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                shown += os.read(ours, 65_536)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    out = run.stdout.read()
    run.stdout.close()
    assert run.wait() == 0
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode()), out.decode()


def test_a_terminal_shows_a_bar_with_counts_by_verdict_and_the_time_left(course, hand_in, tmp_path):
    hand_in("ada")
    hand_in("ben", answers={})
    hand_in("chen").write_bytes(b"no notebook")
    shown, out = in_a_terminal(course, tmp_path, "submitted", "--json")
    asked = len(course.load(NAME).rubric.questions)
    assert "grading" in shown and "3/3" in shown and f"{asked} passed, {asked} missing, 1 unreadable" in shown
    assert re.search(r"\d:\d\d:\d\d", shown)
    assert len(json.loads(out)["submissions"]) == 3  # the bar is not in what a script reads


def test_without_a_terminal_a_short_run_says_nothing_on_the_way(course, hand_in, tmp_path):
    hand_in("ada")
    run = start(course, tmp_path, "submitted", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, said = run.communicate()
    assert run.returncode == 0 and "1 hand-in in " in out and "assignment" not in out  # one needs no column
    assert not re.search(r"[^\n -~–−…]", out + said)  # nothing but letters and line ends
    assert all(re.fullmatch(r"grading: \d of 1  .*", line) for line in said.splitlines())


def test_the_same_class_graded_twice_gives_the_same_bytes(course, hand_in, tmp_path):
    hand_in("ada")
    hand_in("ben", answers={"conv1d": "def conv1d(x, h, mode='full'):\n    return x"})
    hand_in("chen").write_bytes(b"no notebook")
    written = []
    for _ in range(2):
        grade(course, tmp_path, "submitted")
        files = [path for part in ("report", "feedback") for path in (tmp_path / "graded" / part).rglob("*.html")]
        written.append({path: path.read_bytes() for path in [*files, tmp_path / "graded/results.json"]})
    assert written[0] == written[1]
    assert {path.parts[-3] for path in written[0] if path.name == "convolution.html"} == {"ada", "ben", "chen"}


def modules_of_a_run(course, cwd):
    """All that was imported to grade the class."""
    code = "import sys; from autograder.cli import main\ntry: main()\nfinally: print('modules', *sys.modules)"
    command = [sys.executable, "-c", code, "grade", "submitted"]
    run = subprocess.run(command, cwd=cwd, env=environment(course), capture_output=True, text=True, check=True)
    return set(run.stdout.rpartition("modules ")[2].split())


def test_a_class_that_has_not_changed_is_only_looked_at(course, hand_in, tmp_path):
    hand_in("ada")
    hand_in("ben", answers={}).write_bytes(b"no notebook")
    heavy = {"nbgrader", "nbformat"}
    assert heavy <= modules_of_a_run(course, tmp_path)
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "graded/report").glob("*.html")}
    assert not heavy & modules_of_a_run(course, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    hand_in("ben", answers={})
    assert not heavy & modules_of_a_run(course, tmp_path)  # a new hand-in needs no nbgrader


def test_a_run_that_ends_before_its_pages_are_written_has_them_written_by_the_next(course, hand_in, tmp_path):
    hand_in("ada")
    grade(course, tmp_path, "submitted")
    report, aside = tmp_path / "graded/report", tmp_path / "aside"
    (page,) = (report / "feedback").glob("*.html")
    hand_in("ada", answers={})
    report.rename(aside)
    report.write_text("no folder")  # no page can be written
    run = start(course, tmp_path, "submitted", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert run.wait() != 0
    report.unlink()
    aside.rename(report)
    assert "Not begun" not in page.read_text(encoding="utf-8")
    grade(course, tmp_path, "submitted")
    assert "Not begun" in page.read_text(encoding="utf-8")


def test_verdicts_are_counted_the_good_ones_first():
    verdicts = Counter(failed=14, passed=3, out_of_memory=1, unreadable=1)
    assert counts(verdicts) == "3 passed, 14 failed, 1 out of memory, 1 unreadable"


def test_one_or_many_assignments_one_question_some_students(course, hand_in, tmp_path):
    for student in ("ada", "ben", "chen"):
        hand_in(student)
    hand_in("ada", WRITTEN, {"why_no_flip": "Because."})
    hand_in("dora", WRITTEN, {})
    everything = grade(course, tmp_path, "submitted")
    assert set(everything) == {("ada", NAME), ("ben", NAME), ("chen", NAME), ("ada", WRITTEN), ("dora", WRITTEN)}
    assert {each["status"] for each in everything.values()} == {"graded"}
    assert set(grade(course, tmp_path, "submitted", "--assignment", NAME)) == {
        (student, NAME) for student in ("ada", "ben", "chen")
    }
    # Some students: their folders, or their notebooks.
    some = [f"submitted/{student}/{NAME}/convolution.ipynb" for student in ("ada", "chen")]
    assert set(grade(course, tmp_path, *some, "--to", "some")) == {("ada", NAME), ("chen", NAME)}
    one = grade(course, tmp_path, "submitted", "--assignment", NAME, "--question", "conv1d", "--to", "one")
    assert {(each["score"], each["max_score"], len(each["questions"])) for each in one.values()} == {(5, 5, 1)}


@pytest.mark.parametrize("name", ["namespaces", "spark"])
def test_an_engine_that_is_not_there_is_one_sentence(course, hand_in, tmp_path, name):
    hand_in("ada")
    run = start(
        course, tmp_path, "submitted", "--engine", name, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    _, problem = run.communicate()
    assert run.returncode == 2 and f"There is no engine '{name}'; there is local." in problem and "--jail" in problem
