"""What an instructor writes in rubric.py: questions, cases, known mistakes."""

from autograder.rubric.draw import (
    any_of,
    bias,
    distinct,
    images,
    in_float32,
    kernels,
    no_bias,
    numbers,
    signal,
)
from autograder.rubric.function import Function
from autograder.rubric.gradient import gradient_of
from autograder.rubric.holds import backwards, entries, linear, shifted
from autograder.rubric.layer import Layer, attempt
from autograder.rubric.mistake import Mistake
from autograder.rubric.model import Model, look
from autograder.rubric.pair import Pair
from autograder.rubric.question import Assignment, Group, case
from autograder.rubric.trained import Band, Trained
from autograder.rubric.training import Training, after
from autograder.rubric.value import Entry, Values
from autograder.rubric.written import Written

__all__ = [
    "Assignment",
    "Band",
    "Entry",
    "Function",
    "Group",
    "Layer",
    "Mistake",
    "Model",
    "Pair",
    "Trained",
    "Training",
    "Values",
    "Written",
    "after",
    "any_of",
    "attempt",
    "backwards",
    "bias",
    "case",
    "distinct",
    "entries",
    "gradient_of",
    "images",
    "in_float32",
    "kernels",
    "linear",
    "look",
    "no_bias",
    "numbers",
    "shifted",
    "signal",
]
