"""Answers that are alike in what is rare in their class are shown side by side, and nothing is said about why."""

import re
import time
from dataclasses import replace

import pytest
from alike import MODEL, ODD, PLACE, STARTER, class_of, other, renamed
from hypothesis import given, settings
from page_structure import Structure
from test_hostile_pages import ANYTHING, QUICK
from written_pages import write_pages

from autograder.feedback.similar import MOST_PAIRS, Given, _pairs, similar_pairs, tokens
from autograder.feedback.similar_page import similar_page


def pairs_of(*codes):
    found = similar_pairs(class_of(*codes), {PLACE: Given(STARTER, (MODEL,))})
    return {(pair.left[1].student, pair.right[1].student) for pair in found}


def test_the_same_odd_answer_is_found_under_other_names():
    assert pairs_of(ODD, other(1), renamed(ODD), other(2), MODEL) == {("s0", "s2")}
    assert tokens(ODD) == tokens(renamed(ODD))


def test_part_of_it_is_found_where_most_of_the_whole_is_alike():
    longer = ODD.replace("    return answer", "    answer = np.asarray(answer, dtype=float)\n    return answer")
    assert pairs_of(ODD, longer, other(1)) == {("s0", "s1")}


@pytest.mark.parametrize("code", [MODEL, STARTER, "", "pass", "\0\ud800", "'''", "x = 1\n" * 3000])
def test_what_the_model_answer_writes_and_what_was_handed_out_count_for_nothing(code):
    assert pairs_of(code, code, other(1)) in (set(), {("s0", "s1")} if code.startswith("x = 1") else set())


def test_what_many_write_is_no_pair():
    assert pairs_of(*[ODD] * 6, *map(other, range(20))) == set()
    assert len(pairs_of(*[ODD] * 3, *map(other, range(20)))) == 3


def test_in_a_large_class_copies_meet_without_each_being_paired_with_each():
    codes = [ODD] * 80 + [other(number) for number in range(1600)]
    paired = list(_pairs([number for number, code in enumerate(codes) if code == ODD]))
    assert paired == [(number, number + 1) for number in range(79)]
    assert len(pairs_of(*codes)) == MOST_PAIRS


def test_right_answers_in_styles_of_their_own_are_no_pairs():
    assert pairs_of(MODEL, *map(other, range(12))) == set()


def test_other_assignments_and_ones_own_second_try_are_not_compared():
    twice = class_of(ODD, ODD)
    again = tuple(replace(each, student="same") for each in twice.submissions)
    elsewhere = (twice.submissions[0], replace(twice.submissions[1], assignment="02_more"))
    for submissions in (again, elsewhere):
        found = similar_pairs(replace(twice, submissions=submissions), {PLACE: Given(STARTER, (MODEL,))})
        assert found == []


def test_the_page_shows_both_sides_and_accuses_nobody(tmp_path):
    result = class_of(ODD, other(1), renamed(ODD))
    page = write_pages(result, tmp_path, given={PLACE: Given(STARTER, (MODEL,))})
    assert 'href="similar.html">Similar answers: 1 pair' in page.read_text(encoding="utf-8")
    text = (tmp_path / "similar.html").read_text(encoding="utf-8")
    shown = Structure(text)
    assert shown.balanced and "padded" in shown.text and "big" in shown.text and not shown.scripts
    assert {target for target in shown.targets if target.startswith("feedback/")} <= {
        f"feedback/{path.name}" for path in (tmp_path / "feedback").iterdir()
    }
    assert not re.search(r"cheat|plagiar|copied|copying|suspic|fraud|guilt|stole|misconduct", text, re.IGNORECASE)
    assert text.count('class="line same"') > 16 and "100 % alike" in shown.text


def test_a_class_without_pairs_has_a_page_that_says_so_and_no_link(tmp_path):
    page = write_pages(class_of(MODEL, other(1)), tmp_path, given={PLACE: Given(STARTER, (MODEL,))})
    assert "similar.html" not in page.read_text(encoding="utf-8")
    assert "No two hand-ins" in (tmp_path / "similar.html").read_text(encoding="utf-8")


@given(ANYTHING, ANYTHING)
@settings(max_examples=60, deadline=None, phases=QUICK)
def test_whatever_names_and_code_are_the_page_has_no_other_tags(name, code):
    made = class_of(ODD + code, renamed(ODD) + code)
    made = replace(made, submissions=tuple(replace(each, student=name + each.student) for each in made.submissions))
    pairs = similar_pairs(made, {PLACE: Given(STARTER, (MODEL,))})
    assert pairs or len(code) > 100
    links = {0: "feedback/a.html", 1: "feedback/b.html"}
    shown = Structure(similar_page(pairs, links, {"01_convolution": name}))
    assert shown.balanced and shown.pairs <= ALLOWED and not shown.other and not shown.scripts
    assert shown.targets <= {"class.html", *links.values()}


HARMLESS = class_of(ODD + "# comment\nname = 'text' + 1\n", renamed(ODD))
ALLOWED = {
    pair
    for links in ({}, {0: "feedback/a.html", 1: "feedback/b.html"})
    for pair in Structure(
        similar_page(similar_pairs(HARMLESS, {PLACE: Given(STARTER, (MODEL,))}), links, {"01_convolution": "A"})
    ).pairs
} | {("wbr", "")}


def test_the_page_is_made_again_only_when_answers_change(tmp_path, monkeypatch):
    given = {PLACE: Given(STARTER, (MODEL,))}
    first = write_pages(class_of(ODD, other(1), renamed(ODD)), tmp_path, given=given).read_text(encoding="utf-8")
    monkeypatch.setattr("autograder.feedback.files.similar_pairs", lambda *_: pytest.fail("looked for again"))
    again = write_pages(class_of(ODD, other(1), renamed(ODD)), tmp_path, given=given).read_text(encoding="utf-8")
    assert again == first
    monkeypatch.undo()
    write_pages(class_of(ODD, other(1), other(2)), tmp_path, given=given)
    assert "No two hand-ins" in (tmp_path / "similar.html").read_text(encoding="utf-8")


def test_a_thousand_answers_to_a_question_take_a_second_or_two():
    codes = [other(number % 40).replace("step", f"s{number}_") + f"    # {number}\n" + MODEL for number in range(1000)]
    result = class_of(*codes)
    start = time.process_time()
    similar_pairs(result, {PLACE: Given(STARTER, (MODEL,))})
    assert time.process_time() - start < 10  # comparing each with each takes minutes
