"""A class of hostile notebooks through `course grade`: each costs its own question alone and leaves nothing behind."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from graded import Graded, grade_class, small_course
from hand_ins import HandIn, Target
from table import PAGE, WHOLE_CLASS, table, with_table

from autograder.course import Course
from autograder.jail import Jail, JailUnavailable

pytestmark = pytest.mark.jail

BY_WHAT = {member.what: student for student, member in WHOLE_CLASS.items() if isinstance(member, HandIn)}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return small_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module", params=["namespaces", pytest.param("landlock", marks=pytest.mark.slow)])
def graded(
    request: pytest.FixtureRequest, course: Course, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Graded]:
    """The whole class, graded once."""
    try:
        Jail.start(request.param).close()
    except JailUnavailable as error:
        pytest.skip(str(error))
    home = tmp_path_factory.mktemp("class") / "home"
    return grade_class(course, WHOLE_CLASS, home, "--jail", request.param, "--jobs", "2")


@pytest.mark.parametrize("what", BY_WHAT, ids=lambda what: re.sub(r"\W+", "-", what).strip("-"))
def test_a_hostile_notebook_costs_its_own_question_alone(graded: Graded, what: str) -> None:
    student = BY_WHAT[what]
    hand_in = WHOLE_CLASS[student]
    assert isinstance(hand_in, HandIn)
    question = graded.question(student, hand_in.target.question)
    assert question["verdict"] in hand_in.verdicts, question["message"]
    assert (question["score"], question["max_score"]) == (hand_in.points, hand_in.target.points), question["message"]
    assert hand_in.says in question["message"]
    assert graded.scores(student) == {**hand_in.target.full, hand_in.target.question: hand_in.points}


def test_every_honest_hand_in_keeps_all_of_its_points(graded: Graded) -> None:
    honest = {student: member.full for student, member in WHOLE_CLASS.items() if isinstance(member, Target)}
    assert {student: graded.scores(student) for student in honest} == honest


def test_nothing_is_left_behind(graded: Graded) -> None:
    assert graded.left_behind == ()


def test_no_program_was_started_out_here(graded: Graded) -> None:
    """Pickles, configs and shells of the hand-ins try to make this file."""
    assert not Path("/tmp/pwned").exists()


def test_the_gradebook_holds_the_same_scores_and_nothing_planted(graded: Graded) -> None:
    with sqlite3.connect(graded.folder / "gradebook.db") as book:
        assert book.execute("select count(*) from sqlite_master where type = 'trigger'").fetchone() == (0,)
        rows = book.execute(
            "select s.student_id, sum(g.auto_score) from grade g "
            "join submitted_notebook n on g.notebook_id = n.id join submitted_assignment s on n.assignment_id = s.id "
            "group by s.student_id"
        ).fetchall()
    assert dict(rows) == {student: result["score"] for student, result in graded.results.items()}


def test_no_page_runs_what_a_student_wrote(graded: Graded) -> None:
    pages = list((graded.folder / "report").rglob("*.html"))
    assert len(pages) == len(WHOLE_CLASS) + 2  # the class page, and the one of similar answers
    for page in pages:
        assert "<script>document.title" not in page.read_text(encoding="utf-8")


def test_no_hand_in_saw_another_one_or_the_rubric(graded: Graded) -> None:
    """What the spying answers printed is on their feedback pages; the known mistakes' sentences are on none of them."""
    for what in (
        "the rubric and the tests read from their files",
        "another student's hand-in read, also through /proc",
    ):
        text = (page_of(graded.folder, BY_WHAT[what])).read_text(encoding="utf-8")
        assert "Assignment(" not in text and "This is the mean" not in text and "x[::-1].copy()" not in text


def page_of(folder: Path, student: str) -> Path:
    return next((folder / "report").rglob(f"*{student}*.html"))


def test_the_table_in_the_docs_is_what_this_run_gave(graded: Graded) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_table(page, table(graded)) == page, "run python tests/adversarial/table.py"
