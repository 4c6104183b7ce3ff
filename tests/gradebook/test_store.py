"""Scores land in nbgrader's own gradebook, and nbgrader shows them."""

import sqlite3

import nbformat
import pytest
from nbgrader.api import Base, Gradebook
from nbgrader.apps.api import NbGraderAPI
from sqlalchemy import TableClause
from sqlalchemy.types import NullType
from traitlets.config import Config

from autograder.building.release import release_notebook
from autograder.building.source import source_notebook
from autograder.course import find_course
from autograder.gradebook import tables
from autograder.gradebook.notebook import graded_notebook, write_graded_notebook
from autograder.gradebook.record import declared, record
from autograder.gradebook.store import declare, open_gradebook
from autograder.gradebook.tables import GradebookError, open_tables
from autograder.grading.result import SubmissionResult, SubmissionStatus
from common.cases import QuestionResult, Status, Verdict

NAME = "01_convolution"
VERDICTS = (
    Verdict("1x1 kernel", "one", True, Status.PASSED, ""),
    Verdict("3x3", "two", False, Status.FAILED, "wrong."),
)


def result(student, *scores):
    """A hand-in of which three questions were tried."""
    tried = [
        QuestionResult("conv1d", Status.PASSED, scores[0], 5, code="def conv1d(x): return x"),
        QuestionResult("conv_output_shape", Status.MISSING, scores[1], 4),
        QuestionResult(
            "conv2d", Status.PARTIAL, scores[2], 10, "3x3: wrong.", "Pad it.", "padding", VERDICTS, code="a = '\0<b>'"
        ),
    ]
    rubric = find_course().load(NAME).rubric
    answered = {each.question: each for each in tried}
    questions = [
        answered.get(each.name, QuestionResult(each.name, Status.MISSING, 0, each.points)) for each in rubric.questions
    ]
    return SubmissionResult(student, NAME, SubmissionStatus.GRADED, tuple(questions), rubric.points)


@pytest.fixture(scope="module")
def release(convolution):
    return release_notebook(source_notebook(convolution))


@pytest.fixture(scope="module")
def empty_gradebook(tmp_path_factory, convolution, release):
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with open_gradebook(f"sqlite:///{path}") as gradebook:
        declare(gradebook, f"sqlite:///{path}", convolution, release)
    return path.read_bytes()


@pytest.fixture
def url(tmp_path, empty_gradebook):
    (tmp_path / "gradebook.db").write_bytes(empty_gradebook)
    return f"sqlite:///{tmp_path / 'gradebook.db'}"


def write(url, *results):
    with open_tables(url) as engine:
        for each in results:
            record(engine, each, "convolution")


def scores(url, student):
    with Gradebook(url) as gradebook:
        (notebook,) = gradebook.find_submission(NAME, student).notebooks
        return {grade.name: grade.score for grade in notebook.grades}


def test_every_questions_score_is_stored(url, convolution):
    write(url, result("ada", 5, 0, 6), result("ben", 0, 0, 0))
    others = {f"check_{question.name}": 0 for question in convolution.rubric.questions}
    assert scores(url, "ada") == others | {"check_conv1d": 5, "check_conv_output_shape": 0, "check_conv2d": 6}
    with Gradebook(url) as gradebook:
        assert gradebook.find_submission(NAME, "ada").score == 11
        assert gradebook.find_submission(NAME, "ada").max_score == convolution.rubric.points


def test_the_sentence_that_helps_stands_beside_the_code(url):
    write(url, result("ada", 5, 0, 6))
    with Gradebook(url) as gradebook:
        comment = gradebook.find_comment("conv2d", "convolution", NAME, "ada").comment
    assert comment.splitlines() == ["conv2d: 6 of 10 points", "ok   1x1 kernel", "NO   3x3", "3x3: wrong.", "Pad it."]


def test_a_score_that_a_person_typed_in_survives_a_regrade(url):
    write(url, result("ada", 5, 0, 6))
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("check_conv2d", "convolution", NAME, "ada")
        grade.manual_score = 9
        gradebook.db.commit()
    write(url, result("ada", 5, 0, 2))
    assert scores(url, "ada")["check_conv2d"] == 9
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("check_conv2d", "convolution", NAME, "ada")
        assert (grade.auto_score, grade.needs_manual_grade) == (2, True)


def test_an_unreadable_hand_in_leaves_no_grade(url):
    write(url, SubmissionResult("eve", NAME, SubmissionStatus.UNREADABLE, reason="empty"))
    with Gradebook(url) as gradebook:
        assert [student.id for student in gradebook.students] == []


