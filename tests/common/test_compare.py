"""Types first, then shapes, then numbers; a right answer passes however it was computed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from common.cases.compare import compare, tolerance

RIGHT = np.arange(24.0).reshape(2, 3, 4)


def kind(expected, got, terms=1):
    difference = compare(expected, got, terms).difference
    return difference.kind if difference else None


@pytest.mark.parametrize("dtype", [np.float32, np.float64, ">f8", np.int64])
def test_the_right_numbers_pass_in_every_dtype(dtype):
    assert kind(RIGHT, RIGHT.astype(dtype)) is None


def test_a_value_just_inside_the_tolerance_passes_and_one_outside_fails():
    allowed = tolerance(RIGHT, terms=9)
    assert kind(RIGHT, RIGHT + 0.9 * allowed, terms=9) is None
    assert kind(RIGHT, RIGHT + 1.1 * allowed, terms=9) == "value"


def test_the_tolerance_grows_with_the_square_root_of_the_sum():
    assert tolerance(RIGHT, 100) == pytest.approx(10 * tolerance(RIGHT, 1))


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        (RIGHT, None, "Did you forget `return`?"),
        (RIGHT, RIGHT.tolist(), "got a list of 2, expected an array of shape (2, 3, 4)"),
        (RIGHT, RIGHT[0], "got (3, 4), expected (2, 3, 4)"),
        (RIGHT, RIGHT * 1j, "complex"),
        ((3, 5), (3.0, 5), "a size is a whole number"),
        ((3, 5), 3, "expected a tuple of 2"),
        ((3, 5), (3, 5, 1), "got 3 values, expected 2"),
        (2.5, "2.5", "got a string, expected a number"),
        (3, True, "got a bool"),
        ({"a": 1}, {"b": 1}, "the entry 'a'"),
    ],
)
def test_a_wrong_type_or_shape_is_named(expected, got, words):
    assert words in compare(expected, got).difference.why


def test_a_list_or_an_array_of_two_ints_is_as_good_as_a_tuple():
    assert kind((3, 5), [3, 5]) is None
    assert kind((3, 5), np.array([3, 5])) is None


def test_the_first_wrong_index_is_in_the_detail_and_not_in_the_hidden_part():
    wrong = RIGHT.copy()
    wrong[1, 2, 3] = 7.5
    difference = compare(RIGHT, wrong).difference
    assert difference.detail == "First at index [1, 2, 3]: got 7.5, expected 23."
    assert "23." not in difference.why and "7.5" not in difference.why


def test_nan_and_infinity_are_told_apart_from_wrong_numbers():
    assert "2 of 24 values are NaN" in compare(RIGHT, np.where(RIGHT > 21, np.nan, RIGHT)).difference.why
    assert "infinite" in compare(RIGHT, np.where(RIGHT > 21, np.inf, RIGHT)).difference.why


def test_an_expected_nan_must_be_a_nan():
    assert kind(np.array([1.0, np.nan]), np.array([1.0, np.nan])) is None
    assert kind(np.array([1.0, np.nan]), np.array([1.0, 2.0])) == "value"


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | arrays.arrays(
        st.sampled_from([np.float64, np.float32, np.int8, np.complex64, np.bool_]), arrays.array_shapes(min_dims=0)
    ),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(expected=anything, got=anything)
def test_comparing_never_raises_whatever_comes_back(expected, got):
    agreement = compare(expected, got)
    assert agreement.difference is None or agreement.difference.why


@given(value=anything)
def test_every_value_agrees_with_itself(value):
    assert compare(value, value).difference is None or value != value
