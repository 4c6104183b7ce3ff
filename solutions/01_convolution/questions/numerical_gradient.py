"""numerical_gradient: the tool that finds wrong backward passes, and its own mistakes."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, in_float32, numbers

STEP = 2.0**-10  # a power of two: with numbers of few bits every difference is exact
LENGTH, ROWS, COLUMNS = any_of(5, 4), any_of(2, 3), any_of(3, 4)  # the same wherever they stand in one case


def one_entry_as_a_unit(f, x, dout, step=1e-5):
    """Unit arrays instead of index arithmetic."""
    f = right_by_name(f)
    x = np.asarray(x, float)
    units = np.eye(x.size).reshape(x.size, *x.shape)
    slopes = [((f(x + step * unit) - f(x - step * unit)) * dout).sum() / (2 * step) for unit in units]
    return np.array(slopes).reshape(x.shape)


def in_place_and_back(f, x, dout, step=1e-5):
    """One working copy, moved and put back."""
    f = right_by_name(f)
    x, gradient = np.array(x, np.float64), np.zeros(np.shape(x))
    walk = np.nditer(x, flags=["multi_index"])
    for _ in walk:
        at, before = walk.multi_index, x[walk.multi_index].item()
        x[at] = before + step
        above = np.sum(dout * f(x))
        x[at] = before - step
        gradient[at] = (above - np.sum(dout * f(x))) / step / 2
        x[at] = before
    return gradient


def right_by_name(f):
    """The functions that the master gives; a variant does not see the master's names."""
    return {
        "cubes": lambda x: x * x * x,
        "neighbours": lambda x: x[..., 1:] * x[..., :-1],
        "total": lambda x: np.sum(x * x, keepdims=True).reshape(1),
    }[f]


# From the two steps to the division by their distance, in the solution's words.
TWO_SIDED = """(step, -step):
            moved = x.copy()
            moved[index] += move
            ends.append(f(moved))
        gradient[index] = (dout * (ends[0] - ends[1])).sum() / (2 * step)"""
ONE_SIDED = TWO_SIDED.replace("-step", "0.0").replace("(2 * step)", "step")


numerical_gradient = Function(
    "numerical_gradient",
    points=5,
    groups=[
        Group("each entry by itself", 2, [
            case("cubes of three numbers", "cubes", numbers(3), numbers(3), STEP),
            case("cubes of an array with two axes", "cubes", numbers(ROWS, COLUMNS), numbers(ROWS, COLUMNS), STEP),
        ]),
        Group("a result of another shape", 1, [
            case("products of neighbours", "neighbours", numbers(LENGTH), numbers(LENGTH.map(lambda length: length - 1)), STEP),
            case("the sum of all squares", "total", numbers(any_of(3, 2), any_of(2, 4)), numbers(1), STEP),
        ]),
        Group("the step that was asked for", 1, [
            case("a large step", "cubes", numbers(LENGTH), numbers(LENGTH), 0.25),
            case("a larger one", "cubes", numbers(ROWS), numbers(ROWS), 0.5),
        ]),
        Group("whole numbers and float32", 1, [
            case("an array of whole numbers", "cubes", numbers(LENGTH).map(lambda x: np.ceil(3 * x).astype(int)), numbers(LENGTH), STEP),
            case("an array of float32", "cubes", in_float32(numbers(LENGTH)), numbers(LENGTH), 2.0**-17),
        ]),
    ],
    mistakes=[
        Mistake("one-sided", edit=(TWO_SIDED, ONE_SIDED),
                say="You compare f(x + step) with f(x). A step to both sides is far more exact: its first error cancels."),
        Mistake("divided by one step", edit=("/ (2 * step)", "/ step"),
                say="The two ends lie two steps apart."),
        Mistake("not divided", edit=(" / (2 * step)", ""),
                say="A difference is not yet a slope: divide by the distance of the two ends."),
        Mistake("wrong sign", edit=("ends[0] - ends[1]", "ends[1] - ends[0]"),
                say="You subtract the end ahead from the end behind, so every slope has the wrong sign."),
        Mistake("dout forgotten", edit=("(dout * (ends[0] - ends[1])).sum()", "(ends[0] - ends[1]).sum()"),
                say="`dout` has no effect in your code. It says how much each output matters."),
        Mistake("step hard-coded", by=lambda right, f, x, dout, step: right(f, x, dout, 1e-5),
                say="Your step is always the same. Use the `step` that was asked for."),
        Mistake("all entries moved at once", edit=("moved[index] += move", "moved += move"),
                say="You move all entries together. The gradient needs the slope along each of them alone."),
        Mistake("never put back", edit=("moved = x.copy()\n            moved[index] += move",
                      "moved = x\n            moved[index] += move if move > 0 else 2 * move"),
                say="An entry that was moved is not put back before the next one is, so later slopes are taken elsewhere."),
        Mistake("in the numbers' own type", edit=("np.array(x, np.float64)", "np.array(x)"),
                say="You move the numbers in their own type: whole numbers swallow the step, float32 most of it. Make float64 first."),
        Mistake("works on the input itself", by=lambda right, f, x, dout, step: (right(f, x, dout, step), x.fill(0))[0],
                say="Your function changes `x`. Whoever called it still needs those numbers: work on a copy."),
    ],
    variants=[one_entry_as_a_unit, in_place_and_back],
    terms=lambda inputs: inputs["x"].size,
)
