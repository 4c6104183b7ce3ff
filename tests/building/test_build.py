"""Student notebooks come from masters, byte for byte, and hold no solution."""

import json
import subprocess
import sys
import warnings

import nbformat
import pytest

from autograder.building.release import build, leftovers, stale, write
from autograder.building.source import source_notebook
from autograder.course import Course, CourseError, LoadedAssignment
from autograder.rubric.master import read_master


@pytest.fixture(scope="module")
def files(course, convolution):
    return build(course, convolution)


def test_what_is_committed_is_what_the_masters_give(course, files):
    released = [file for file in files if file.path.parts[0] == "assignments"]
    assert stale(course, released) == [] and leftovers(course, released) == []


def test_another_process_with_another_hash_seed_gives_the_same_bytes(course, files, tmp_path):
    code = (
        "import hashlib; from autograder.course import find_course; from autograder.building.release import build\n"
        "course = find_course()\n"
        "for f in build(course, course.load('01_convolution')): print(f.path, hashlib.sha256(f.content).hexdigest())"
    )
    import hashlib

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=course.root)
    assert run.stdout.splitlines() == [f"{f.path} {hashlib.sha256(f.content).hexdigest()}" for f in files]


def test_the_notebook_is_valid_without_a_warning(course):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path in course.assignments.glob("*/*.ipynb"):
            nbformat.validate(nbformat.read(path, as_version=4))
            ids = [cell["id"] for cell in json.loads(path.read_text())["cells"]]
            assert len(set(ids)) == len(ids)


def test_nothing_of_a_solution_is_left(course, convolution):
    text = (course.assignments / "01_convolution/convolution.ipynb").read_text()
    assert "SOLUTION" not in text and "outputs" in text
    notebook = json.loads(text)
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook["cells"])
    student = {line.strip() for cell in notebook["cells"] for line in "".join(cell["source"]).splitlines()}
    for question in convolution.rubric.questions:
        source = convolution.master.solution_cell(question.name).source
        hidden = source.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0].splitlines()
        assert not {line.strip() for line in hidden if line.strip()} & student


def test_graded_cells_carry_what_the_rubric_says(course, convolution):
    notebook = json.loads((course.assignments / "01_convolution/convolution.ipynb").read_text())
    graded = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader")
    }
    for question in convolution.rubric.questions:
        answer, check = graded[question.name], graded[f"check_{question.name}"]
        assert answer["metadata"]["nbgrader"]["solution"] and not answer["metadata"]["nbgrader"]["locked"]
        assert check["metadata"]["nbgrader"]["points"] == question.points
        assert check["metadata"]["nbgrader"]["locked"] and check["metadata"]["editable"] is False


def test_a_changed_file_is_stale_and_an_unknown_one_is_named(tmp_path, convolution):
    course = Course(tmp_path)
    files = build(course, convolution)
    write(course, files)
    assert stale(course, files) == []
    (tmp_path / files[2].path).write_bytes(b"{}")
    (tmp_path / files[2].path).with_name("notes.txt").write_text("mine")
    assert stale(course, files) == [files[2]]
    assert [path.name for path in leftovers(course, files)] == ["notes.txt"]


def test_a_question_without_a_check_cell_is_refused(tmp_path, convolution):
    text = convolution.master.path.read_text().replace("check(conv1d)", "print()")
    path = tmp_path / "m.py"
    path.write_text(text)
    with pytest.raises(CourseError, match="check cells"):
        source_notebook(LoadedAssignment("01_convolution", convolution.rubric, read_master(path)))
