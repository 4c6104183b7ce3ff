"""Fresh cases are drawn once for a secret, and found again only while all that they depend on is what it was."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from autograder.course import Course, _load
from autograder.grading.drawn import FOLDER, draw_ahead
from autograder.grading.plan import make_plan
from autograder.grading.sheet_bytes import from_bytes, to_bytes
from autograder.rubric.function import Function
from common.cases import Case, KnownMistake, Outcome, Relation, Sheet
from common.cases.case import Ended, Raised
from common.cases.frozen import digest

NAME, SECRET = "03_pooling_normalization", b"a secret of the tests"


@pytest.fixture
def small(course, tmp_path):
    """A course with one assignment that may be changed, as if nothing of it had been loaded."""
    for room in ("solutions", "assignments"):
        shutil.copytree(
            getattr(course, room) / NAME,
            tmp_path / "course" / room / NAME,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    return Course(tmp_path / "course")


@pytest.fixture
def place(tmp_path):
    return tmp_path / FOLDER


@pytest.fixture
def drawn(monkeypatch, small):
    """Which questions a call draws, in this process."""
    names, draw = [], Function.sheet
    monkeypatch.setattr(
        Function, "sheet", lambda self, *args, **how: (names.append(self.name), draw(self, *args, **how))[1]
    )

    def ahead(folder, secret=SECRET, only=None, **how):
        _load.cache_clear()  # another process would have loaded nothing
        names.clear()
        draw_ahead(small, NAME, secret, only, folder, **how)
        return list(names)

    return ahead


def questions(small):
    return [each.name for each in small.load(NAME).rubric.questions if isinstance(each, Function)]


def digests(small):
    return dict(make_plan(small, NAME, SECRET).digests)


def test_what_was_drawn_is_found_by_the_next_run(small, drawn, place):
    assert drawn(place) == questions(small)
    first = digests(small)
    assert drawn(place) == [] and digests(small) == first
    assert drawn(place, reuse=False) == questions(small) and digests(small) == first


def test_side_by_side_the_same_cases_are_drawn(small, drawn, place, monkeypatch):
    monkeypatch.setattr("autograder.grading.drawn._computes_already", lambda: False)  # other tests may run Keras here
    drawn(None)
    one = digests(small)
    assert drawn(place, jobs=2) == [] and digests(small) == one  # not in this process
    assert drawn(place) == [] and digests(small) == one


def test_where_keras_is_at_work_already_nothing_is_forked(small, drawn, place, monkeypatch):
    monkeypatch.setattr("autograder.grading.drawn._computes_already", lambda: True)
    assert drawn(place, jobs=2) == questions(small)


COMPUTES = """
import keras
from autograder.grading.drawn import _computes_already
before = _computes_already()
keras.ops.ones(3) + 1
print(before, _computes_already())
"""


def test_a_keras_that_has_only_been_imported_may_be_forked_and_one_that_has_computed_may_not():
    run = subprocess.run([sys.executable, "-c", COMPUTES], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]


def test_only_the_question_that_is_graded_is_drawn(drawn, place):
    assert drawn(place, only="max_pool") == ["max_pool"]
    assert "max_pool" not in drawn(place)


@pytest.mark.parametrize("file", ["pooling_normalization.py", "questions/max_pool.py", "calibration.json"])
def test_another_secret_or_any_change_to_the_assignment_draws_anew_and_keeps_no_old_cases(small, drawn, place, file):
    drawn(place)
    kept = set(place.iterdir())
    assert drawn(place, secret=b"another") == questions(small)
    with (small.solutions / NAME / file).open("a") as changed:
        changed.write("\n")
    assert drawn(place) == questions(small)
    now = set(place.iterdir())
    assert len(now) == len(kept) and not now & kept


def test_what_is_kept_is_for_its_owner_only(drawn, place):
    drawn(place)
    assert place.stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in place.iterdir()} == {0o600}


def test_a_damaged_file_is_drawn_again(drawn, place):
    drawn(place)
    (path,) = place.glob(f"{NAME}.max_pool.*")
    whole = path.read_bytes()
    for damaged in (b"", b"\xff", whole[:-1], whole[:100] + b"x" + whole[101:], b"0" * 64 + whole[64:]):
        path.write_bytes(damaged)
        assert drawn(place) == ["max_pool"]
        assert path.read_bytes() == whole


def test_where_nothing_can_be_kept_grading_goes_on(small, drawn, place):
    place.write_text("no folder")
    assert drawn(place) == drawn(place) == questions(small)


def test_a_question_that_cannot_be_drawn_is_named_when_its_plan_is_made(small, drawn, place):
    page = small.solutions / NAME / "questions/max_pool.py"
    wrong = 'max_pool.groups[0].cases.append(case("no image", np.zeros(3), (2, 2), 2))'
    page.write_text(f"{page.read_text(encoding='utf-8')}\n{wrong}\n")
    for jobs in (1, 2):
        drawn(place, jobs=jobs)
        with pytest.raises(ValueError, match=r"max_pool, case .no image.: the reference gave ValueError"):
            make_plan(small, NAME, SECRET)


def test_every_sheet_of_numpy_questions_comes_back_as_it_was(course):
    for name in ("01_convolution", "02_convolution_variants", NAME):
        assignment = course.load(name)
        for question in assignment.rubric.questions:
            sheet = assignment.fresh_sheet(question, SECRET)
            again = from_bytes(to_bytes(sheet))
            assert digest(again) == digest(sheet)
            assert [each.name for each in again.mistakes] == [each.name for each in sheet.mistakes]


def test_what_is_rare_in_a_sheet_travels_too():
    outcomes = (
        Outcome((1, [2.5, None], {"a": True, 3: "b"}), modified=("x",)),
        Outcome(raised=Raised("ValueError", "no", 3, "raise", "g")),
        Outcome(ended=Ended.TIMEOUT, reason="was stopped after 5 s"),
    )
    cases = tuple(
        Case(f"case {n}", "g", {"x": n}, each, 7, 1e-3, Relation("linear", {"by": 2.0}) if n else None, n == 2)
        for n, each in enumerate(outcomes)
    )
    sheet = Sheet("f", {"g": 2.0}, cases, (KnownMistake("name", "say", outcomes),), "value")
    assert from_bytes(to_bytes(sheet)) == sheet
