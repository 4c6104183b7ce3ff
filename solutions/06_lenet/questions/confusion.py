"""confusion: 3 points. How often each class was taken for each other one."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case
from autograder.rubric.draw import Recipe


def by_bincount(labels, found, classes):
    """Pairs numbered, then counted."""
    return np.bincount(labels * classes + found, minlength=classes * classes).reshape(classes, classes)


def by_comparison(labels, found, classes):
    """One-hot rows, multiplied."""
    return np.eye(classes)[labels].T @ np.eye(classes)[found]


def by_dict(labels, found, classes):
    """A list of lists, as counted by hand."""
    table = [[0] * classes for _ in range(classes)]
    for right, said in zip(labels, found):
        table[right][said] += 1
    return np.array(table)


def classes_of(*choices, below=None):
    """Labels below `below` classes: a class may be missing."""
    number = any_of(*choices)
    return number, [
        Recipe(lambda dice, shift=shift: dice.integers(40, below or dice.once(number)) + shift * 0) for shift in (0, 1)
    ]


def assigned(right, labels, found, classes):
    """`table[labels, found] += 1` adds one where several belong."""
    table = np.zeros((classes, classes), int)
    table[labels, found] += 1
    return table


def only_seen(right, labels, found, classes):
    """A row and a column for each class that occurs."""
    highest = max(labels.max(), found.max()) + 1
    return right(labels, found, int(highest))


several, (labels, found) = classes_of(4, 5, 6)
few, (rare, said) = classes_of(7, 8, 9, below=5)

confusion = Function(
    "confusion",
    points=3,
    groups=[
        Group("counts", 1, [case("two classes", np.array([0, 0, 1, 1, 1]), np.array([0, 1, 1, 1, 0]), 2)]),
        Group("rows and columns", 1, [case("forty labels", labels, found, several)]),
        Group("classes that never occur", 1, [case("the last two classes are missing", rare, said, few)]),
    ],
    mistakes=[
        Mistake("transposed", edit=("table[right, said]", "table[said, right]"),
                say="Rows and columns have changed places: a row belongs to what an image is, a column to what was said."),
        Mistake("each pair once", by=assigned,
                say="`table[labels, found] += 1` adds 1 to a place once, however often it is named. Count pair by pair."),
        Mistake("only the right ones", edit=("        table[right, said] += 1", "        table[right, right] += right == said"),
                say="Only the diagonal is filled. The mistakes are what this table is for."),
        Mistake("shares instead of counts", edit=("return table", "return table / max(len(labels), 1)"),
                say="Counts are asked for; yours are divided by the number of images."),
        Mistake("rows as shares", edit=("return table", "return table / np.maximum(table.sum(1, keepdims=True), 1)"),
                say="Counts are asked for; in yours every row adds up to 1."),
        Mistake("classes that occur", by=only_seen,
                say="Your table has a row for each class up to the highest that occurs. There are `classes` of them, also where one "
                    "was never seen."),
    ],
    variants=[by_bincount, by_comparison, by_dict],
)
