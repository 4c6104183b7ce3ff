"""Names, ids and sentences as no one should have to read them."""

from dataclasses import replace

from hypothesis import strategies as st

from autograder.exports.mark import Mark, QuestionMark

NASTY = (
    '=HYPERLINK("https://example.org","x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r\n=1+1", " =1+1", "＝1+1",
    "=cmd|' /C calc'!A0", "</script><script>alert(1)</script>", "a\nb\r\nc", "nul\0nul", "\u202eadnuof", "\u200b=1+1",
    '"";""', "Points Possible", "    Points Possible", "Manual Posting", "a,b;c\td", "x" * 10_000, "-", "'=1", "",
    "e\u0301" * 50, "\ud800",
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=60), st.builds("".join, st.lists(st.sampled_from(NASTY[:18]), max_size=4))
)
scores = st.floats(-5, 20, allow_nan=False).map(lambda value: round(value, 4))
questions = st.builds(
    QuestionMark, name=texts, score=scores, max_score=st.floats(0, 20), waiting=st.booleans(),
    verdict=st.sampled_from(["passed", "failed", ""]), message=texts, advice=texts, mistake=texts, comment=texts,
)  # fmt: skip
marks = st.builds(
    Mark, student=texts, assignment=texts, status=st.sampled_from(["graded", "unreadable"]), max_score=st.floats(0, 50),
    questions=st.lists(questions, max_size=3).map(tuple), reason=texts, repairs=st.lists(texts, max_size=2).map(tuple),
    sandboxed=st.sampled_from([True, False, None]),
).map(lambda mark: mark if mark.graded else replace(mark, questions=()))  # fmt: skip


def mark(student, score=7.5, max_score=10.0, assignment="01_convolution", status="graded", aliases=()):
    """A plain hand-in with one question."""
    given = (QuestionMark("conv2d", score, max_score),) if status == "graded" else ()
    return Mark(student, assignment, status, max_score, given, aliases=aliases)
