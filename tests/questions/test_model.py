"""Model questions: taken apart, explained in words, rebuilt elsewhere; hostile models cost their own question."""

from __future__ import annotations

import pytest

from autograder.selftest import prove
from common.cases import Status

pytestmark = pytest.mark.jail
NAME = "05_model"


def test_the_rubric_is_proven(built):
    proof = prove(built(NAME), (1, 1), (0, 1))
    assert not [(each.question, each.answer, each.sheet) for each in proof.missed + proof.unnamed]
    assert not [(each.answer, each.result.message) for each in proof.failed_variants]
    assert proof.ok


def test_the_solution_earns_all_and_the_stub_nothing(grade, planned):
    assert grade(NAME).score == planned(NAME).assignment.rubric.points
    stub = grade(NAME, solved=False)
    assert stub.score == 0
    assert [each.status for each in stub.questions] == [Status.MISSING] * 2


def test_each_variant_passes_in_the_jail(grade, planned, as_cell):
    rubric = planned(NAME).assignment.rubric
    answers = {question.name: question.variants for question in rubric.questions}
    for first, second in zip(*answers.values(), strict=True):
        cells = {name: as_cell(NAME, name, each) for name, each in zip(answers, (first, second), strict=True)}
        result = grade(NAME, cells)
        assert result.score == rubric.points, [(each.message, each.output) for each in result.questions]
