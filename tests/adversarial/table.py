"""The table attack / nbgrader / otter / ours in docs/security.md: `python tests/adversarial/table.py` writes it anew.

Our column is what `course grade` gave just now; the others were measured once, and show a dash where they were not.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from graded import Graded, grade_class, small_course
from hand_ins import NETWORK, SCALE, HandIn, students
from on_models import ON_MODELS
from on_the_machine import ACCIDENTS, ON_THE_MACHINE
from on_the_score import ON_THE_SCORE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security.md"
BEGIN, END = "<!-- attacks: begin -->\n", "<!-- attacks: end -->\n"
NOT_MEASURED = "–"
ATTACKS = (*ON_THE_SCORE, *ON_THE_MACHINE, *ON_MODELS)
WHOLE_CLASS = students((*ATTACKS, *ACCIDENTS), honest=(*[SCALE] * 8, NETWORK))


def table(graded: Graded) -> str:
    """Attacks first, then accidents, as markdown."""
    student_of = {member.what: student for student, member in WHOLE_CLASS.items() if isinstance(member, HandIn)}
    parts = []
    for title, hand_ins in (("attack", ATTACKS), ("accident, with a right answer", ACCIDENTS)):
        parts += ["", f"| {title} | nbgrader | otter | ours |", "|---|---|---|---|"]
        parts += [_row(each, graded, student_of[each.what]) for each in hand_ins]
    return "\n".join([*parts, "", ""])


def _row(hand_in: HandIn, graded: Graded, student: str) -> str:
    scores, target = graded.scores(student), hand_in.target
    others_full = all(scores[name] == points for name, points in target.others.items())
    verdicts = " or ".join(hand_in.verdicts).replace("_", " ")
    ours = f"{scores[target.question]:g} of {target.points:g}: {verdicts}"
    ours += "" if others_full else ", **other questions lost too**"
    return f"| {hand_in.what} | {hand_in.nbgrader or NOT_MEASURED} | {hand_in.otter or NOT_MEASURED} | {ours} |"


def with_table(page: str, new: str) -> str:
    """The page with everything between the two marks replaced."""
    head, rest = page.split(BEGIN)
    _, tail = rest.split(END)
    return f"{head}{BEGIN}{new}{END}{tail}"


def main(arguments: Sequence[str]) -> None:
    """Grade the whole class and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "course")
        root.mkdir()
        graded = grade_class(small_course(root), WHOLE_CLASS, Path(folder, "home"), *arguments)
        PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), table(graded)), encoding="utf-8")
    left = ", ".join(graded.left_behind) or "nothing"
    print(f"{len(graded.results)} hand-ins in {graded.seconds:.0f} s; left behind: {left}")


if __name__ == "__main__":
    main(sys.argv[1:])
