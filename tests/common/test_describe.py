"""A wrong array is named by what it resembles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from common.cases.compare import compare
from common.cases.describe import describe

IMAGES = np.random.default_rng(0).normal(size=(2, 5, 6, 3))
SQUARE = np.random.default_rng(1).normal(size=(5, 5))


def words(expected, got, **inputs):
    return describe(compare(expected, got).difference, inputs, terms=1)


def changed(array, index, by=1.0):
    wrong = array.copy()
    wrong[index] += by
    return wrong


def moved(array, step, axis):
    """Shifted, with zeros where nothing comes from."""
    result = np.roll(array, step, axis)
    result[(slice(None),) * axis + (0 if step > 0 else -1,)] = 0
    return result


def bordered(array):
    wrong = array + 1
    wrong[:, 1:-1, 1:-1] = array[:, 1:-1, 1:-1]
    return wrong


@pytest.mark.parametrize(
    ("got", "sentence"),
    [
        (0 * IMAGES, "Every value is 0"),
        (-IMAGES, "Every value has the wrong sign."),
        (IMAGES[:, ::-1], "reversed along the rows"),
        (IMAGES[:, ::-1, ::-1], "reversed along the rows and the columns"),
        (IMAGES[..., ::-1], "reversed along the channels"),
        (3 * IMAGES, "Every value is 3 times the right one."),
        (IMAGES + 2, "Every value is off by the same amount."),
        (IMAGES + np.array([1.0, 2.0, 3.0]), "Within each channel, every value is off by the same amount."),
        (np.roll(IMAGES, 1, axis=2), "shifted by one column, round the end."),
        (moved(IMAGES, 1, axis=1), "Your result is the right one, shifted by one row."),
        (moved(moved(IMAGES, -1, axis=1), 1, axis=2), "shifted by one row and one column."),
        (np.roll(IMAGES, (1, 1), axis=(1, 2)), "shifted by one row and one column, round the end."),
        (np.abs(IMAGES), "Negative values lost their sign."),
        (np.maximum(IMAGES, 0), "Negative values became 0."),
        (IMAGES.transpose(0, 1, 2, 3).astype(np.float16), "about 3 digits, a lower precision than asked"),
        (
            IMAGES * (1 + 1e-4 * np.sin(np.arange(IMAGES.size)).reshape(IMAGES.shape)),
            "close, but more than rounding explains",
        ),
        (np.trunc(IMAGES), "the right ones as whole numbers"),
        (changed(IMAGES, np.s_[:, -1]), "Everything is right but the last row."),
        (changed(IMAGES, np.s_[:, :, 0]), "Everything is right but the first column."),
        (changed(changed(IMAGES, np.s_[:, -1]), np.s_[:, :, -1]), "right but the last row and the last column."),
        (bordered(IMAGES), "The interior is right; only the border is wrong."),
        (changed(IMAGES, np.s_[:, 1:-1, 1:-1]), "The border is right; only the interior is wrong."),
        (changed(IMAGES, np.s_[1]), "1 of 2 images are right, the first wrong one is image 1."),
        (changed(IMAGES, np.s_[..., 2], np.random.default_rng(2).normal(size=(2, 5, 6))), "2 of 3 channels are right"),
    ],
)
def test_values_of_the_right_shape(got, sentence):
    assert sentence in words(IMAGES, got)


def test_of_a_few_pixels_an_interior_says_nothing():
    small = IMAGES[:, :4, :4]
    assert "interior" not in words(small, bordered(small))


def test_one_axis_is_counted_as_one():
    assert words(IMAGES, IMAGES[0, 0, 0] + 9) == "Your result has 1 axis, the right one has 4."


def test_a_transposed_square():
    assert words(SQUARE, SQUARE.T) == "Your result is the right one with rows and columns swapped."
    cube = np.random.default_rng(3).normal(size=(3, 3, 3))
    assert words(cube, cube.transpose(1, 2, 0)) == "Your result is the right one with its axes in another order."


def test_the_input_returned_unchanged():
    assert words(IMAGES + 1, IMAGES, x=IMAGES) == "Your result is `x`, unchanged."


@pytest.mark.parametrize(
    ("got", "sentence"),
    [
        (IMAGES.ravel(), "The values are right, in the right order: only the shape is not."),
        (IMAGES.transpose(0, 2, 1, 3), "Your result is the right one with rows and columns swapped."),
        (IMAGES.transpose(1, 2, 3, 0), "the right one with its axes in another order"),
        (IMAGES[:, :-1], "Your result is the right one without its last rows."),
        (IMAGES[:, 1:, 1:], "the right one without its first rows and columns."),
        (IMAGES[:, 1:-1, 1:-1], "the right one without its border, 1 wide: is padding missing?"),
        (np.pad(IMAGES, ((0, 0), (1, 1), (1, 1), (0, 0))), "the right one with a border of zeros around it, 1 wide"),
        (np.pad(IMAGES, ((0, 0), (2, 2), (2, 2), (0, 0)), constant_values=1), "with a border around it, 2 wide"),
        (np.pad(IMAGES, ((0, 0), (0, 1), (0, 1), (0, 0))), "The right result is the beginning of yours; zeros follow."),
        (
            np.pad(IMAGES, ((0, 0), (2, 0), (0, 0), (0, 0)), mode="edge"),
            "the end of yours; too much stands before it.",
        ),
        (2 * IMAGES[:, :-1], "Your result has too few rows."),
        (np.ones((2, 7, 8, 3)), "Your result has too many rows and too many columns."),
        (IMAGES[0, :-1], "Your result has 3 axes, the right one has 4."),
    ],
)
def test_a_wrong_shape(got, sentence):
    assert sentence in words(IMAGES, got)


def test_the_axes_of_filters_have_names_of_their_own():
    w = np.random.default_rng(4).normal(size=(3, 2, 4, 5))
    assert words(w, 2 * w[..., :-1], w=w, x=IMAGES) == "Your result has too few filters."
    assert words(IMAGES, 2 * IMAGES[..., :-1], w=w, x=IMAGES) == "Your result has too few channels."


def test_noise_resembles_nothing_and_nothing_is_said():
    assert words(IMAGES, np.random.default_rng(9).normal(size=IMAGES.shape)) == ""


floats = arrays.arrays(np.float64, arrays.array_shapes(max_dims=4, max_side=4))


@given(expected=floats, got=floats, terms=st.integers(1, 100))
def test_describing_never_raises(expected, got, terms):
    with np.errstate(all="ignore"):
        if difference := compare(expected, got, terms).difference:
            assert isinstance(describe(difference, {"x": got}, terms), str)
