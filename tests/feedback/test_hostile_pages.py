"""Whatever a student writes anywhere, the pages have the tags and attributes of harmless ones, and no others."""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import replace

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from made_up_class import made_up_class, of_every_status, typical, unknown, unreadable
from page_structure import Structure

from autograder.feedback import class_page, feedback_page
from autograder.feedback.plain import UNSEEN, plain
from autograder.grading.result import ClassResult, SubmissionResult, SubmissionStatus
from common.cases.verdict import QuestionResult, Status, Verdict

FRAGMENTS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' autofocus onfocus='alert(1)", "</style><b>",
    "</pre>", "</script>", "<!--", "-->", "<![CDATA[", "]]>", "{{ 7 * 7 }}", "{% raw %}", "&lt;b&gt;", "&#60;", "\\",
    "`", "``", "``<b>`", "javascript:alert(1)", "\x00", "\x1b[31m", "\u202e", "\u2066", "\ufeff", "\u2028", "\ud800",
    "\udfff", "e" + "\u0301" * 40, "\r", "\r\n", "\n\n", "\t", "'''", '"""', "#", "../../etc/passwd", "=cmd()",
    "x" * 300, "𝔘", "שלום", "<svg/onload=alert(1)>",
)  # fmt: skip
ANYTHING = st.lists(
    st.one_of(st.sampled_from(FRAGMENTS), st.text(st.characters(exclude_categories=()), max_size=8)), max_size=6
).map("".join)
VERDICTS = st.builds(Verdict, ANYTHING, ANYTHING, st.booleans(), st.sampled_from(Status), ANYTHING, ANYTHING, ANYTHING)
QUESTIONS = st.builds(
    QuestionResult, ANYTHING, st.sampled_from(Status), st.floats(0, 6), st.floats(0, 6),
    message=ANYTHING, advice=ANYTHING, mistake=ANYTHING, verdicts=st.lists(VERDICTS, max_size=3).map(tuple),
    output=ANYTHING, code=ANYTHING, seconds=st.floats(0, 100),
)  # fmt: skip
HANDINS = st.builds(
    SubmissionResult, ANYTHING, ANYTHING, st.sampled_from(SubmissionStatus),
    questions=st.lists(QUESTIONS, max_size=3).map(tuple), max_score=st.floats(0, 20), reason=ANYTHING,
    repairs=st.lists(ANYTHING, max_size=2).map(tuple), sandboxed=st.booleans(), path=ANYTHING,
)  # fmt: skip

QUICK = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking a whole class takes minutes and tells little

ALL_PARTS = replace(typical(), repairs=("A cell had lost its name.",), sandboxed=False, path="a/b.ipynb")
HARMLESS = [
    Structure(feedback_page(each, "Convolution")) for each in (ALL_PARTS, of_every_status(), unreadable(), unknown())
]
LINKS = {0: "feedback/a.html", 1: "feedback/b.html"}
CLASSES = [
    made_up_class(24),
    replace(made_up_class(12), interrupted=True),
    ClassResult(
        (ALL_PARTS, replace(of_every_status(), assignment="02_more")), 1.0, {"01_convolution": "A", "02_more": "B"}
    ),
    ClassResult((), 0.0),
]
HARMLESS_CLASS = [Structure(class_page(each, LINKS)) for each in CLASSES]


def assert_no_more_than(page: str, harmless: list[Structure], targets: set[str]) -> None:
    page.encode("utf-8")  # nothing unpaired is left
    found = Structure(page)
    assert found.balanced
    assert found.pairs <= set().union(*(each.pairs for each in harmless))
    assert found.classes <= set().union(*(each.classes for each in harmless))
    assert {target for target in found.targets if not target.startswith(("#q", "#a"))} <= targets
    assert len(found.ids) == len(set(found.ids))
    assert found.other == []
    assert found.scripts in ([], *(each.scripts for each in harmless))
    assert not UNSEEN.search(page)
    assert "\r" not in page


@settings(max_examples=120, deadline=None, phases=QUICK)
@given(HANDINS, ANYTHING)
def test_no_text_adds_a_tag_to_the_feedback_page(handin: SubmissionResult, title: str) -> None:
    assert_no_more_than(feedback_page(handin, title), HARMLESS, set())


@settings(max_examples=25, deadline=None, phases=QUICK)
@given(st.lists(HANDINS, max_size=4).map(tuple), ANYTHING)
def test_no_text_adds_a_tag_to_the_class_page(handins: tuple[SubmissionResult, ...], title: str) -> None:
    titles = {handins[0].assignment: title} if handins else {}
    assert_no_more_than(class_page(ClassResult(handins, 1.0, titles), LINKS), HARMLESS_CLASS, set(LINKS.values()))


def test_harmless_pages_are_balanced() -> None:
    assert all(each.balanced for each in HARMLESS + HARMLESS_CLASS)


@settings(max_examples=300)
@given(ANYTHING)
def test_plain_text_stays_plain(text: str) -> None:
    once = plain(text)
    assert plain(once) == once


def test_everything_that_cannot_be_seen_is_named() -> None:
    kept = {"\t", "\n", "\u200c", "\u200d"}
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in kept:
            assert UNSEEN.fullmatch(character), f"U+{code:04X}"


def test_names_in_many_scripts_stay_as_they_are() -> None:
    for name in ("Nguyễn Thị Hà", "علی‌رضا", "שרה כהן", "张伟", "अनिकेत", "Ōe Kenzaburō", "O'Brien-Ćirić", "👩‍🏫"):
        assert plain(name) == name


def test_a_link_cannot_be_a_script() -> None:
    page = class_page(ClassResult((typical(),), 1.0, {"01_convolution": "A"}), {0: "javascript:alert(1)"})
    assert not any(target.lower().startswith("javascript:") for target in Structure(page).targets)
