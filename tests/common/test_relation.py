"""Properties are judged from several results alone; entries of a tuple count one by one."""

import numpy as np
import pytest

from common.cases import Case, KnownMistake, Outcome, Relation, Sheet, Status
from common.cases.frozen import freeze, thaw
from common.cases.judge import judge, judge_case
from common.cases.relation import calls
from common.kinds.function import try_one

X = np.random.default_rng(0).integers(1, 99, (3, 6, 4, 2)).astype(float)
LINEAR = Relation("linear", {"input": "x", "a": 2.0, "b": -3.0})
SHIFTED = Relation("shifted", {"input": "x", "axis": 1, "by": 2, "moves": 1, "margin": 0})
INSIDE = Relation("shifted", {"input": "x", "axis": 1, "by": 1, "moves": 1, "margin": 2})
REVERSED = Relation("reversed", {"input": "x", "axis": 0})


def pairs_of_rows(x):
    return x[:, ::2] + x[:, 1::2]


def difference_of_rows(x):
    return x - np.pad(x, ((0, 0), (1, 0), (0, 0), (0, 0)))[:, :-1]


def case(relation, right, **options):
    bare = Case("a property", "all", {"x": X}, Outcome(), relation=relation, **options)
    return Case("a property", "all", {"x": X}, try_one(right, bare), relation=relation, **options)


def verdict(relation, right, answer):
    asked = case(relation, right)
    return judge_case(asked, try_one(answer, asked))


@pytest.mark.parametrize(
    ("relation", "right", "other", "wrong", "sentence"),
    [
        (LINEAR, pairs_of_rows, lambda x: 7 * pairs_of_rows(x), lambda x: np.maximum(pairs_of_rows(x), 0),
         "your function should be linear in `x`: f(2x + -3y) should be 2f(x) + -3f(y)."),
        (SHIFTED, pairs_of_rows, lambda x: pairs_of_rows(x) ** 2, lambda x: pairs_of_rows(x).cumsum(1),
         "`x` moved by 2 rows should give the result moved by 1 row."),
        (INSIDE, difference_of_rows, lambda x: x, lambda x: x * np.arange(6)[:, None, None],
         "`x` moved by 1 row should give the result moved by 1 row."),
        (REVERSED, pairs_of_rows, lambda x: -pairs_of_rows(x), lambda x: pairs_of_rows(x) - pairs_of_rows(x[:1]),
         "the images of `x` in reverse order should give the same images of the result in reverse order."),
    ],
)  # fmt: skip
def test_a_property_asks_for_no_values_of_its_own(relation, right, other, wrong, sentence):
    assert verdict(relation, right, right).passed
    assert verdict(relation, right, other).passed
    found = verdict(relation, right, wrong)
    assert found.status is Status.FAILED and sentence in found.why and "differ by up to" in found.why


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda x: 0 * pairs_of_rows(x), "all values of your result are the same."),
        (lambda x: x, "wrong shape"),
        (lambda x: None, "wrong type"),
        (lambda x: pairs_of_rows(x).tolist(), "wrong type"),
        (lambda x: pairs_of_rows(x) * 1j, "complex"),
        (lambda x: pairs_of_rows(x) * np.nan, "NaN"),
        (lambda x: x.fill(0), "wrong type"),
        (lambda x: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_an_answer_of_another_kind_fails_in_words(answer, sentence):
    with np.errstate(all="ignore"):
        assert sentence in verdict(SHIFTED, pairs_of_rows, answer).why


def test_changing_the_input_in_any_of_the_calls_is_seen():
    def in_place(x):
        x += 1
        return pairs_of_rows(x - 1)

    assert "`x` was changed in place" in verdict(LINEAR, pairs_of_rows, in_place).why


def test_every_call_gets_plain_inputs_of_the_same_shape():
    for relation in (LINEAR, SHIFTED, REVERSED):
        given = [each["x"] for each in calls(case(relation, pairs_of_rows))]
        assert len(given) == (3 if relation is LINEAR else 2)
        assert all(each.shape == X.shape and each.flags.c_contiguous for each in given)
    with pytest.raises(ValueError, match="no relation"):
        calls(Case("", "", {"x": X}, Outcome(), relation=Relation("magic", {"input": "x"})))


def test_only_the_entries_that_are_asked_for_count():
    relation = Relation("entries", {"which": (1,), "names": ("dx", "dw")})
    asked = Case("dw", "all", {}, Outcome((X, X[0])), relation=relation)
    assert judge_case(asked, Outcome((None, X[0]))).passed
    assert judge_case(asked, Outcome([0 * X, X[0]])).passed
    wrong = judge_case(asked, Outcome((X, X[0] + 1)))
    assert "in `dw`" in wrong.why and "off by the same amount" in wrong.why
    assert "expected a tuple of 2" in judge_case(asked, Outcome(X)).why
    assert "got 3 values, expected 2" in judge_case(asked, Outcome((X, X, X))).why


def test_a_dtype_counts_only_where_it_is_asked_for():
    right = Outcome(X.astype(np.float32))
    asked = Case("dtype", "all", {}, right, same_dtype=True)
    assert judge_case(asked, right).passed
    assert judge_case(Case("free", "all", {}, right), Outcome(X)).passed
    wide = judge_case(asked, Outcome(X))
    assert wide.why == "the values are right, but their type is float64; expected float32."
    narrow = judge_case(asked, Outcome(X.astype(np.float16)))
    assert "their type is float16; expected float32." in narrow.why and "lower precision than asked" in narrow.why
    pair = Case("dtypes", "all", {}, Outcome((X, right.value)), same_dtype=True)
    assert "expected float32" in judge_case(pair, Outcome((X, X))).why


def test_a_mistake_in_the_dtype_explains_no_answer_of_the_right_dtype():
    right = Outcome(X.astype(np.float32))
    asked = Case("dtype", "all", {"x": X}, right, same_dtype=True)
    sheet = Sheet("f", {"all": 1.0}, (asked,), (KnownMistake("wide", "Say.", (Outcome(X),)),))
    assert judge(sheet, [Outcome(X)]).mistake == "wide"
    assert judge(sheet, [Outcome(right.value, modified=("x",))]).mistake == ""


def test_relations_are_frozen_as_plain_data(tmp_path):
    cases = (case(SHIFTED, pairs_of_rows), case(None, pairs_of_rows, same_dtype=True))
    freeze(tmp_path / "cases.npz", "a", [Sheet("f", {"all": 1.0}, cases)])
    back = thaw(tmp_path / "cases.npz")["f"].cases
    assert [each.relation for each in back] == [SHIFTED, None]
    assert [each.same_dtype for each in back] == [False, True]
