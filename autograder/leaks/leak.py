"""What the scan reports: what kind of leak, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What must not be published. The value ends the sentence "In README.md there is …"."""

    SOLUTION = "solution text"
    ANSWER = "the answer to a written question or what earns its points"
    MISTAKE = "a known mistake"
    SENTENCE = "the sentence for a known mistake"
    RUBRIC = "rubric or grader code"
    SECRET = "the course's secret"
    CASES = "an array that is in no public case"
    OUTPUT = "an output"
    COUNT = "an execution count"
    METADATA = "notebook metadata that no release needs"
    PERSON = "the name of a user or a machine"
    PLACE = "a path of a machine"
    CODE = "compiled or pickled code"
    RECORD = "a database or the record of a class"
    LEFTOVER = "a file of an editor, a checkpoint or a tool"
    HISTORY = "git history"
    STRANGE = "a file that no release has"
    OPAQUE = "something that cannot be looked into"


@dataclass(frozen=True, order=True)
class Leak:
    """One thing that must not be published. `what` names it further, for the person who releases."""

    place: str
    kind: Kind
    what: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}{f' ({self.what})' if self.what else ''}"
