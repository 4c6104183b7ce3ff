"""Who made which submission and when it was received, from the submission_metadata.yml of a Gradescope export."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from autograder.deadlines.clock import ClockError, read_moment

METADATA = "submission_metadata.yml"
MOST_SUBMITTERS = 20
HEAD = re.compile(r"(?P<submission>submission_\d+):\s*")
KEY = re.compile(r"  :?(?P<key>\w+):\s*(?P<value>.*)")
FIELD = re.compile(r"\s+(?P<new>- )?\s*:?(?P<key>name|sid|email):\s*(?P<value>.*)")


@dataclass
class Submitter:
    """One of the people who handed something in together."""

    fields: dict[str, str] = field(default_factory=dict)

    @property
    def student(self) -> str:
        """Name and number, as one name; the e-mail address where there is no number."""
        parts = (self.fields.get("name", ""), self.fields.get("sid") or self.fields.get("email", ""))
        return "_".join(part for part in parts if part)


def read_submitters(text: str) -> dict[str, tuple[str, ...]]:
    """Students by submission. A few lines of YAML are read as lines: no parser sees a name that a student chose."""
    found: dict[str, list[Submitter]] = {}
    people: list[Submitter] | None = None
    key = ""
    for line in text.splitlines():
        if head := HEAD.fullmatch(line):
            people, key = found.setdefault(head["submission"], []), ""
        elif people is None:
            continue
        elif (entry := FIELD.fullmatch(line)) and key == "submitters":
            if (entry["new"] or not people) and len(people) < MOST_SUBMITTERS:
                people.append(Submitter())
            people[-1].fields.setdefault(entry["key"], _plain(entry["value"]))
        elif top := KEY.fullmatch(line):
            key = top["key"]
    named = {submission: [each.student for each in people] for submission, people in found.items()}
    return {submission: tuple(filter(None, students)) for submission, students in named.items() if any(students)}


def read_times(text: str) -> dict[str, datetime]:
    """When Gradescope received each submission, by its own clock."""
    found: dict[str, datetime] = {}
    submission = ""
    for line in text.splitlines():
        if head := HEAD.fullmatch(line):
            submission = head["submission"]
        elif submission and (entry := KEY.fullmatch(line)) and entry["key"] == "created_at":
            try:
                moment = read_moment(_plain(entry["value"]))
            except ClockError:
                continue
            # Should a second line ever claim to be one, the later time counts.
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
            found[submission] = max(moment, found.get(submission, moment))
    return found


def _plain(value: str) -> str:
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    value = value[1:-1].replace("''", "'") if quoted else value
    return "" if value in ("null", "~", "!") else value[:200]
