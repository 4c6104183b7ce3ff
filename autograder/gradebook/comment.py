"""A question's result as the few lines that stand beside the student's code in formgrader and in feedback."""

from __future__ import annotations

from common.cases import QuestionResult


def comment(question: QuestionResult) -> str:
    """Score, each case by what it probes, and the sentence that helps. It names no hidden value."""
    lines = [f"{question.question}: {question.score:g} of {question.max_score:g} points"]
    lines += [f"{'ok' if each.passed else 'NO'}   {each.probes}" for each in question.verdicts]
    lines += [text for text in (question.message, question.advice) if text]
    return "\n".join(lines)
