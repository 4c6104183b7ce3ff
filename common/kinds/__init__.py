"""How an answer of each kind is tried in this process: by check() in a notebook, by the self-test on our own answers.

Every kind is a module with `try_cases(answer, sheet) -> list[Outcome]`, one outcome per case. It is imported when a
sheet of its kind is tried, so that a NumPy notebook never loads Keras. A kind may also have `explain(case, outcome)`,
which says in its own words how a wrong value differs, and `shown(case)`, what of its inputs a student is told; they
are asked by the judge and must not need Keras.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from common.cases.case import Case, Outcome, Sheet, Value


def try_out(answer: Any, sheet: Sheet) -> list[Outcome]:
    """Try an answer on every case of its sheet."""
    kind = importlib.import_module(f"common.kinds.{sheet.kind}")
    outcomes: list[Outcome] = kind.try_cases(answer, sheet)
    return outcomes


def explain(kind: str, case: Case, outcome: Outcome) -> str:
    """How a wrong value differs, in the words of its kind; "" where the kind has none."""
    module = importlib.import_module(f"common.kinds.{kind}")
    sentence: str = module.explain(case, outcome) if hasattr(module, "explain") else ""
    return sentence


def shown(kind: str, case: Case) -> Mapping[str, Value]:
    """The inputs of a case as a student knows them: what the grader needs beside them is left out."""
    module = importlib.import_module(f"common.kinds.{kind}")
    inputs: Mapping[str, Value] = module.shown(case) if hasattr(module, "shown") else case.inputs
    return inputs
