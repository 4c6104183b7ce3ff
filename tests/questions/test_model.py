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


def test_names_of_layers_change_nothing_in_what_a_model_computes(built):
    import keras
    from keras import layers

    from common.models.architecture import hand_over, unnamed

    def forked(*names):
        x = keras.Input((4,), name=names[0])
        y = layers.Dense(4, name=names[1])(x)
        return keras.Model(x, layers.Add(name=names[2])([layers.Dense(4, name=names[3])(y), y]))

    first, second = hand_over(forked("a", "b", "c", "d")), hand_over(forked("relu", "linear", "a", "b"))
    assert first != second and unnamed(first) == unnamed(second)
    crossed = keras.Input((4,), name="a")
    y = layers.Dense(4, name="b")(crossed)
    other = keras.Model(crossed, layers.Add(name="c")([layers.Dense(4, name="d")(y), layers.Identity(name="e")(y)]))
    assert unnamed(hand_over(other)) != unnamed(first)


def test_a_models_output_is_computed_in_double_precision(built):
    import keras
    import numpy as np
    from keras import layers

    from common.models.architecture import hand_over
    from common.models.measure import measure

    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, activation="tanh")])
    content, x = np.frombuffer(hand_over(model), np.uint8), np.full((1, 3), 0.125)
    out = measure(content, "function", x, 5, 100)
    assert (np.round(out, 9) == out).all()
    assert (out.astype(np.float32) != out).any()
