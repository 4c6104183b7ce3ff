"""Maps that do not match where they should be added, in words. Keras says it in two ways, and names no cure."""

from __future__ import annotations

import re

_SHAPES = re.compile(
    r"(?:Inputs have incompatible shapes\. Received shapes|Input shapes are:) ([(\[].*?[)\]]) and ([(\[].*?[)\]])"
)


def explain_mismatch(text: str) -> str:
    """What Keras' complaint about a sum means, going on after "your code "; "" where it complains of something else."""
    found = _SHAPES.search(text)
    if not found:
        return ""
    first, second = ([int(number) for number in re.findall(r"\d+", shape)] for shape in found.groups())
    if len(first) != 3 or len(second) != 3:
        return ""
    return f"adds maps of {_size(first)} and {_size(second)}: {_cure(first, second)}"


def _cure(first: list[int], second: list[int]) -> str:
    """Which of stride and filters the two branches do not share."""
    larger, smaller = sorted((first, second), reverse=True)
    if first[:2] != second[:2]:
        strides = {round(a / b) for a, b in zip(larger[:2], smaller[:2], strict=True) if b}
        one = strides.pop() if len(strides) == 1 else 0
        if one > 1 and all(-(-a // one) == b for a, b in zip(larger[:2], smaller[:2], strict=True)):
            return f"one branch has stride {one}, the other stride 1, so the sum cannot match"
        return "the two branches need the same stride and the same padding, or the sum cannot match"
    return "the two branches need as many channels, or the sum cannot match"


def _size(shape: list[int]) -> str:
    return "x".join(map(str, shape))
