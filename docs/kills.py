"""Write docs/kills.md: which of thirteen realistic wrong solutions a course's own checks catch. `python docs/kills.py`.

The thirteen and what the visible checks of CS231n 2026 do with them were measured once, by running each wrong solution
against those check cells. Our half of the table is found anew each time this runs.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Course, LoadedAssignment
from autograder.rubric import Assignment
from autograder.selftest import prove

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "kills.md"
SEEDS = 2
CONV = (ROOT, "01_convolution", "conv2d")
CONV_BACK = (ROOT, "01_convolution", "conv2d_backward")
POOL = (ROOT, "03_pooling_normalization", "max_pool")
POOL_BACK = (ROOT, "03_pooling_normalization", "max_pool_backward")
SPEED = "only by a cell that compares speeds"

# What was done wrong, whether a visible cell of CS231n 2026 catches it, our question, our name for it.
THIRTEEN = (
    ("convolution: kernel flipped", "yes", CONV, "kernel flipped"),
    ("convolution: bias dropped", "yes", CONV, "bias forgotten"),
    ("convolution: backward ignores the stride", SPEED, CONV_BACK, "stride ignored"),
    ("convolution: backward assigns, does not accumulate", "yes", CONV_BACK, "dx assigned instead of added"),
    ("convolution: padding hard-coded to 1", "no", CONV, "padding hard-coded to 1"),
    ("convolution: height and width swapped in the output", "no", CONV, "height and width of the output swapped"),
    ("convolution: kernel assumed square", "no", CONV, "kernel assumed square"),
    ("convolution: backward hard-codes padding 1", "no", CONV_BACK, "padding hard-coded to 1"),
    ("pooling: stride taken from the window", "no", POOL, "stride taken from the window"),
    ("pooling: window assumed square", "no", POOL, "window assumed square"),
    ("pooling: height and width swapped", "no", POOL, "height and width swapped"),
    ("pooling: backward assigns, does not accumulate", "no", POOL_BACK, "assigned instead of added"),
    ("pooling: ties send the gradient to every maximum", "no", POOL_BACK, "ties go to every maximum"),
)

HEAD = """# Which wrong solutions do the checks catch?

Thirteen wrong solutions, each of a kind that students hand in, against two sets of checks that a student can see:
those of CS231n 2026 (measured once, by running each wrong solution against its check cells; its hidden tests are not
public) and those of this course. Ours are tried on the public cases and on fresh ones of {seeds} seeds: caught means
that points are lost on every one of them, named that the student reads this very sentence. Convolution, forward and
backward, is in 01_convolution, pooling in 03_pooling_normalization.

`python docs/kills.py` writes this page; a test fails when it is stale.

| wrong solution | CS231n 2026 | here: caught | here: named | what the student reads |
| --- | --- | --- | --- | --- |
"""

FOOT = """
Caught by the visible checks: CS231n 2026 {theirs} of {total}, this course {caught} of {total}, of them {named} named.

Square images and kernels, padding always 1, pooling windows that never overlap and inputs without ties let the others
through. Our cases are rectangular where that is asked, pad by 0, 1 and 2, let windows overlap and hold ties.
"""


@dataclass(frozen=True)
class Kill:
    """What our checks do with one of the thirteen."""

    caught: bool
    named: bool
    say: str


def our_kills() -> list[Kill]:
    """Prove the four questions and look up the thirteen."""
    proofs = {place: prove(_load(place), (1, 1), (0, 1), SEEDS) for place in (CONV, CONV_BACK, POOL, POOL_BACK)}
    kills = []
    for _, _, place, name in THIRTEEN:
        proof, question = proofs[place], place[2]
        tried = [trial for trial in proof.mistakes if (trial.question, trial.answer) == (question, name)]
        (mistake,) = [each for each in _load(place).rubric[question].mistakes if each.name == name]
        assert len(tried) == SEEDS + 1
        caught, named = (not set(map(id, tried)) & set(map(id, lost)) for lost in (proof.missed, proof.unnamed))
        kills.append(Kill(caught, caught and named, mistake.say))
    return kills


def _load(place: tuple[Path, str, str]) -> LoadedAssignment:
    """The assignment with no other question than the one."""
    root, name, question = place
    whole = Course(root).load(name)
    return replace(whole, rubric=Assignment(whole.rubric.title, [whole.rubric[question]]))


def page() -> str:
    """The whole page."""
    kills = our_kills()
    rows = [
        f"| {what} | {theirs} | {_word(kill.caught)} | {_word(kill.named)} | {kill.say} |"
        for (what, theirs, _, _), kill in zip(THIRTEEN, kills, strict=True)
    ]
    theirs = sum(answer != "no" for _, answer, _, _ in THIRTEEN)
    caught, named = sum(kill.caught for kill in kills), sum(kill.named for kill in kills)
    counts = FOOT.format(theirs=theirs, caught=caught, named=named, total=len(kills))
    return HEAD.format(seeds=SEEDS) + "\n".join(rows) + "\n" + counts


def _word(answer: bool) -> str:
    return "yes" if answer else "no"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} written\n")
