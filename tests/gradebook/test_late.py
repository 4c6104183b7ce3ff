"""The gradebook agrees with the time rules each time they are settled: deadlines, extensions, receipts, penalties."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import event

from autograder.building.release import release_notebook
from autograder.building.source import source_notebook
from autograder.deadlines.lateness import TimeRules
from autograder.deadlines.receipts import Receipt, Witness
from autograder.deadlines.rules import Deadline, Extension, Policy, Rules
from autograder.gradebook import settle as settling
from autograder.gradebook.record import record
from autograder.gradebook.store import declare, open_gradebook
from autograder.grading.result import SubmissionResult, SubmissionStatus
from common.cases import QuestionResult, Status

NAME, OTHER = "01_convolution", "02_other"
DUE = datetime(2026, 10, 23, 21, 59, tzinfo=UTC)
STUDENTS = ("ada", "ben", "chen")


def rules(percent=10.0, extensions=(), due=DUE, receipts=()):
    given = {(student, NAME): Extension(each) for student, each in dict(extensions).items()}
    rules = Rules(deadlines={NAME: Deadline(due, Policy(percent_per_day=percent))}, extensions=given, file="x")
    return TimeRules(rules, dict(receipts))


@pytest.fixture(scope="module")
def graded(tmp_path_factory, convolution):
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    url = f"sqlite:///{path}"
    with open_gradebook(url) as gradebook:
        declare(gradebook, url, convolution, release_notebook(source_notebook(convolution)))
        for student, score in zip(STUDENTS, (10, 6, 0), strict=True):
            question = QuestionResult("conv2d", Status.PARTIAL, score, 10)
            record(
                gradebook.engine,
                SubmissionResult(student, NAME, SubmissionStatus.GRADED, (question,), 18.0),
                "convolution",
            )
    return path.read_bytes()


@pytest.fixture
def book(tmp_path, graded):
    (tmp_path / "gradebook.db").write_bytes(graded)
    with open_gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        yield book


def settle(book, *how, **only):
    settling.settle(book.engine, *how, **only)
    book.db.expire_all()  # what nbgrader has read before


ALL_LATE = {(student, NAME): DUE + timedelta(hours=30) for student in STUDENTS}


def penalties(book):
    return {each.student.id: each.late_submission_penalty for each in book.assignment_submissions(NAME)}


def test_what_is_taken_off_is_so_many_percent_of_each_score(book):
    settle(book, rules(), ALL_LATE)
    assert penalties(book) == {"ada": 2, "ben": pytest.approx(1.2), "chen": 0}
    assert {each.score for each in book.assignment_submissions(NAME)} == {10, 6, 0}  # as they were graded


def test_nbgrader_sees_deadline_extension_and_receipt_in_its_own_terms(book):
    settle(book, rules(extensions={"ben": DUE + timedelta(days=1)}), ALL_LATE)
    assert book.find_assignment(NAME).duedate == datetime(2026, 10, 23, 21, 59)
    ben = book.find_submission(NAME, "ben")
    assert (ben.extension, ben.timestamp) == (timedelta(days=1), datetime(2026, 10, 25, 3, 59))
    assert ben.total_seconds_late == 6 * 3600
    assert penalties(book)["ben"] == pytest.approx(0.6)


def test_other_rules_take_effect_without_receipts_being_said_again(book):
    settle(book, rules(), ALL_LATE)
    settle(book, rules(percent=40.0))
    assert penalties(book)["ada"] == 8
    settle(book, rules(extensions={"ada": DUE + timedelta(days=9)}))
    assert penalties(book) == {"ada": 0, "ben": pytest.approx(1.2), "chen": 0}
    settle(book, rules())
    assert penalties(book)["ada"] == 2 and book.find_submission(NAME, "ada").extension is None
    settle(book, rules(due=DUE + timedelta(days=9)))
    assert set(penalties(book).values()) == {0}


def test_points_that_a_person_typed_in_count(book):
    settle(book, rules(), ALL_LATE)
    book.find_grade("check_conv1d", "convolution", NAME, "chen").manual_score = 5
    book.db.commit()
    settle(book, rules())
    assert penalties(book)["chen"] == 1


def test_without_a_file_nothing_is_taken_off_and_formgraders_deadline_stays(book):
    settle(book, rules(), ALL_LATE)
    settle(book, TimeRules(Rules(), {}))
    assert set(penalties(book).values()) == {0}
    assert book.find_assignment(NAME).duedate == datetime(2026, 10, 23, 21, 59)


def test_a_stamp_that_is_gone_is_forgotten(book):
    settle(book, rules(), ALL_LATE)
    settle(book, rules(), {("ada", NAME): None})
    assert penalties(book) == {"ada": 0, "ben": pytest.approx(1.2), "chen": 0}


def test_a_record_goes_before_nbgraders_stamp_and_the_instructors_before_both(book):
    record = {("ada", NAME): Receipt(DUE + timedelta(hours=80), Witness.EXCHANGE)}
    settle(book, replace(rules(), record=record), ALL_LATE)
    assert penalties(book)["ada"] == 4
    own = {("ada", NAME): Receipt(DUE, Witness.INSTRUCTOR)}
    settle(book, replace(rules(receipts=own), record=record))
    assert penalties(book)["ada"] == 0
    assert book.find_submission(NAME, "ada").timestamp == datetime(2026, 10, 25, 3, 59)


def test_a_newer_stamp_goes_before_an_older_one_on_record(book):
    record = {("ada", NAME): Receipt(DUE, Witness.STUDENT)}
    settle(book, replace(rules(), record=record), ALL_LATE)
    assert penalties(book)["ada"] == 2
    settle(book, replace(rules(percent=50.0), record=record), {("ada", NAME): None})
    assert penalties(book)["ada"] == 0


def test_one_hand_in_can_be_settled_alone(book):
    settle(book, rules(), ALL_LATE)
    settle(book, rules(percent=40.0), only=("ada", NAME))
    assert penalties(book) == {"ada": 8, "ben": pytest.approx(1.2), "chen": 0}


def test_settled_twice_nothing_is_written(book):
    longer = rules(extensions={"ben": DUE + timedelta(days=1)})
    settle(book, longer, ALL_LATE)
    written = []
    event.listen(book.engine, "before_cursor_execute", lambda *call: written.append(call[2].split()[0]))
    settle(book, longer, ALL_LATE)
    assert set(written) == {"SELECT"}


def test_every_reader_of_the_database_gets_the_difference(book, tmp_path):
    settle(book, rules(), ALL_LATE)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as read:
        (notebook,) = read.find_submission(NAME, "ada").notebooks
        assert (notebook.score, notebook.late_submission_penalty) == (10, 2)
