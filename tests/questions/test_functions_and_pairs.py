"""Function and pair questions of the small course, proven as `course selftest` proves and graded in the jail."""

from __future__ import annotations

import json

import pytest

from autograder.selftest import prove
from common.cases import Status
from common.cases.frozen import freeze, thaw
from common.cases.judge import judge
from common.kinds import try_out

POOLING = "03_pooling_normalization"
ASKED = [  # one question of a real assignment, or all of a small one
    ("01_convolution", "conv2d_backward"),
    (POOLING, "max_pool"),
    (POOLING, "max_pool_backward"),
    ("03_pair", None),
    ("10_average_pooling", None),
]
each_asked = pytest.mark.parametrize(("name", "only"), ASKED)
NO_BACKWARD = """
def batch_norm(x, gamma, beta, eps=1e-5):
    mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
    return gamma * ((x - mean) / np.sqrt(variance + eps)) + beta, {"a secret": object()}

def batch_norm_backward(dout, cache):
    raise NotImplementedError
"""


@pytest.fixture(scope="module")
def proofs(built, grade):
    def proof(name, only, seeds):
        assignment = built(name, only)
        scores = [(grade(name, solved=solved, only=only).score, assignment.rubric.points) for solved in (True, False)]
        return prove(assignment, *scores, seeds)

    return proof


@pytest.mark.jail
@each_asked
def test_every_question_is_proven(proofs, name, only):
    proof = proofs(name, only, seeds=2)
    found = proof.as_json()
    assert proof.solution[0] == proof.solution[1] > 0 and proof.stub[0] == 0 and proof.parts == ()
    assert [(each.answer, each.sheet) for each in proof.missed] == []
    assert [(each.answer, each.sheet, each.result.mistake) for each in proof.unnamed] == []
    assert [(each.answer, each.sheet, each.result.message) for each in proof.failed_variants] == []
    assert found["mistakes"]["total"] > 15 and proof.ok


@pytest.mark.slow
@pytest.mark.jail
@each_asked
def test_no_seed_fails_a_right_answer_or_lets_a_mistake_through(proofs, name, only):
    assert proofs(name, only, seeds=100).ok


@pytest.mark.jail
@each_asked
def test_a_known_mistake_typed_into_a_notebook_is_named_by_the_grader(built, grade, name, only):
    assignment = built(name, only)
    for question in assignment.rubric.questions:
        for mistake in question.mistakes:
            if mistake.edit:
                cell = assignment.reference.edited(question.name, mistake)
                result = grade(name, {question.name: cell}, only=only)
                (found,) = [each for each in result.questions if each.question == question.name]
                assert found.mistake == mistake.name and found.score < found.max_score


@pytest.mark.jail
@each_asked
def test_correct_variants_pass_in_the_jail(built, grade, as_cell, name, only):
    for question in built(name, only).rubric.questions:
        for variant in question.variants:
            result = grade(name, {question.name: as_cell(question, variant)}, only=only)
            (found,) = [each for each in result.questions if each.question == question.name]
            assert (found.score, found.message) == (found.max_score, "")


@pytest.mark.jail
def test_a_forward_pass_keeps_its_points_without_its_backward_pass_whatever_lies_in_the_cache(grade):
    (result,) = grade("03_pair", {"batch_norm": NO_BACKWARD}).questions
    assert result.score == 5 and result.message == "dbeta: not written yet."


@pytest.mark.jail
def test_a_forward_pass_without_a_cache_is_told_so(grade):
    cell = NO_BACKWARD.replace(', {"a secret": object()}', "")
    (result,) = grade("03_pair", {"batch_norm": cell}).questions
    assert result.score == 0 and "batch_norm should return two values, the result and the cache" in result.message


@pytest.mark.jail
def test_a_wrong_result_beside_a_right_cache_keeps_the_backward_points(built, grade):
    right = built("03_pair").reference.source("batch_norm")
    cell = right.replace("return gamma * normed + beta,", "return normed + beta,")
    (result,) = grade("03_pair", {"batch_norm": cell}).questions
    assert (result.score, result.mistake) == (9, "gamma forgotten")


@pytest.mark.jail
def test_two_functions_in_two_cells_are_found(built, grade):
    forward, backward = built("03_pair").reference.source("batch_norm").split("\n\n\ndef batch_norm_backward")
    cell = f"{forward}\n\nbackwards = 1\n\ndef batch_norm_backward{backward}"
    (result,) = grade("03_pair", {"batch_norm": cell}).questions
    assert result.score == result.max_score


@each_asked
def test_frozen_cases_judge_as_drawn_ones_do(built, tmp_path, name, only):
    assignment = built(name, only)
    sheets = [assignment.public_sheet(question) for question in assignment.rubric.questions]
    freeze(tmp_path / "cases.npz", name, sheets)
    for sheet, thawed in zip(sheets, thaw(tmp_path / "cases.npz").values(), strict=True):
        question = assignment.rubric[sheet.question]
        answers = [*question.variants[:1]]
        if not isinstance(question.variants[0], tuple):
            answers += [assignment.reference.mistaken(question.name, each) for each in question.mistakes[:2]]
        for answer in answers:
            first, second = judge(sheet, try_out(answer, sheet)), judge(thawed, try_out(answer, thawed))
            assert (first.score, first.message, first.advice) == (second.score, second.message, second.advice)


@pytest.mark.nbgrader
def test_the_stub_of_a_pair_has_two_holes(small_course, built):
    built("03_pair")
    text = (small_course.assignments / "03_pair/pair.ipynb").read_text(encoding="utf-8")
    source = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    (cell,) = [each for each in source if "def batch_norm(" in each]
    assert cell.count("raise NotImplementedError") == 2 and "normed" not in cell


WITH_KERAS = """
import keras

def max_pool(x, size, stride):
    return keras.ops.convert_to_numpy(keras.ops.max_pool(x, size, stride, "valid"))
"""


@pytest.mark.jail
def test_a_numpy_question_may_be_answered_with_keras_where_the_text_allows_it(grade):
    """The jail of NumPy questions has no Keras imported; an answer that imports it runs where it is."""
    (question,) = grade(POOLING, {"max_pool": WITH_KERAS}, only="max_pool").questions
    assert question.status is Status.PASSED, question.message
