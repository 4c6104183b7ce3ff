"""A question's result as the few lines that stand beside the student's code in formgrader and in feedback."""

from __future__ import annotations

from common.cases import QuestionResult

FOR_THE_MARKER = "For the person who marks, not shown to the student:"


def comment(question: QuestionResult) -> str:
    """Score, each case by what it probes, and the sentence that helps. It names no hidden value.

    The marks of a written answer come last, behind a line of their own: `for_student` cuts there.
    """
    lines = [f"{question.question}: {question.score:g} of {question.max_score:g} points"]
    lines += [f"{'ok' if each.passed else 'NO'}   {each.probes}" for each in question.verdicts]
    lines += [text for text in (question.message, question.advice) if text]
    lines += [FOR_THE_MARKER, question.guide] if question.guide else []
    return "\n".join(lines)


def for_student(text: str) -> str:
    """A comment as its student may read it."""
    return text.partition(FOR_THE_MARKER)[0].rstrip()