def test_other_questions_than_the_gradebook_knows_are_refused_in_words(url, convolution, release):
    write(url, result("ada", 5, 0, 6))
    fewer = nbformat.from_dict({**release, "cells": [cell for cell in release.cells if "conv2d" not in cell.id]})
    with open_gradebook(url) as gradebook, pytest.raises(GradebookError, match="other questions"):
        declare(gradebook, url, convolution, fewer)


def test_what_is_declared_already_is_known_without_nbgrader(url, tmp_path, convolution, release):
    def with_conv2d(**changed):
        cells = [{**cell, **changed} if cell.id == "check_conv2d" else cell for cell in release.cells]
        return nbformat.from_dict({**release, "cells": cells})

    (check,) = [cell for cell in release.cells if cell.id == "check_conv2d"]
    worth_more = {"nbgrader": {**check.metadata.nbgrader, "points": 99}}
    with open_tables(url) as engine:
        assert declared(engine, convolution, release)
        assert not declared(engine, convolution, with_conv2d(source="another text"))
        assert not declared(engine, convolution, with_conv2d(metadata=worth_more))
    with open_tables(f"sqlite:///{tmp_path / 'new.db'}") as engine:
        assert not declared(engine, convolution, release)


def test_a_database_that_cannot_be_used_is_one_sentence(tmp_path):
    with (
        pytest.raises(GradebookError, match="cannot be used"),
        open_gradebook(f"sqlite:///{tmp_path}/no/such/folder.db"),
    ):
        pass


def test_the_graded_notebook_holds_answers_and_verdicts_and_nothing_else(release):
    notebook = nbformat.from_dict(graded_notebook(release, result("ada", 5, 0, 6)))
    nbformat.validate(notebook)
    cells = {cell.id: cell for cell in notebook.cells}
    assert cells["conv1d"].source == "def conv1d(x): return x"
    assert "raise NotImplementedError" in cells["conv_output_shape"].source
    assert cells["check_conv2d"].outputs[0].text.startswith("conv2d: 6 of 10 points")
    assert {output.output_type for cell in notebook.cells for output in cell.get("outputs", [])} == {"stream"}


@pytest.mark.nbgrader
def test_formgrader_lists_the_hand_ins_as_graded(url, tmp_path, release, full):
    graded = result("ada", 5, 0, 6)
    write(url, graded)
    write_graded_notebook(tmp_path, graded_notebook(release, graded), graded, "convolution")
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    config.CourseDirectory.db_url = url
    (submission,) = NbGraderAPI(config=config).get_submissions(NAME)
    assert (submission["student"], submission["score"], submission["max_score"]) == ("ada", 11, full)
    assert submission["autograded"] and not submission["needs_manual_grade"]


def rows(url, student):
    """All that the gradebook holds of one hand-in, without the ids that are drawn."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.row_factory = sqlite3.Row
        found = {}
        for table, where in OF_A_HAND_IN.items():
            query = f"SELECT {table}.* FROM {table} {where} WHERE submitted_assignment.student_id = ?"
            drawn = {"id", "notebook_id", "student_id"}
            drawn |= {"assignment_id"} if table == "submitted_notebook" else set()
            held = map(dict, connection.execute(query, [student]))
            kept = [{key: value for key, value in row.items() if key not in drawn} for row in held]
            found[table] = sorted(kept, key=repr)
    return found


NOTEBOOK = "JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id"
OF_A_HAND_IN = {
    "submitted_assignment": "",
    "submitted_notebook": NOTEBOOK,
    "grade": f"JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id {NOTEBOOK}",
    "comment": f"JOIN submitted_notebook ON comment.notebook_id = submitted_notebook.id {NOTEBOOK}",
}


def test_a_first_record_holds_what_nbgraders_own_call_and_a_second_record_hold(url):
    with Gradebook(url) as gradebook:
        gradebook.add_student("bob")
        gradebook.add_submission(NAME, "bob")  # nbgrader's own rows, which a record then fills in
    write(url, result("ada", 5, 0, 6), result("bob", 5, 0, 6))
    ada, bob = rows(url, "ada"), rows(url, "bob")
    assert ada == bob
    assert all(ada.values()) and len(ada["grade"]) == len(find_course().load(NAME).rubric.questions)


def test_the_tables_are_named_as_nbgrader_makes_them():
    ours = [each for each in vars(tables).values() if isinstance(each, TableClause)]
    assert len(ours) == 10
    for table in ours:
        theirs = Base.metadata.tables[table.name]
        assert {each.name for each in table.columns} <= {each.name for each in theirs.columns}, table.name
        for each in table.columns:
            if not isinstance(each.type, NullType):
                assert type(each.type) is type(theirs.columns[each.name].type), f"{table.name}.{each.name}"
