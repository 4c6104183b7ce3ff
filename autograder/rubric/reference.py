"""The right answers: the solution cells of the master itself, and known mistakes made from them."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.calibration.table import KEPT
from autograder.rubric.master import Master, Role, without_markers
from autograder.rubric.mistake import Mistake
from common.cases import Outcome, Sheet
from common.kinds import try_out
from common.kinds.model import BUILT_ONCE


class Reference:
    """The master's solutions, run once, by name. This is our own code, never a student's."""

    def __init__(self, master: Master) -> None:
        self.master = master
        self._namespace: dict[str, Any] = {"__name__": "reference"}
        self._mistaken: dict[tuple[str, Mistake], Callable[..., Any]] = {}
        for cell in master.cells:
            if cell.role in (Role.GIVEN, Role.SOLUTION):
                _execute(without_markers(cell.source), f"{master.path.name}, line {cell.line}", self._namespace)

    def __getitem__(self, question: str) -> Any:
        """The right answer. A recipe that trains for minutes is not run where the model that it gave is kept."""
        kept = self.kept(question)
        return functools.partial(_load, kept) if kept.is_file() else self.recipe(question)

    def kept(self, question: str) -> Path:
        """Where `course calibrate` keeps a model that the recipe of a trained question gave."""
        return self.master.path.parent / KEPT / f"{question}.npz"

    def recipe(self, question: str) -> Any:
        """The master's own function or value, nothing kept."""
        if question not in self._namespace:
            raise KeyError(f"{self.master.path.name} defines no {question!r}")
        return self._namespace[question]

    def source(self, question: str) -> str:
        """The reference answer as text."""
        return without_markers(self.master.solution_cell(question).source)

    def edited(self, question: str, mistake: Mistake) -> str:
        """The reference answer with a mistake's edit made. It fails loudly when the edit no longer fits."""
        assert mistake.edit
        old, new = mistake.edit
        source = self.source(question)
        if source.count(old) != 1:
            raise ValueError(
                f"{self.master.path.name}: the mistake {mistake.name!r} edits {old!r}, "
                f"which stands {source.count(old)} times in the solution of {question!r}; it must stand there once"
            )
        return source.replace(old, new)

    def mistaken(self, question: str, mistake: Mistake) -> Callable[..., Any]:
        """The question's function with a known mistake in it, always the same one."""
        if (question, mistake) not in self._mistaken:
            if mistake.by:
                made: Callable[..., Any] = functools.partial(mistake.by, self[question])
            else:
                made = self.namespace_with(question, mistake)[question]
            self._mistaken[question, mistake] = made
        return self._mistaken[question, mistake]

    def namespace_with(self, question: str, mistake: Mistake) -> dict[str, Any]:
        """All names of the master, after the question's cell was run with a mistake's edit made."""
        namespace = dict(self._namespace)
        _execute(self.edited(question, mistake), f"mistake: {mistake.name}", namespace)
        return namespace


def _load(path: Path) -> Any:
    from common.models.trained import load_trained

    return load_trained(path)


def try_own(answer: Any, sheet: Sheet) -> list[Outcome]:
    """Try an answer of our own; what a known mistake divides by zero need not be reported.

    Ours never change, so a model is built once for all sheets on which it is looked at.
    """
    if sheet.kind == "model" and not hasattr(answer, BUILT_ONCE):
        setattr(answer, BUILT_ONCE, {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return try_out(answer, sheet)


def _execute(source: str, label: str, namespace: dict[str, Any]) -> None:
    exec(compile(source, label, "exec"), namespace)
