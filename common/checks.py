"""check(f): try a student's answer on the public cases and say in words what is wrong. It never raises."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from common.card import Card
from common.cases.case import Sheet
from common.cases.frozen import FILE, thaw
from common.cases.judge import judge
from common.cases.verdict import QuestionResult
from common.kinds import try_out
from common.kinds.trained import in_mode
from common.mode import mode


class CheckFailed(AssertionError):
    """Raised only under `nbgrader validate`, which learns in no other way that a check did not pass."""


def check(function: Any, name: str = "", backward: Any = None) -> None:
    """Show a card: each public case of the question, error against tolerance, and the first failure in words.

    A backward function that gets a cache is checked with its forward: `check(norm, backward=norm_backward)`.
    """
    name = name or getattr(function, "__name__", "")
    try:
        sheet = find_sheet(name) if name else ask_for_name(function)
    except LookupError as problem:
        print(problem)
        return
    if sheet.kind == "trained":
        sheet = in_mode(sheet, mode())
    result = judge(sheet, try_out(function if backward is None else (function, backward), sheet))
    show_card(Card(result, sheet.kind))
    _report(result)
    if os.environ.get("NBGRADER_EXECUTION") and result.score < result.max_score:
        raise CheckFailed(f"{name}: {result.message} {result.advice}".strip())


def _report(result: QuestionResult) -> None:
    """Tell `course check` what was found, where it asked for that."""
    if path := os.environ.get("COURSE_CHECK_REPORT"):
        entry = {"name": result.question, "score": result.score, "max_score": result.max_score}
        entry |= {"verdict": str(result.status), "message": result.message, "advice": result.advice}
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")


def find_sheet(name: str) -> Sheet:
    """The sheet of a question, from cases.npz beside the notebook."""
    sheets = _sheets()
    if name not in sheets:
        known = ", ".join(sheets)
        raise LookupError(f"There is no question named {name!r} here. Questions: {known}. Was the function renamed?")
    return sheets[name]


def _sheets() -> Mapping[str, Sheet]:
    path = Path.cwd() / FILE
    if not path.is_file():
        raise LookupError(f"check needs {FILE} in the notebook's folder ({path.parent}). Download the folder again.")
    return thaw(path)


def ask_for_name(answer: Any) -> Sheet:
    """LookupError in words for an answer that bears no name, as a table does not."""
    if isinstance(answer, str):
        raise LookupError(f"check takes the answer itself, without quotation marks: check({answer}).")
    tables = [sheet.question for sheet in _sheets().values() if sheet.kind == "value"]
    if isinstance(answer, dict) and tables:
        calls = " or ".join(f'check({table}, "{table}")' for table in tables)
        raise LookupError(f"A table is checked with its name beside it: {calls}.")
    raise LookupError("check takes the function that you wrote, not what it returns: check(my_function).")


def show_card(card: Card) -> None:
    """Display in a notebook, print elsewhere."""
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        sys.modules["IPython"].display.display(card)
    else:
        print(card)
