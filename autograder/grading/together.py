"""Try a hand-in's answers in one process first: what was to be expected stands, all else is run again alone.

A process costs more than most answers take to run. Answers of the same student may share one, each in a namespace of
its own, where their code can be seen to touch nothing outside of it; then none can change what another one gives. And
only that stands which was computed elsewhere as well: all of the right answer, or all of a known mistake. What ends,
hangs, prints, fails or differs in another way is found out alone, with all its time and memory.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from autograder.grading.alone import packages_for
from autograder.grading.answer import Answer
from autograder.handin.contained import are_contained
from autograder.handin.match import LabelledSource
from autograder.jail import NUMPY, Jails, JailUnavailable, Limits
from autograder.jail.session import Session
from common.cases import QuestionResult
from common.cases.judge import judge
from common.cases.recognise import is_throughout


def expected_together(
    jails: Jails, answers: Sequence[Answer], given: Sequence[LabelledSource]
) -> list[tuple[Answer, QuestionResult]]:
    """Those of the answers that are right, or a known mistake, and silent in one process; with their results."""
    shared = [each for each in answers if _may_share(each, given)]
    if len(shared) < 2:
        return []
    found = []
    seconds = min(each.question.seconds for each in shared)
    limits = Limits(call_seconds=seconds, memory_mib=min(each.question.memory_mib for each in shared))
    try:
        with jails.with_packages(NUMPY).session(limits, at_once=True) as session:
            for each in shared:
                result = _try(session, each)
                if session.ended or session.hurried:
                    break
                if result:
                    found.append((each, result))
    except JailUnavailable:
        pass  # the server went between two sessions: alone, each answer is tried more than once
    return found


def _may_share(answer: Answer, given: Sequence[LabelledSource]) -> bool:
    own = [source for label, source in answer.code.cells if (label, source) not in given]
    contained = are_contained(own, [source for _, source in given])
    return contained and packages_for(answer.question, answer.code.cells) == NUMPY


def _try(session: Session, answer: Answer) -> QuestionResult | None:
    """The result of an answer that silently does with every case what the solution does, or a known mistake."""
    start = time.perf_counter()
    session.load_anew(answer.code.cells)
    outcomes = answer.question.examine(session, answer.sheet, _no_room)
    if session.ended or session.output or not session.well_loaded:
        return None
    result = judge(answer.sheet, outcomes)
    if result.score < result.max_score and not is_throughout(answer.sheet, outcomes, result.mistake):
        return None
    return replace(result, code=answer.source, seconds=time.perf_counter() - start)


def _no_room() -> Session:
    raise AssertionError("only what builds models needs a clean room, and that does not share")
