"""The rubrics of tables and Keras questions are proven; their solution, stub and variants pass through the jail."""

from __future__ import annotations

import pytest

from autograder.selftest import prove
from common.cases import Status

NAMES = ("04_values", "05_model", "06_layer", "07_trained", "08_training")


@pytest.mark.parametrize("name", NAMES)
def test_the_rubric_is_proven(built, name):
    proof = prove(built(name), (1, 1), (0, 1))
    lost = proof.missed + proof.unnamed
    assert not [(each.question, each.answer, each.sheet, each.result.mistake) for each in lost]
    assert not [(each.answer, each.result.message) for each in proof.failed_variants]
    assert proof.ok, proof.parts


@pytest.mark.jail
@pytest.mark.parametrize("name", [name for name in NAMES if name != "07_trained"])
def test_solution_stub_and_variants_in_the_jail(grade, planned, as_cell, name):
    """What a trained question grades is a file: test_trained.py hands in some."""
    rubric = planned(name).assignment.rubric
    assert grade(name).score == rubric.points > 0
    stub = grade(name, solved=False)
    assert stub.score == 0
    assert {each.status for each in stub.questions} == {Status.MISSING}
    for variants in zip(*(question.variants for question in rubric.questions), strict=True):
        cells = {each.name: as_cell(each, variant) for each, variant in zip(rubric.questions, variants, strict=True)}
        result = grade(name, cells)
        assert result.score == rubric.points, [(each.message, each.output) for each in result.questions]
        assert {each.status for each in result.questions} == {Status.PASSED}
