"""Five hundred hostile hand-ins and five hundred honest ones in one batch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from graded import grade_class, small_course
from hand_ins import ATTACKED, OTHERS, students
from table import ON_THE_MACHINE, ON_THE_SCORE

pytestmark = [pytest.mark.jail, pytest.mark.slow]

MANY = 500


def test_a_thousand_hand_ins_half_of_them_hostile(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    attacks = (*ON_THE_SCORE, *ON_THE_MACHINE)
    members = students([attacks[number % len(attacks)] for number in range(MANY)], honest=MANY)
    root = tmp_path / "course"
    root.mkdir()
    graded = grade_class(small_course(root), members, tmp_path / "class")
    record_property("seconds", round(graded.seconds))
    print(f"{len(graded.results)} hand-ins in {graded.seconds:.0f} s")
    full, nothing = {**OTHERS, ATTACKED: 5.0}, {**OTHERS, ATTACKED: 0.0}
    wrong = {
        student: (hand_in.what if hand_in else "honest", scores)
        for student, hand_in in members.items()
        if (scores := {name: graded.score(student, name) for name in full}) != (nothing if hand_in else full)
    }
    assert wrong == {} and len(graded.results) == 2 * MANY
    assert graded.left_behind == ()
