"""The course command as its users type it: output, JSON, exit status, one sentence for what cannot be done."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.handin.written import write_notebook

COURSE = [sys.executable, "-m", "autograder.cli"]


@pytest.fixture
def run(tmp_path, course):
    def run(*arguments, cwd=tmp_path, **environment):
        return subprocess.run(
            [*COURSE, *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=cwd,
            env={**os.environ, "COURSE_ROOT": str(course.root), **environment},
            check=False,
        )

    return run


def test_help_is_there_for_every_command_with_an_example(run):
    names = ["doctor", "list", "build", "check", "selftest", "calibrate", "deadlines", "grade"]
    names += ["report", "export", "gradescope", "release", "release-solutions", "demo"]
    page = run("--help").stdout
    for name in names:
        assert name in page
        help_page = run(name, "--help")
        assert help_page.returncode == 0 and "Example:" in help_page.stdout


def test_list_in_json(run):
    (assignment,) = [
        a for a in json.loads(run("list", "--json").stdout)["assignments"] if a["name"] == "01_convolution"
    ]
    assert assignment["title"] == "Convolution"
    assert assignment["questions"][0] == {"name": "conv1d", "kind": "function", "points": 5}
    assert assignment["points"] == sum(question["points"] for question in assignment["questions"])


@pytest.mark.jail
@pytest.mark.parametrize(
    ("keras", "seeds"),
    [(False, 2), (True, 1), pytest.param(True, 2, marks=pytest.mark.slow)],
    ids=["NumPy", "Keras", "Keras, more seeds"],
)
def test_selftest_in_json(run, course, keras, seeds):
    names = [name for name in course.names() if course.needs_keras(name) == keras]
    answer = run("selftest", *names, "--json", "--seeds", seeds)
    report = json.loads(answer.stdout)
    assert answer.returncode == 0 and report["ok"]
    assert [each["name"] for each in report["assignments"]] == names
    for each in report["assignments"]:
        assert each["solution"]["score"] == each["solution"]["max_score"] > 0
        assert each["stub"]["score"] == 0
        assert each["mistakes"]["total"] == each["mistakes"]["caught"] == each["mistakes"]["named"] > 0
        assert each["variants"]["total"] == each["variants"]["passed"] > 0


@pytest.mark.jail
def test_doctor_in_json(run):
    answer = run("doctor", "--json")
    report = json.loads(answer.stdout)
    assert set(report) >= {"ok", "python", "packages", "backend", "gpu", "sandbox", "datasets"}
    assert answer.returncode == (0 if report["ok"] else 1)
    assert report["sandbox"]["guarantees"] and all(report["sandbox"]["guarantees"].values())
    assert report["packages"]["keras"] and isinstance(report["gpu"], bool)
    assert report["datasets"]["glyphs"] == "embedded" and report["datasets"]["mnist"] in ("cached", "not here")


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["grade", "nowhere"], 1, "There is no file or folder 'nowhere'."),
        (["grade", "."], 1, "No hand-ins in '.'."),
        (["grade", "x.ipynb", "--assignment", "99_nothing"], 1, "There is no assignment '99_nothing'."),
        (["build", "99_nothing"], 1, "There is no assignment '99_nothing'."),
        (["check", "nowhere.ipynb"], 1, "There is no file 'nowhere.ipynb'."),
        (["grade"], 2, "Missing argument"),
        (["grade", ".", "--jobs", "0"], 2, "Invalid value"),
        (["dance"], 2, "No such command"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_no_traceback(run, arguments, status, sentence):
    answer = run(*arguments)
    assert answer.returncode == status
    assert sentence in answer.stderr and "Traceback" not in answer.stderr
    assert answer.stdout == ""


def test_a_folder_without_a_course_is_one_sentence(run, tmp_path):
    answer = run("list", COURSE_ROOT=str(tmp_path))
    assert answer.returncode == 1 and "No course here" in answer.stderr


def test_check_prints_a_card_per_question_and_json_when_asked(run, course, tmp_path, released, solved):
    shutil.copy(course.assignments / "01_convolution/cases.npz", tmp_path)
    write_notebook(tmp_path / "convolution.ipynb", released, {"conv1d": solved["conv1d"]})
    printed = run("check", "convolution.ipynb").stdout
    assert "5 of 5 points" in printed and "not written yet." in printed
    questions = json.loads(run("check", "convolution.ipynb", "--json").stdout)["questions"]
    assert {each["name"]: each["score"] for each in questions} == dict.fromkeys(solved, 0) | {"conv1d": 5}


def test_build_check_fails_on_a_stale_folder(run, course, tmp_path):
    for room in ("solutions", "assignments"):
        for name in ("01_convolution", "02_convolution_variants"):
            shutil.copytree(course.root / room / name, tmp_path / room / name)
    (tmp_path / "assignments/01_convolution/convolution.ipynb").write_text("{}")
    stale = run("build", "--check", COURSE_ROOT=str(tmp_path))
    assert stale.returncode == 1 and "is stale" in stale.stderr
    rebuilt = run("build", COURSE_ROOT=str(tmp_path))
    assert rebuilt.returncode == 0 and rebuilt.stdout.count("written") == 1
    committed = course.assignments / "01_convolution/convolution.ipynb"
    assert (tmp_path / "assignments/01_convolution/convolution.ipynb").read_bytes() == committed.read_bytes()


@pytest.fixture
def class_folder(tmp_path, released, solved):
    def hand_in(student, answers=None, content=None, assignment="01_convolution"):
        path = tmp_path / "submitted" / student / assignment / "convolution.ipynb"
        path.parent.mkdir(parents=True)
        if content is None:
            write_notebook(path, released, answers)
        else:
            path.write_bytes(content)

    hand_in("ada", solved)
    hand_in("ben", {})
    hand_in("chen", content=b"no notebook")
    hand_in("dora", solved | {"conv2d": "import os\nos._exit(1)\ndef conv2d(): pass"})
    hand_in("emil", solved, assignment="77_unheard_of")
    hand_in("=cmd()", solved)
    return tmp_path


@pytest.mark.jail
def test_a_class_is_graded_whatever_is_in_it(run, class_folder, full):
    answer = run("grade", "submitted", "--json", "--jobs", "2")
    assert answer.returncode == 0, answer.stderr
    report = json.loads(answer.stdout)
    found = {each["student"]: (each["status"], each["score"], each["max_score"]) for each in report["submissions"]}
    weird = next(name for name in found if "cmd" in name)
    assert found == {
        "ada": ("graded", full, full),
        "ben": ("graded", 0, full),
        "chen": ("unreadable", 0, full),
        "dora": ("graded", full - 10, full),
        "emil": ("unknown_assignment", 0, 0),
        weird: ("graded", full, full),
    }
    assert all(each["sandboxed"] for each in report["submissions"] if each["status"] == "graded")
    question = report["submissions"][0]["questions"][0]
    assert set(question) >= {"name", "score", "max_score", "verdict", "message"}
    graded = class_folder / "graded"
    assert (graded / "gradebook.db").exists() and (graded / "report/class.html").exists()
    assert (graded / "autograded/ada/01_convolution/convolution.ipynb").exists()
    kept = json.loads((graded / "results.json").read_text())["submissions"]
    timeless = [{name: value for name, value in each.items() if name != "seconds"} for each in report["submissions"]]
    assert kept == timeless


@pytest.mark.jail
def test_a_second_run_gives_the_same_scores_with_any_number_of_workers(run, class_folder):
    def scores(jobs):
        report = json.loads(run("grade", "submitted", "--json", "--jobs", jobs).stdout)
        return [(each["student"], each["questions"]) for each in report["submissions"]]

    assert scores(1) == scores(4)


@pytest.mark.jail
def test_a_single_notebook_is_answered_in_words_and_leaves_nothing_behind(run, class_folder, full):
    answer = run("grade", class_folder / "submitted/ben/01_convolution/convolution.ipynb")
    assert f"ben, 01_convolution: 0 of {full:g} points" in answer.stdout and "not written yet" in answer.stdout
    assert not (class_folder / "graded").exists()


@pytest.mark.jail
def test_one_question_can_be_graded_alone(run, class_folder):
    path = class_folder / "submitted/ada/01_convolution/convolution.ipynb"
    (submission,) = json.loads(run("grade", path, "--question", "conv1d", "--json").stdout)["submissions"]
    assert [question["name"] for question in submission["questions"]] == ["conv1d"]
    assert (submission["score"], submission["max_score"]) == (5, 5)
    unknown = run("grade", path, "--question", "conv9d")
    assert unknown.returncode == 1 and "Questions: conv1d" in unknown.stderr


@pytest.mark.jail
@pytest.mark.nbgrader
def test_demo_goes_the_whole_way_and_again(run, tmp_path):
    for _ in range(2):
        answer = run("demo", "--to", "here")
        assert answer.returncode == 0, answer.stderr
        assert "The whole way took" in answer.stdout and "unreadable" in answer.stdout
    report = json.loads((tmp_path / "here/results.json").read_text())
    assert len(report["submissions"]) >= 24
    here = {path.name for path in (tmp_path / "here/report").glob("*.html")}
    assert here == {"class.html", "similar.html"}
    assert len(list((tmp_path / "here/report/feedback").glob("*.html"))) == len(report["submissions"])


def test_demo_never_deletes_a_folder_that_is_not_its_own(run, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("dear")
    answer = run("demo", "--to", "mine")
    assert answer.returncode == 1 and "something else than a demo" in answer.stderr
    assert Path(tmp_path / "mine/thesis.txt").exists()


def test_a_students_install_is_told_what_grading_needs(run, tmp_path):
    # The packages that only grading has are hidden from the command.
    (tmp_path / "hidden").mkdir()
    for name in ("nbgrader", "jinja2", "markupsafe", "sqlalchemy"):
        (tmp_path / f"hidden/{name}.py").write_text(f"raise ModuleNotFoundError('hidden', name='{name}')")
    hidden = {"PYTHONPATH": str(tmp_path / "hidden")}
    for command in (["build"], ["demo"]):
        answer = run(*command, **hidden)
        assert answer.returncode == 1 and "pip install -e '.[grade]'" in answer.stderr
        assert "Traceback" not in answer.stderr
    assert run("list", **hidden).returncode == 0


@pytest.mark.nbgrader
def test_nbgrader_validate_says_what_check_says(course, tmp_path, released, solved):
    shutil.copy(course.assignments / "01_convolution/cases.npz", tmp_path)
    # Figures take a while and say nothing here.
    quick = {**released, "cells": [c for c in released["cells"] if "experiment" not in c["metadata"].get("tags", [])]}
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

    def validate(answers):
        write_notebook(tmp_path / "convolution.ipynb", quick, answers)
        command = ["nbgrader", "validate", "convolution.ipynb"]
        run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        return run.stdout + run.stderr

    assert "Success! Your notebook passes all the tests." in validate(solved)
    report = validate({"conv1d": solved["conv1d"]})
    assert f"VALIDATION FAILED ON {len(solved) - 1} CELL(S)" in report and "not written yet" in report
