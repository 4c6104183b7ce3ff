"""A class from release to export through nbgrader's own commands, autograded in our jail."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.utils import determine_grade
from traitlets.config import Config

from autograder.deadlines.receipts import claimed_time, read_record
from autograder.grading.plan import make_plan
from autograder.grading.submission import grade_submission
from autograder.handin.inbox import find_submissions
from autograder.handin.written import mistaken_cell, solved_cells
from autograder.jail import Jails

from .conftest import NAME, SECRET, WRITTEN, fetch_and_submit, hand_in, make_course, run, set_back
from .strange import strange_hand_ins

DUE = datetime(2127, 3, 26, 12)  # after any day on which this is run
DEADLINES = f"""
timezone = "UTC"
[late]
percent_per_day = 10
[assignments.{NAME}]
due = {DUE}
[extensions.exit]
{NAME} = 3
"""
ANSWER = "**Why:** the flipped kernel is learned. <img src=x onerror=alert(1)> [press](javascript:alert(1))"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    real = Path(__file__).resolve().parents[2]
    masters = real / "solutions" / NAME, real / "tests/questions/solutions" / WRITTEN
    return make_course(tmp_path_factory.mktemp("course"), *masters)


@pytest.fixture(scope="module")
def built(course):
    """The student's notebooks as `course build` made them, before nbgrader has made them anew."""
    files = {path: path.read_bytes() for path in sorted(course.assignments.rglob("*.*"))}
    for name in (NAME, WRITTEN):
        run(course.root, "generate_assignment", name, "--force")
    (course.root / "deadlines.toml").write_text(DEADLINES)
    return files


