"""The distribution of scores, as an SVG that takes its colours and letters from the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from autograder.feedback.page import fragment

LABELS = (*(f"{low}–{low + 9}" for low in range(0, 100, 10)), "100")  # the plot shows where each begins
# Where things lie in a picture of 374.4 by 172.8. They are few and stay where they are: a library that lays them out
# takes half a second to be imported.
FOOT, HIGHEST = 142.8, 120.52  # where the bars stand, and the height of the highest
FIRST, STEP, WIDE = 20.3, 33.38, 27.37  # the middle of the first bar, from one middle to the next, a bar's width


class Bar(NamedTuple):
    """One bar; `label` is below it, `amount` above it."""

    left: float
    middle: float
    top: float
    height: float
    label: str
    amount: int


def distribution(percents: Sequence[float]) -> list[tuple[str, int]]:
    """How many hand-ins lie in each tenth; full marks are a bar of their own."""
    counts = [0] * len(LABELS)
    for percent in percents:
        counts[min(max(int(percent + 1e-9) // 10, 0), 10)] += 1
    return list(zip(LABELS, counts, strict=True))


def histogram(bars: Sequence[tuple[str, int]]) -> Markup:
    """The bars as inline SVG. The page gives the text alternative."""
    most = max(1, *(amount for _, amount in bars))
    drawn = [_bar(FIRST + STEP * place, label, amount, most) for place, (label, amount) in enumerate(bars)]
    return fragment("plot.svg.j2", bars=drawn, foot=FOOT, wide=WIDE)


def _bar(middle: float, label: str, amount: int, most: int) -> Bar:
    height = HIGHEST * amount / most
    begins = label.split("–")[0]
    return Bar(round(middle - WIDE / 2, 2), round(middle, 2), round(FOOT - height, 2), round(height, 2), begins, amount)
