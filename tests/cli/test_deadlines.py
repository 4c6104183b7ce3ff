"""`course deadlines`, and `course grade` with deadlines: a changed file takes effect and nothing is graded again."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest
from nbgrader.api import Gradebook

from autograder.handin.written import write_notebook

NAME = "01_convolution"
RULES = """\
timezone = "Europe/Paris"
[late]
percent_per_day = 10
[assignments.01_convolution]
due = 2026-10-23 23:59
[extensions.ben]
01_convolution = 7
reason = "ill"
[extensions.zoe]
01_convolution = 1
"""
RECEIPTS = """\
student,assignment,received
ada,01_convolution,2026-10-25 20:00 +0100
ben,01_convolution,2026-10-25 20:00 +0100
"""


@pytest.fixture
def run(tmp_path, course):
    def run(*arguments, status=0):
        answer = subprocess.run(
            [sys.executable, "-m", "autograder.cli", *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "COURSE_ROOT": str(course.root)},
            check=False,
        )
        assert answer.returncode == status, answer.stderr
        assert "Traceback" not in answer.stderr
        return answer.stderr if status else answer.stdout

    return run


@pytest.fixture
def graded(tmp_path):
    (tmp_path / "graded").mkdir()
    (tmp_path / "graded/deadlines.toml").write_text(RULES)
    (tmp_path / "graded/receipts.csv").write_text(RECEIPTS)
    return tmp_path / "graded"


def test_what_is_in_force_is_shown_with_the_zone_of_the_day(run, graded):
    shown = run("deadlines")
    assert "Fri 2026-10-23 23:59 CEST" in shown and "Fri 2026-10-30 23:59 CET" in shown and "ill" in shown
    assert "receipts.csv says of 2 hand-ins" in shown
    report = json.loads(run("deadlines", "--json"))
    assert report["timezone"] == "Europe/Paris" and report["notes"] == []
    assert report["assignments"][0]["due"] == "2026-10-23T23:59:00+02:00"
    assert report["assignments"][0]["percent_per_day"] == 10
    assert report["extensions"][0] == {
        "student": "ben", "assignment": NAME, "due": "2026-10-30T23:59:00+01:00", "reason": "ill",
    }  # fmt: skip


def test_no_file_means_no_deadlines(run):
    assert "No deadlines" in run("deadlines")
    assert json.loads(run("deadlines", "--json"))["assignments"] == []


def test_a_mistake_is_one_sentence_and_status_1(run, graded, tmp_path, released):
    (tmp_path / "submitted/ada" / NAME).mkdir(parents=True)
    write_notebook(tmp_path / "submitted/ada" / NAME / "convolution.ipynb", released, {})
    (graded / "deadlines.toml").write_text(RULES.replace("due =", "until ="))
    for command in (["deadlines"], ["grade", "submitted"]):
        said = run(*command, status=1)
        assert said.count("\n") == 1 and "[assignments.01_convolution] has a key 'until'" in said
    assert not (graded / "gradebook.db").exists()
    (graded / "deadlines.toml").write_text(RULES)
    (graded / "receipts.csv").write_text(RECEIPTS.replace(" +0100", ""))
    assert "line 2" in run("deadlines", status=1)


@pytest.mark.jail
@pytest.mark.nbgrader
def test_a_changed_file_takes_effect_and_nothing_is_graded_again(run, graded, tmp_path, released, solved):
    for student in ("ada", "ben", "chen"):
        (tmp_path / "submitted" / student / NAME).mkdir(parents=True)
        write_notebook(tmp_path / "submitted" / student / NAME / "convolution.ipynb", released, solved)

    def grade():
        run("grade", "submitted", "--json")
        (page,) = (graded / "report/feedback").glob("ada-*.html")
        with sqlite3.connect(graded / "kept.db") as kept:
            results = kept.execute("SELECT count(*) FROM result").fetchone()[0]
        results_json = (graded / "results.json").read_bytes()
        late = {each["student"]: each for each in json.loads(results_json)["submissions"]}
        with Gradebook(f"sqlite:///{graded}/gradebook.db") as book:
            taken = {each.student.id: each.late_submission_penalty for each in book.assignment_submissions(NAME)}
        assert {student: each["late"]["penalty"] for student, each in late.items()} == taken
        return late, page.read_text(), results, results_json

    late, page, kept, first = grade()
    full = late["chen"]["score"]
    assert {student: (each["score"], each["final_score"]) for student, each in late.items()} == {
        "ada": (full, pytest.approx(full * 0.8)), "ben": (full, full), "chen": (full, full),
    }  # fmt: skip
    assert late["ada"]["late"]["days"] == 2 and late["chen"]["late"]["received"] is None
    assert f"{full * 0.8:g} points count" in page and "ill" not in json.dumps(late["ben"]["late"])
    assert grade()[3] == first
    assert f"zoe has an extension for {NAME} and no hand-in here" in run("deadlines")

    (graded / "deadlines.toml").write_text(RULES.replace("percent_per_day = 10", "percent_per_day = 25"))
    late, page, again, _ = grade()
    assert late["ada"]["final_score"] == full / 2 and f"{full / 2:g} points count" in page
    assert again == kept

    (graded / "deadlines.toml").unlink()
    assert json.loads(run("grade", "submitted", "--json"))["submissions"][0]["late"] is None
    with Gradebook(f"sqlite:///{graded}/gradebook.db") as book:
        assert {each.late_submission_penalty for each in book.assignment_submissions(NAME)} == {0}
    (page,) = (graded / "report/feedback").glob("ada-*.html")
    assert "points count" not in page.read_text()