@pytest.fixture(scope="module")
def graded(course, built):
    """All hand-ins in, `nbgrader autograde` run as an instructor types it; its log."""
    assignment = course.load(NAME)
    solved = solved_cells(assignment)
    run(course.root, "release_assignment", NAME)
    fetch_and_submit(course, "ada", solved)
    place = next(course.root.glob("exchange/*/inbound/ada+*"))
    set_back(place)
    eve = shutil.copytree(place, place.with_name(f"eve+{NAME}+2001-01-01 00:00:00 UTC"))
    (eve / "timestamp.txt").unlink()
    (eve / "timestamp.txt").mkdir()
    eve.chmod(0o555)
    log = run(course.root, "collect", NAME)
    assert "says 2001-01-01 00:00:00+00:00 and has been in the exchange since" in log
    hand_in(course, "ben", NAME)
    (mistake,) = [each for each in assignment.rubric["conv2d"].mistakes if each.name == "stride down only"]
    hand_in(course, "mia", NAME, solved | {"conv2d": mistaken_cell(assignment, "conv2d", mistake)})
    hand_in(course, "exit", NAME, solved | {"conv2d": "import os\nos._exit(1)\ndef conv2d(): pass"})
    late = hand_in(course, "late", NAME, solved)
    (late.parent / "timestamp.txt").write_text(f"{DUE + timedelta(hours=25)} UTC")
    (course.root / f"submitted/exit/{NAME}/timestamp.txt").write_text(f"{DUE + timedelta(hours=25)} UTC")
    (course.root / f"submitted/mia/{NAME}/timestamp.txt").write_text("=no time\0")
    shout = 'def conv2d(*a):\n    raise ValueError("<script>alert(1)</script> [press](javascript:alert(1))")'
    hand_in(course, "shout", NAME, solved | {"conv2d": shout})
    for student, content in strange_hand_ins(course, solved):
        hand_in(course, student, NAME, content=content)
    hand_in(course, "corrupt", NAME, content=b"no notebook")
    thief = hand_in(course, "thief", NAME, solved)
    (thief.parent / "x.txt").symlink_to(course.root / "gradebook.db")
    command = [sys.executable, "-m", "nbgrader", "autograde", NAME]
    answer = subprocess.run(command, cwd=course.root, env=os.environ, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    (course.root / f"submitted/mia/{NAME}/timestamp.txt").unlink()  # formgrader's own reader would stop at it
    return answer.stderr


def gradebook(course):
    return Gradebook(f"sqlite:///{course.root}/gradebook.db")


def scores(course, name=NAME):
    with gradebook(course) as book:
        return {each.student.id: each.score for each in book.assignment_submissions(name)}


def api(course, folder=None):
    config = Config()
    exec(((folder or course.root) / "nbgrader_config.py").read_text(), {"get_config": lambda: config})
    config.CourseDirectory.root = str(folder or course.root)
    return NbGraderAPI(config=config)


def test_generate_assignment_makes_what_course_build_makes(built):
    assert {path: path.read_bytes() for path in built} == built


def test_every_hand_in_gets_the_score_that_course_grade_gives(course, graded, jails, full):
    plan = make_plan(course, NAME, SECRET)
    found = find_submissions([course.root / "submitted"], {NAME: "convolution"}, NAME)
    ours = {each.student: grade_submission(jails, plan, each).score for each in found if each.student != "thief"}
    theirs = scores(course)
    assert theirs == ours
    assert [theirs[each] for each in ("ada", "ben", "exit", "corrupt", "late")] == [full, 0, full - 10, 0, full]
    assert {theirs[each] for each in ("doubled", "stripped", "reordered", "marked", "newer")} == {full}
    assert full - 10 < theirs["mia"] < full


def test_what_nbgraders_own_rule_reads_off_the_graded_notebook_is_the_score(course, graded):
    for student in ("ada", "mia", "exit"):
        notebook = nbformat.read(course.root / f"autograded/{student}/{NAME}/convolution.ipynb", as_version=4)
        checks = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
        assert sum(determine_grade(cell)[0] for cell in checks) == scores(course)[student]


def test_the_sentence_that_helps_stands_beside_the_code(course, graded):
    with gradebook(course) as book:
        comment = book.find_comment("conv2d", "convolution", NAME, "mia").comment
        assert "`stride` is used down but not across." in comment and "NO " in comment
        assert "your code left the program" in book.find_comment("conv2d", "convolution", NAME, "exit").comment


def test_an_unreadable_hand_in_waits_for_a_person_with_the_reason(course, graded):
    with gradebook(course) as book:
        submission = book.find_submission(NAME, "corrupt")
        assert submission.needs_manual_grade and submission.score == 0
        assert "not valid JSON" in book.find_comment("conv1d", "convolution", NAME, "corrupt").comment
        assert not book.find_submission(NAME, "ada").needs_manual_grade


def test_a_hand_in_with_links_is_named_and_nothing_behind_them_is_copied(course, graded):
    assert "thief" in graded and "holds links and is not graded: x.txt" in graded
    assert "thief" not in scores(course) and not (course.root / "autograded/thief").exists()


def penalties(course):
    with gradebook(course) as book:
        found = {each.student.id: each.late_submission_penalty for each in book.assignment_submissions(NAME)}
    return {student: points for student, points in found.items() if points}


def test_a_late_hand_in_loses_ten_percent_for_each_day_begun(course, graded):
    assert penalties(course) == {"late": pytest.approx(scores(course)["late"] * 0.2)}
    with gradebook(course) as book:
        assert book.find_assignment(NAME).duedate == DUE
        assert book.find_submission(NAME, "exit").extension == timedelta(days=3)
        assert book.find_submission(NAME, "exit").duedate == DUE + timedelta(days=3)


def test_the_exchange_says_when_a_hand_in_arrived(course, graded):
    receipt = read_record(course.root)["ada", NAME]
    assert timedelta() < datetime.now(UTC) - receipt.at < timedelta(hours=1)
    # A stamp that is no time is replaced, or formgrader would stop at it.
    assert claimed_time(course.root / "submitted/eve" / NAME) == read_record(course.root)["eve", NAME].at
    listed = {each["student"]: each for each in api(course).get_submissions(NAME)}
    assert listed["ada"]["autograded"] and listed["late"]["autograded"]  # by its stamp, whatever that says


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader leaves a file open
def test_a_changed_file_takes_effect_in_feedback_and_export_without_grading_again(course, graded):
    file, full = course.root / "deadlines.toml", scores(course)["late"]
    try:
        file.write_text(DEADLINES.replace("percent_per_day = 10", "percent_per_day = 25"))
        run(course.root, "generate_feedback", NAME, "--student", "late", "--force")
        page = (course.root / f"feedback/late/{NAME}/convolution.html").read_text()
        assert f"Late submission penalty (Score: -{full / 2})" in page and f"Score: {full / 2} / {full}" in page
        file.write_text(DEADLINES.replace("percent_per_day = 10", "percent_per_day = 50"))
        run(course.root, "export")
        with (course.root / "grades.csv").open(newline="") as exported:
            (row,) = [
                each for each in csv.DictReader(exported) if (each["student_id"], each["assignment"]) == ("late", NAME)
            ]
        assert (float(row["raw_score"]), float(row["late_submission_penalty"]), float(row["score"])) == (full, full, 0)
        file.write_text("timezone = 1")
        assert "deadlines.toml: timezone is 1" in run(course.root, "export", status=1)
    finally:
        file.write_text(DEADLINES)
        run(course.root, "export")
    assert penalties(course) == {"late": pytest.approx(scores(course)["late"] * 0.2)}


@pytest.fixture(scope="module")
def graded_by_course(course, graded, tmp_path_factory):
    """The folder into which `course grade` has graded the same hand-ins."""
    folder = tmp_path_factory.mktemp("by-course")
    shutil.copytree(course.root / "submitted", folder / "submitted", ignore=shutil.ignore_patterns("thief"))
    shutil.copy(course.root / "received.json", folder)
    command = [sys.executable, "-m", "autograder.cli", "grade", "submitted", "--to", ".", "--assignment", NAME]
    settings = {**os.environ, "COURSE_ROOT": str(course.root)}
    subprocess.run(command, cwd=folder, env=settings, check=True, capture_output=True)
    return folder


def test_course_grade_gives_the_same_penalties_as_nbgrader(course, graded, graded_by_course):
    late = {
        each["student"]: each["late"]
        for each in json.loads((graded_by_course / "results.json").read_text())["submissions"]
    }
    assert {student: each["penalty"] for student, each in late.items() if each["penalty"]} == penalties(course)
    assert late["ada"]["by"] == "the exchange" and late["mia"]["received"] is None
    with Gradebook(f"sqlite:///{graded_by_course}/gradebook.db") as book:
        found = {each.student.id: each.late_submission_penalty for each in book.assignment_submissions(NAME)}
    assert {student: points for student, points in found.items() if points} == penalties(course)
    listed = [each["student"] for each in api(course, graded_by_course).get_submissions(NAME) if each["autograded"]]
    assert set(listed) >= {"ada", "ben", "late"}


def test_a_mistake_in_the_rules_is_said_once_and_nothing_is_graded(course, graded):
    file = course.root / "deadlines.toml"
    file.write_text(DEADLINES.replace("due =", "until ="))
    try:
        log = run(course.root, "autograde", NAME, "--force", status=1)
    finally:
        file.write_text(DEADLINES)
    assert log.count("has a key 'until'") == 1 and "Traceback" not in log


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader leaves a file open
def test_the_page_that_course_grade_wrote_is_released_and_fetched(course, graded, graded_by_course, monkeypatch):
    folder, home = graded_by_course, course.root / "homes/ada"
    page = (folder / f"feedback/ada/{NAME}/convolution.html").read_bytes()
    assert page in {each.read_bytes() for each in (folder / "report/feedback").glob("ada-*.html")}
    assert b"Not graded" in (folder / f"feedback/corrupt/{NAME}/convolution.html").read_bytes()
    monkeypatch.setenv("NBGRADER_EXCHANGE", str(course.root / "exchange"))
    log = run(folder, "release_feedback", NAME)
    assert "Releasing feedback for student 'ada'" in log
    assert "feedback/ben" in log and "did not come through the exchange" in log
    run(folder, "release_feedback", NAME, "--student", "ada")  # eve's hand-in here is a copy of ada's, address and all
    run(home, "fetch_feedback", NAME)
    (fetched,) = home.glob(f"{NAME}/feedback/*/convolution.html")
    assert fetched.read_bytes() == page
    # What a person marks afterwards stands in the page that nbgrader makes; it takes the place of ours.
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as book:
        book.find_comment("conv2d", "convolution", NAME, "ada").manual_comment = "Neat, *Ada*."
        book.db.commit()
    run(folder, "generate_feedback", NAME, "--student", "ada")
    run(folder, "release_feedback", NAME, "--student", "ada")
    (released,) = (course.root / "exchange/cnn-by-doing/feedback").glob("*.html")
    assert "Neat, <em>Ada</em>." in released.read_text()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader leaves a file open
def test_feedback_is_released_fetched_and_holds_no_live_text_of_a_student(course, graded, full):
    run(course.root, "generate_feedback", NAME)
    page = (course.root / f"feedback/shout/{NAME}/convolution.html").read_text()
    assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page
    assert 'href="javascript' not in page
    page = (course.root / f"feedback/mia/{NAME}/convolution.html").read_text()
    assert "is used down but not across." in page
    run(course.root, "release_feedback", NAME)
    home = course.root / "homes/ada"
    run(home, "fetch_feedback", NAME)
    (fetched,) = home.glob(f"{NAME}/feedback/*/convolution.html")
    assert f"Score: {full} / {full}" in fetched.read_text()


def test_no_hidden_case_shows_in_formgrader_or_feedback(course, graded, graded_by_course):
    run(course.root, "generate_feedback", NAME, "--student", "mia", "--force")
    places = [f"autograded/mia/{NAME}/convolution.ipynb", f"feedback/mia/{NAME}/convolution.html"]
    shown = "".join((course.root / place).read_text() for place in places)
    shown += (graded_by_course / f"feedback/mia/{NAME}/convolution.html").read_text()
    for sheet in make_plan(course, NAME, SECRET).sheets.values():
        for case in sheet.cases:
            arrays = list(arrays_in([*case.inputs.values(), case.expected.value]))
            numbers = [f"{number:.5g}" for array in arrays if array.dtype.kind == "f" for number in array]
            assert not any(number in shown for number in numbers if len(number) > 6)


def arrays_in(value):
    """Every array and number of a case, also inside tuples."""
    if isinstance(value, tuple | list):
        for each in value:
            yield from arrays_in(each)
    else:
        yield np.ravel(value)


def test_export_writes_every_score(course, graded, full):
    run(course.root, "export")
    with (course.root / "grades.csv").open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file) if row["assignment"] == NAME}
    assert {student: float(rows[student]["raw_score"]) for student in scores(course)} == scores(course)
    assert float(rows["late"]["score"]) == pytest.approx(full * 0.8)


