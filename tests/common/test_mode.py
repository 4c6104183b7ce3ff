"""One notebook at three speeds."""

from __future__ import annotations

import pytest

from common.mode import choose


@pytest.mark.parametrize(("named", "chosen"), [("smoke", 1), ("student", 5), ("full", 40), ("", 5)])
def test_the_environment_chooses(named: str, chosen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_MODE", named)
    assert choose(smoke=1, student=5, full=40) == chosen


def test_without_a_value_for_full_the_students_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_MODE", "full")
    assert choose(smoke=1, student=5) == 5


def test_a_mode_that_there_is_not_is_named_with_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_MODE", "fast")
    with pytest.raises(ValueError, match="'fast'; it can be smoke, student, full"):
        choose(smoke=1, student=2)
