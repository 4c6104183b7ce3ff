"""Three questions of a few points; the time and memory of an answer are short, so that endless ones end soon."""

import numpy as np

from autograder.rubric import Assignment, Function, Group, Mistake, any_of, case, signal


def loop(x):
    """One value after the other."""
    result = 0.0
    for value in x:
        result += value
    return result


total = Function(
    "total",
    points=2,
    groups=[Group("sums", 2, [case("a few values", signal(any_of(4, 5, 6)), fresh=2)])],
    mistakes=[Mistake("the mean", by=lambda right, x: right(x) / len(x), say="This is the mean, not the sum.")],
    variants=[loop],
)

scale = Function(
    "scale",
    points=5,
    groups=[
        Group("short", 3, [case("a few values", signal(any_of(4, 5, 6)), any_of(3, 2, 5), fresh=2)]),
        Group("long", 2, [case("many values", signal(any_of(40, 50, 60)), any_of(0.5, 0.25, 4), fresh=2)]),
    ],
    mistakes=[Mistake("added", by=lambda right, x, factor: x + factor, say="The factor is multiplied, not added.")],
    variants=[lambda x, factor: np.multiply(x, factor)],
    seconds=1.0,
    memory_mib=256,
)

reverse = Function(
    "reverse",
    points=3,
    groups=[Group("order", 3, [case("a few values", signal(any_of(5, 6, 7)), fresh=2)])],
    mistakes=[Mistake("as it was", by=lambda right, x: x, say="The order is still the old one.")],
    variants=[lambda x: np.flip(x)],
)

assignment = Assignment("Scaling", minutes=5, questions=[total, scale, reverse])