def test_a_written_answer_waits_for_a_person_and_their_score_survives_a_regrade(course, built):
    hand_in(course, "ada", WRITTEN, {"why_no_flip": ANSWER})
    hand_in(course, "ben", WRITTEN)
    client = api(course)
    for student in ("ada", "ben"):
        assert client.autograde(WRITTEN, student)["success"]
    rows = {each["student"]: each for each in client.get_submissions(WRITTEN)}
    assert rows["ada"]["needs_manual_grade"] and not rows["ben"]["needs_manual_grade"]
    assert client.generate_feedback(WRITTEN, "ada")["success"]
    page = (course.root / f"feedback/ada/{WRITTEN}/written.html").read_text()
    assert "a person will read this" in page and "the kernel is given" not in page and "2 points" not in page
    with gradebook(course) as book:
        assert "1 point: a case where the kernel is given" in (
            book.find_comment("why_no_flip", "written", WRITTEN, "ada").auto_comment
        )
        grade = book.find_grade("why_no_flip", "written", WRITTEN, "ada")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        book.find_comment("why_no_flip", "written", WRITTEN, "ada").manual_comment = "Good, *nearly*."
        book.db.commit()
    hand_in(course, "ada", WRITTEN, {"why_no_flip": ANSWER + " And more."})
    assert client.autograde(WRITTEN, "ada")["success"]
    assert scores(course, WRITTEN) == {"ada": 2.5, "ben": 0}
    assert client.get_submissions(WRITTEN)[0]["needs_manual_grade"]
    assert client.generate_feedback(WRITTEN, "ada")["success"]
    page = (course.root / f"feedback/ada/{WRITTEN}/written.html").read_text()
    assert "<em>nearly</em>" in page and "And more." in page
    assert "<img src=x" not in page and 'href="javascript' not in page


