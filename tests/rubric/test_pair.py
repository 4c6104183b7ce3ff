"""Forward and backward in one question; gradients are proven by differences."""

import numpy as np
import pytest

from autograder.rubric import Function, Group, Mistake, Pair, case, entries, gradient_of, numbers
from autograder.rubric.gradient import central_differences
from autograder.rubric.master import read_master
from autograder.rubric.reference import Reference
from common.cases import Status
from common.cases.judge import judge
from common.kinds import try_out

MASTER = """# %%
import numpy as np

# %%
def cube(x, scale):
    ### BEGIN SOLUTION
    return scale * x**3, (x, scale)
    ### END SOLUTION


def cube_backward(dout, cache):
    ### BEGIN SOLUTION
    x, scale = cache
    return 3 * scale * x**2 * dout, (x**3 * dout).sum()
    ### END SOLUTION

# %%
def product(x, w):
    return x @ w

# %%
def product_backward(dout, x, w):
    ### BEGIN SOLUTION
    return dout @ w.T, x.T @ dout
    ### END SOLUTION
"""


def reference_of(folder, text):
    path = folder / "m.py"
    path.write_text(text)
    return Reference(read_master(path))


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    return reference_of(tmp_path_factory.mktemp("m"), MASTER)


def question(**options):
    forward = [Group("there", 1, [case("four numbers", numbers(4), numbers(1).map(lambda s: float(s[0])))])]
    backward = [
        Group("back", 2, [case("dx", numbers(4), 2.0, holds=entries(0, of=("dx", "dscale")))]),
        Group("both", 1, [case("dx and dscale", numbers(4), 3.0)]),
    ]
    given = {"points": 4, "forward": forward, "backward": backward} | options
    return Pair("cube", then="cube_backward", gradients=("dx", "dscale"), **given)


def result(reference, answer, **options):
    sheet = question(**options).sheet(reference, "s", public=True)
    return judge(sheet, try_out(answer, sheet))


def test_the_gradient_from_above_is_the_last_input_and_has_the_shape_of_the_result(reference):
    sheet = question().sheet(reference, "s", public=False)
    assert [list(each.inputs) for each in sheet.cases] == [["x", "scale"], *[["x", "scale", "dout"]] * 2]
    assert sheet.cases[1].inputs["dout"].shape == (4,) and sheet.kind == "pair"


def test_each_half_earns_its_points_alone(reference):
    forward, backward = reference["cube"], reference["cube_backward"]

    def half(dout, cache):
        return backward(dout, cache)[0], None

    def nothing(*inputs):
        raise NotImplementedError

    assert result(reference, (forward, backward)).status is Status.PASSED
    assert result(reference, (forward, nothing)).score == 1
    assert result(reference, (forward, half)).score == 3
    assert result(reference, (lambda x, scale: (0 * x, (x, scale)), backward)).score == 3
    assert result(reference, (nothing, backward)).status is Status.MISSING
    assert "two values, the result and the cache" in result(reference, (lambda x, scale: x, backward)).message
    assert "two functions are checked together" in result(reference, forward).message


def test_a_gradient_changed_in_place_is_named(reference):
    def in_place(dout, cache):
        try:
            return reference["cube_backward"](dout, cache)
        finally:
            dout *= 2

    assert "`dout` was changed in place" in result(reference, (reference["cube"], in_place)).message


def test_mistakes_are_edits_of_either_function(reference):
    wrong = [
        Mistake("forward", "There.", edit=("return scale * x**3", "return x**3")),
        Mistake("backward", "Back.", edit=("return 3 * scale", "return 2 * scale")),
    ]
    for mistake in wrong:
        answer = question().answer(reference, mistake)
        assert result(reference, answer, mistakes=wrong).mistake == mistake.name
    with pytest.raises(ValueError, match="are edits"):
        question(mistakes=[Mistake("by", "Say.", by=lambda right: right)])
    with pytest.raises(ValueError, match="worth 4 points"):
        question(points=5)


def test_a_solution_that_is_not_its_own_gradient_is_an_error(tmp_path):
    wrong = reference_of(tmp_path, MASTER.replace("3 * scale * x**2", "2 * scale * x**2"))
    with pytest.raises(ValueError, match="the solution is not the gradient"):
        question().sheet(wrong, "s", public=True)


def test_a_function_may_be_asked_for_a_gradient_found_by_differences(reference, tmp_path):
    asked = case("2x3 times 3x2", numbers(2, 2), numbers(2, 3), numbers(3, 2), against=gradient_of("product", "x", "w"))
    made = Function("product_backward", points=1, groups=[Group("all", 1, [asked])])
    (found,) = made.sheet(reference, "s", public=True).cases
    right = reference["product_backward"](*found.inputs.values())
    assert all(np.allclose(mine, yours, atol=1e-9) for mine, yours in zip(found.expected.value, right, strict=True))
    wrong = reference_of(tmp_path, MASTER.replace("x.T @ dout\n", "-x.T @ dout\n"))
    with pytest.raises(ValueError, match="not the gradient of 'product'"):
        made.sheet(wrong, "s", public=True)


def test_differences_of_a_curved_function_are_close():
    x = np.array([[0.5, -1.25], [2.0, 0.75]], np.float32)
    (found,) = central_differences(lambda x: np.exp(x), {"x": x}, ["x"], np.ones((2, 2)))
    assert np.allclose(found, np.exp(x.astype(float)), rtol=1e-8)
