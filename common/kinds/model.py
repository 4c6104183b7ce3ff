"""Model questions: build the model, then look at one aspect of it for each case."""

from __future__ import annotations

from typing import Any

import numpy as np

from common.calling import call
from common.cases.case import Case, Outcome, Sheet
from common.models.words import explain as explain_aspect

# Where a builder that never changes keeps what it built. The self-test puts it on our own answers, which are tried on
# many sheets; a student's function changes with the functions it calls, so it is asked anew each time.
BUILT_ONCE = "architectures_by_arguments"

SECONDS = 30.0  # for one building and for one measuring: a network of 152 layers takes two on a quiet machine


def try_cases(answer: Any, sheet: Sheet) -> list[Outcome]:
    """Build the model once for each set of arguments and measure what each case asks for."""
    from common.models.architecture import build
    from common.models.measure import measure

    built: dict[str, Outcome] = getattr(answer, BUILT_ONCE, {})
    outcomes = []
    for case in sheet.cases:
        arguments = case.inputs["arguments"]
        key = repr(arguments)
        if key not in built:
            built[key] = call(
                lambda given: np.frombuffer(build(answer, given), np.uint8), {"given": arguments}, SECONDS
            )
        outcome = built[key]
        if outcome.returned:
            outcome = call(measure, {"content": outcome.value, **measured(case)}, SECONDS)
        outcomes.append(outcome)
    return outcomes


def measured(case: Case) -> dict[str, Any]:
    """What common.models.measure is asked for a case, beside the architecture."""
    names = ("aspect", "x", "seed", "most")
    return {name: case.inputs.get(name, 0) for name in names}


def explain(case: Case, outcome: Outcome) -> str:
    """The first difference in words, where there is more to say than that values differ."""
    return explain_aspect(case.expected.value, outcome.value)


def shown(case: Case) -> dict[str, Any]:
    """What the builder gets, and the images that the model does."""
    arguments: dict[str, Any] = case.inputs["arguments"]
    return arguments | ({"x": case.inputs["x"]} if "x" in case.inputs else {})