def test_a_manual_score_on_a_checked_question_survives_too(course, graded, full):
    with gradebook(course) as book:
        book.find_grade("check_conv2d", "convolution", NAME, "exit").manual_score = 5
        book.db.commit()
    assert api(course).autograde(NAME, "exit")["success"]
    assert scores(course)["exit"] == full - 5
    with gradebook(course) as book:
        grade = book.find_grade("check_conv2d", "convolution", NAME, "exit")
        assert (grade.auto_score, grade.needs_manual_grade) == (0, True)
        grade.manual_score = None
        book.db.commit()


def test_what_was_graded_is_not_run_again(course, graded, monkeypatch):
    def fail(*arguments):
        raise AssertionError("a student's code was run again")

    monkeypatch.setattr(Jails, "with_packages", fail)
    before = scores(course)
    assert api(course).autograde(NAME, "mia")["success"]
    assert scores(course) == before
    with sqlite3.connect(course.root / "kept.db") as kept:
        rows = kept.execute("SELECT question, score FROM log WHERE student = 'mia' AND assignment = ?", (NAME,))
        assert sum(score for _, score in rows.fetchall()) == before["mia"]  # each question once


def test_a_question_that_was_graded_again_with_another_score_says_so(course, graded):
    solved = solved_cells(course.load(NAME))
    hand_in(course, "redo", NAME, solved | {"conv1d": "def conv1d(*a):\n    return None"})
    assert api(course).autograde(NAME, "redo")["success"]
    hand_in(course, "redo", NAME, solved)
    assert api(course).autograde(NAME, "redo")["success"]
    with gradebook(course) as book:
        comment = book.find_comment("conv1d", "convolution", NAME, "redo").comment.splitlines()
        assert comment[:2] == ["conv1d: 5 of 5 points", "Graded again: before, it had 0 points (failed)."]
        other = book.find_comment("conv2d", "convolution", NAME, "redo").comment
        assert "Graded again" not in other
        book.remove_submission(NAME, "redo")
    shutil.rmtree(course.root / "submitted/redo")
    shutil.rmtree(course.root / "autograded/redo")


@pytest.fixture
def without_jail(monkeypatch):
    from autograder.gradebook import autograde
    from autograder.jail import JailUnavailable

    def fail():
        raise JailUnavailable("No jail works here. Allow unprivileged user namespaces")

    autograde._desk.cache_clear()
    monkeypatch.setattr(autograde, "_jails", fail)


def test_without_a_jail_nothing_is_graded_and_one_sentence_says_why(course, graded, without_jail):
    before = scores(course)
    shutil.copytree(course.root / "submitted/ada", course.root / "submitted/zoe")
    log = run(course.root, "autograde", NAME, "--force", status=1)
    assert log.count("No jail works here") == 1 and "Traceback" not in log
    assert scores(course) == before and (course.root / f"autograded/ada/{NAME}/convolution.ipynb").exists()
    shutil.rmtree(course.root / "submitted/zoe")
