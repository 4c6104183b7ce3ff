"""Training questions: a few updates in the jail, judged from losses and weights alone."""

from __future__ import annotations

import pytest

from autograder.selftest import prove
from common.cases import Status

pytestmark = pytest.mark.jail
NAME = "08_training"


def test_the_rubric_is_proven(built):
    proof = prove(built(NAME), (1, 1), (0, 1))
    assert not [(each.answer, each.sheet, each.result.mistake) for each in proof.missed + proof.unnamed]
    assert not [(each.answer, each.result.message) for each in proof.failed_variants]
    assert proof.ok


def test_solution_stub_and_variants_in_the_jail(grade, planned, as_cell):
    rubric = planned(NAME).assignment.rubric
    assert grade(NAME).score == rubric.points
    assert grade(NAME, solved=False).score == 0
    for variant in rubric["finetune"].variants:
        (question,) = grade(NAME, {"finetune": as_cell(NAME, "finetune", variant)}).questions
        assert question.status is Status.PASSED, question.message


def test_losses_that_only_claim_to_fall_do_not_count(grade):
    cell = "def finetune(model, x, y, rate, updates):\n    return [1.0 / (1 + u) for u in range(updates)]"
    (question,) = grade(NAME, {"finetune": cell}).questions
    assert question.score == 0
    assert "measured on the same data before and after" in question.message


def test_a_model_that_was_rebuilt_inside_is_no_answer(grade):
    cell = "def finetune(model, x, y, rate, updates):\n    model.pop()\n    return [0.0] * updates"
    (question,) = grade(NAME, {"finetune": cell}).questions
    assert (question.score, question.status) == (0, Status.FAILED) or question.status is Status.ERROR


def test_an_endless_training_is_stopped_and_costs_itself_alone(grade, planned):
    (question,) = planned(NAME).assignment.rubric.questions
    object.__setattr__(question, "seconds", 2.0)
    try:
        cell = "def finetune(model, x, y, rate, updates):\n    while True:\n        pass"
        (result,) = grade(NAME, {"finetune": cell}).questions
    finally:
        object.__setattr__(question, "seconds", 30.0)
    assert result.status is Status.TIMEOUT
