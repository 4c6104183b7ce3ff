"""Whether solutions may be published: is the assignment due, and who may still hand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from autograder.deadlines.clock import by_wall_clock, days_later, read_moment, shown
from autograder.deadlines.rules import Rules


@dataclass(frozen=True)
class Running:
    """A student who may still hand in, and until when."""

    student: str
    assignment: str
    until: datetime

    def __str__(self) -> str:
        return f"{self.student} until {shown(self.until)}"


@dataclass(frozen=True)
class Verdict:
    """Why solutions must wait, in one sentence each; whose extensions run; what else an instructor should know."""

    reasons: tuple[str, ...]
    running: tuple[Running, ...]
    notes: tuple[str, ...]


def read_due(text: str, rules: Rules) -> datetime:
    """A time from the command line: by the clocks of the course, or of this machine where there is no file."""
    moment = read_moment(text)
    if moment.tzinfo:
        return moment.astimezone(rules.zone)
    return by_wall_clock(moment, rules.zone) if rules.file else moment.astimezone()


def may_publish(rules: Rules, names: Sequence[str], now: datetime, due: datetime | None = None) -> Verdict:
    """What speaks against publishing solutions now. `due` goes before what the file says of the deadline."""
    reasons, running, notes = [], [], []
    for name in names:
        stated = rules.deadlines.get(name)
        end = due or (stated.due if stated else None)
        if end is None:
            reasons.append(f"no deadline is known for {name}: write it into deadlines.toml or give --due")
            continue
        if now < end.astimezone(UTC):
            reasons.append(f"{name} is due {shown(end)}")
        late = [
            Running(student, assignment, each.due)
            for (student, assignment), each in sorted(rules.extensions.items())
            if assignment == name and now < each.due.astimezone(UTC)
        ]
        if late:
            reasons.append(f"extensions are still running for {name}: {', '.join(map(str, late))}")
        running += late
        if stated and (closed := stated.policy.closed_after_days) is not None:
            last = days_later(end, closed) + timedelta(minutes=stated.policy.grace_minutes)
            if now < last.astimezone(UTC):
                notes.append(f"late hand-ins of {name} still count until {shown(last)}")
    return Verdict(tuple(reasons), tuple(running), tuple(notes))
