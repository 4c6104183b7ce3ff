"""A rubric fails loudly where it would otherwise prove nothing."""

import numpy as np
import pytest

from autograder.rubric import Function, Group, Mistake, case, numbers
from autograder.rubric.master import read_master
from autograder.rubric.reference import Reference

MASTER = """# %%
import numpy as np

# %%
def scale(x, factor=2):
    ### BEGIN SOLUTION
    if factor == 0:
        raise ValueError("0 scales nothing")
    return x * factor
    ### END SOLUTION
"""


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    path = tmp_path_factory.mktemp("m") / "m.py"
    path.write_text(MASTER)
    return Reference(read_master(path))


def question(*cases, mistakes=(), points=1):
    return Function("scale", points=points, groups=[Group("all", 1, cases)], mistakes=mistakes)


def test_inputs_are_named_by_the_reference_and_defaults_filled_in(reference):
    (made,) = question(case("by default", numbers(3))).sheet(reference, "s", public=True).cases
    assert list(made.inputs) == ["x", "factor"] and made.inputs["factor"] == 2
    assert made.expected.value.tolist() == (2 * made.inputs["x"]).tolist()


def test_fresh_cases_are_drawn_as_often_as_asked(reference):
    asked = question(case("three times", numbers(3), 3, fresh=3))
    assert len(asked.sheet(reference, "s", public=True).cases) == 1
    fresh = asked.sheet(reference, "s", public=False).cases
    assert len({each.inputs["x"].tobytes() for each in fresh}) == 3


def test_an_edit_that_no_longer_fits_is_an_error(reference):
    for old in ("x + factor", "factor"):
        with pytest.raises(ValueError, match="must stand there once"):
            reference.edited("scale", Mistake("m", "Say.", edit=(old, "x")))


def test_a_reference_that_fails_is_an_error_and_not_an_expected_answer(reference):
    with pytest.raises(ValueError, match="the reference gave"):
        question(case("zero", numbers(3), 0)).sheet(reference, "s", public=True)
    (made,) = question(case("zero", numbers(3), 0, raises="ValueError")).sheet(reference, "s", public=True).cases
    assert made.expected.raised.type == "ValueError"
    with pytest.raises(ValueError, match="no ValueError"):
        question(case("one", numbers(3), 1, raises="ValueError")).sheet(reference, "s", public=True)


def test_points_must_add_up():
    with pytest.raises(ValueError, match="worth 1 points, the question 2"):
        question(case("one", numbers(3)), points=2)


def test_a_mistake_is_an_edit_or_a_function():
    with pytest.raises(ValueError, match="give either"):
        Mistake("m", "Say.")


def test_a_mistakes_outcomes_stand_on_the_sheet(reference):
    wrong = [
        Mistake("squared", "Say.", edit=("x * factor", "x * factor * factor")),
        Mistake("shifted", "Say.", by=lambda right, x, factor: right(x, factor) + 1),
    ]
    sheet = question(case("three", numbers(3), 3), mistakes=wrong).sheet(reference, "s", public=False)
    x = sheet.cases[0].inputs["x"]
    assert np.array_equal(sheet.mistakes[0].outcomes[0].value, 9 * x)
    assert np.array_equal(sheet.mistakes[1].outcomes[0].value, 3 * x + 1)


def test_right_answers_can_be_rounded_so_that_every_processor_freezes_the_same_bytes(reference):
    third = case("a third of each", numbers(3), 1 / 3)
    halved = Mistake("halved", "Halved.", by=lambda right, x, factor: (right(x, factor) / 2, "text", 1 / 3))
    steady = Function("scale", 1, [Group("all", 1, [third])], [halved], decimals=4)
    sheet = steady.sheet(reference, "s", public=True)
    (made,), (wrong,) = sheet.cases, sheet.mistakes[0].outcomes
    assert made.expected.value.tolist() == np.round(made.inputs["x"] / 3, 4).tolist()
    assert wrong.value[0].tolist() == np.round(made.inputs["x"] / 6, 4).tolist()
    assert wrong.value[1:] == ("text", 0.3333)
