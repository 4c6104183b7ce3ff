"""What is seen of a training: the loss it starts from, whether it falls, whether the images are learnt."""

import numpy as np
import pytest

from common.cases import Case, Outcome, Sheet
from common.cases.judge import judge
from common.kinds.training import cross_entropy, try_with

X, Y = np.eye(4), np.array([0, 1, 2, 3])
START, KNOWING = np.zeros((4, 4)), 5 * np.eye(4)  # the weights are the scores' matrix


def scores(architecture, weights, images):
    return Outcome(images @ weights[0])


def judged(aspect, expected, losses, after):
    inputs = {"aspect": aspect, "run": 0, "architecture": None, "weights": [START], "arguments": {"x": X, "y": Y}}
    sheet = Sheet("learn", {"all": 1.0}, (Case("a run", "all", inputs, Outcome(expected)),), kind="training")
    note = Outcome({"losses": losses, "weights": [after], "updates": 1})
    return judge(sheet, try_with(sheet, lambda inputs: note, scores))


def test_the_first_loss_must_be_the_one_before_any_update():
    before = cross_entropy(X @ START, Y)
    assert before == pytest.approx(np.log(4))
    assert judged("start", {"starts": True}, np.array([before, 0.1]), KNOWING).score == 1
    late = judged("start", {"starts": True}, np.array([0.1]), KNOWING)
    assert late.score == 0
    assert "the first loss you return is 0.1; before any update the model's loss on x, y is 1.38629" in late.message


@pytest.mark.parametrize("losses", [None, np.array([])])
def test_a_training_that_returns_no_losses_is_told_so(losses):
    assert "should return its losses" in judged("start", {"starts": True}, losses, KNOWING).message


def test_learning_by_heart_is_seen_from_the_weights_not_from_what_is_said():
    assert judged("fits", {"fits": True}, None, KNOWING).score == 1
    poor = judged("fits", {"fits": True}, np.zeros(9), START)
    assert poor.score == 0 and "1 of 4 images get their own label" in poor.message


def test_weights_that_are_no_numbers_any_more_have_learnt_nothing():
    assert judged("fits", {"fits": True}, None, START * np.nan).score == 0
    assert judged("falls", {"falls": True}, None, START * np.nan).score == 0
