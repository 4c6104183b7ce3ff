"""Five hundred hostile hand-ins and five hundred honest ones in one batch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from graded import grade_class, small_course
from hand_ins import NETWORK, SCALE, HandIn, Target, students, target_of
from table import ATTACKS

pytestmark = [pytest.mark.jail, pytest.mark.slow]

MANY = 500


def test_a_thousand_hand_ins_half_of_them_hostile(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    hostile = [ATTACKS[number % len(ATTACKS)] for number in range(MANY)]
    members = students(hostile, honest=[NETWORK if number % 10 == 9 else SCALE for number in range(MANY)])
    root = tmp_path / "course"
    root.mkdir()
    graded = grade_class(small_course(root), members, tmp_path / "class")
    record_property("seconds", round(graded.seconds))
    print(f"{len(graded.results)} hand-ins in {graded.seconds:.0f} s")
    wrong = {
        student: (member, scores)
        for student, member in members.items()
        if (scores := graded.scores(student)) != scores_due(member)
    }
    assert wrong == {} and len(graded.results) == 2 * MANY
    assert graded.left_behind == ()


def scores_due(member: HandIn | Target) -> dict[str, float]:
    """Full marks, but for what is attacked."""
    attacked = {member.target.question: member.points} if isinstance(member, HandIn) else {}
    return {**target_of(member).full, **attacked}
