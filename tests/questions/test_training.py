"""Training questions: a few updates in the jail, judged from losses and weights alone."""

from __future__ import annotations

import pytest

from common.cases import Status

pytestmark = pytest.mark.jail
NAME = "08_training"


def test_losses_that_only_claim_to_fall_do_not_count(grade):
    cell = "def finetune(model, x, y, rate, updates):\n    return [1.0 / (1 + u) for u in range(updates)]"
    (question,) = grade(NAME, {"finetune": cell}).questions
    assert question.score == 0
    assert "measured on the same data before and after" in question.message


def test_a_model_that_was_rebuilt_inside_is_no_answer(grade):
    cell = "def finetune(model, x, y, rate, updates):\n    model.pop()\n    return [0.0] * updates"
    (question,) = grade(NAME, {"finetune": cell}).questions
    assert (question.score, question.status) == (0, Status.FAILED) or question.status is Status.ERROR


def test_an_endless_training_is_stopped_and_costs_itself_alone(grade):
    cell = "def finetune(model, x, y, rate, updates):\n    while True:\n        pass"
    (result,) = grade(NAME, {"finetune": cell}, seconds=2.0).questions
    assert result.status is Status.TIMEOUT
