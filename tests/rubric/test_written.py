"""A written answer is found, kept for a person, and never shown raw."""

import json

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.building.release import build, release_notebook, write
from autograder.building.source import source_notebook
from autograder.course import Course
from autograder.feedback import feedback_page
from autograder.gradebook.comment import comment, for_student
from autograder.gradebook.notebook import graded_notebook
from autograder.gradebook.record import record
from autograder.gradebook.store import declare, open_gradebook
from autograder.grading.plan import make_plan
from autograder.grading.submission import grade_submission
from autograder.handin.inbox import Submission
from autograder.rubric import Written
from common.cases import Status

TEXT = "**Why a network loses nothing:**\n\nThe weights are learned. <script>alert(1)</script>"


@pytest.fixture(scope="module")
def mini(tmp_path_factory, request):
    """A course with the written question, built."""
    root = tmp_path_factory.mktemp("course")
    (root / "solutions").symlink_to(request.path.parent.parent / "questions/solutions")
    course = Course(root)
    write(course, build(course, course.load("09_written")))
    return course


@pytest.fixture
def grade(mini, jails, tmp_path):
    plan = make_plan(mini, "09_written", b"secret")
    released = json.loads((mini.assignments / "09_written/written.ipynb").read_text())

    def grade(text=None, metadata=True):
        notebook = json.loads(json.dumps(released))
        for cell in notebook["cells"]:
            if text and cell["metadata"].get("nbgrader"):
                cell["source"] = text
            if not metadata:
                cell["metadata"] = {}
        (tmp_path / "written.ipynb").write_text(json.dumps(notebook))
        return grade_submission(jails, plan, Submission("ada", "09_written", tmp_path / "written.ipynb"))

    return grade


def test_the_model_answer_is_cut_out_and_a_place_to_write_is_left(mini):
    text = (mini.assignments / "09_written/written.ipynb").read_text()
    assert "flipped kernel" not in text and "Write your answer here." in text
    nbformat.validate(json.loads(text))


def test_an_answer_waits_for_a_person_with_the_marks_beside_it(grade):
    (question,) = grade(TEXT).questions
    assert (question.status, question.score, question.max_score) == (Status.MANUAL, 0, 3)
    assert "2 points: the weights are learned" in question.guide and question.code == TEXT


def test_what_earns_the_points_is_in_nothing_that_a_student_gets(grade):
    result = grade(TEXT)
    for_marker = comment(result.questions[0])
    assert "1 point: a case where the kernel is given" in for_marker
    for text in (json.dumps(result.as_json()), feedback_page(result, "Written"), for_student(for_marker)):
        assert "the kernel is given" not in text and "2 points" not in text
        assert "a person will read this" in text.lower()


def test_an_untouched_cell_is_missing(grade):
    assert grade().questions[0].status is Status.MISSING


def test_without_metadata_the_answer_is_found_by_how_it_begins(grade):
    assert grade(TEXT, metadata=False).questions[0].status is Status.MANUAL


def test_a_person_finds_it_in_the_gradebook_and_no_tag_takes_effect(grade, mini, tmp_path):
    assignment = mini.load("09_written")
    release = release_notebook(source_notebook(assignment))
    result = grade(TEXT)
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with open_gradebook(url) as gradebook:
        declare(gradebook, url, assignment, release)
        record(gradebook.engine, result, "written")
    with Gradebook(url) as gradebook:
        grade_row = gradebook.find_grade("why_no_flip", "written", "09_written", "ada")
        assert (grade_row.auto_score, grade_row.needs_manual_grade, grade_row.max_score) == (None, True, 3)
        assert "2 points" in gradebook.find_comment("why_no_flip", "written", "09_written", "ada").comment
    shown = nbformat.from_dict(graded_notebook(release, result))
    assert "<script>" not in nbformat.writes(shown) and "&lt;script>" in nbformat.writes(shown).replace("&gt;", ">")


def test_marks_must_add_up():
    with pytest.raises(ValueError, match="worth 1 points, the question 2"):
        Written("w", points=2, marks=[(1, "one")])
