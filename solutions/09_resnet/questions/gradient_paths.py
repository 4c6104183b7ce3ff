"""gradient_paths: 5 points. Paths through a chain of units, sorted by how many branches they take."""

import itertools

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, numbers
from autograder.rubric.draw import Recipe


def one_shut(count):
    """Slopes of which one is 0: a unit whose branch is shut."""
    return Recipe(lambda dice: np.where(np.arange(count) == dice.integers(1, count)[0], 0.0, numbers(count).make(dice)))


# --- right answers in other styles ------------------------------------------------------------------------------------


def by_subsets(slopes):
    """Every path by itself."""
    return np.array([sum(np.prod(path) for path in itertools.combinations(slopes, k)) for k in range(len(slopes) + 1)])


def by_polynomial(slopes):
    """The coefficients of the product of all (1 + f t)."""
    return np.poly(-np.asarray(slopes)) if len(slopes) else [1.0]


def by_convolution(slopes):
    """The same in float32, a polynomial product at a time."""
    parts = np.ones(1, np.float32)
    for slope in slopes:
        parts = np.convolve(parts, np.array([1, slope], np.float32))
    return parts


# --- mistakes that are no edits ---------------------------------------------------------------------------------------


def neighbours_only(right, slopes):
    """Runs of neighbouring branches instead of any choice of branches."""
    count = len(slopes)
    return np.array([1.0, *(sum(np.prod(slopes[i : i + k]) for i in range(count - k + 1)) for k in range(1, count + 1))])


def plain_net(right, slopes):
    """The one path through all branches."""
    parts = np.zeros(len(slopes) + 1)
    parts[-1] = np.prod(slopes)
    return parts


def powers_of_the_sum(right, slopes):
    """The sum of the slopes, multiplied by itself: the same branch counts twice."""
    return np.array([np.sum(slopes) ** k for k in range(len(slopes) + 1)])


gradient_paths = Function(
    "gradient_paths",
    points=5,
    groups=[
        Group("one unit", 1, [case("two paths", numbers(1))]),
        Group("several units", 2, [
            case("three units, eight paths", numbers(3)),
            case("more units", numbers(any_of(5, 4, 6)), fresh=2),
        ]),
        Group("counting the paths", 1, [case("all slopes 1", any_of(4, 5, 6, 7).map(np.ones), fresh=2)]),
        Group("a branch that is shut", 1, [case("one slope is 0", one_shut(4))]),
    ],
    mistakes=[
        Mistake("a plain net", by=plain_net,
                say="This is the gradient of a plain net: there only the one path through all branches exists."),
        Mistake("neighbouring branches only", by=neighbours_only,
                say="Your paths run through neighbouring branches. A path may also take the first and the third and skip the second."),
        Mistake("powers of the sum", by=powers_of_the_sum,
                say="A power of the sum takes the same branch twice. Each unit is passed once: by its branch or by its shortcut."),
        Mistake("the longest first", by=lambda right, slopes: right(slopes)[::-1],
                say="Your list begins with the longest path. Entry 0 is the path that takes no branch at all."),
        Mistake("no path without a branch", by=lambda right, slopes: right(slopes)[1:],
                say="One path is missing: the one along all shortcuts, which takes no branch at all."),
        Mistake("means over the paths",
                by=lambda right, slopes: right(slopes) / np.round([np.prod([(len(slopes) - j) / (j + 1) for j in range(k)]) for k in range(len(slopes) + 1)]),
                say="You took means over the paths of a length. Gradients that arrive on several paths add up."),
        Mistake("summed up from below", by=lambda right, slopes: np.cumsum(right(slopes)),
                say="Your entry k also holds all shorter paths. Only those with exactly k branches belong there."),
        Mistake("works on the slopes", by=lambda right, slopes: (right(slopes), slopes.fill(0))[0],
                say="Your function changes `slopes`. Whoever called it still needs them: work on a copy."),
    ],
    variants=[by_subsets, by_polynomial, by_convolution],
    terms=lambda inputs: 4 ** len(inputs["slopes"]),
)
