"""Inputs are drawn from a seed: public ones always the same, fresh ones others, all of them exact."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autograder.rubric.draw import Dice, any_of, numbers, resolve

IMAGES = numbers(2, any_of(5, 6, 7), 4, 1)


def draw(recipe, *seed, public=False):
    return resolve(recipe, Dice(*seed, public=public))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    assert draw(IMAGES, "a").tobytes() == draw(IMAGES, "a").tobytes()
    assert draw(IMAGES, "a").tobytes() != draw(IMAGES, "b").tobytes()


def test_these_numbers_never_change_on_any_machine():
    assert draw(numbers(4), "fixed").tolist() == [-0.8125, 1.203125, 1.203125, -0.46875]


def test_seeds_do_not_run_into_each_other():
    assert draw(IMAGES, "ab", "c").tobytes() != draw(IMAGES, "a", "bc").tobytes()


def test_a_public_case_takes_the_first_choice_and_fresh_ones_take_all():
    assert draw(IMAGES, "a", public=True).shape == (2, 5, 4, 1)
    assert {draw(IMAGES, str(seed)).shape[1] for seed in range(50)} == {5, 6, 7}


def test_one_recipe_in_two_places_is_one_number():
    size = any_of(*range(2, 30))
    for seed in range(20):
        a, b, n = draw((numbers(size), numbers(size, 3), size), str(seed))
        assert len(a) == len(b) == n


@given(seed=st.text(), shape=st.lists(st.integers(0, 5), max_size=4))
def test_no_number_is_zero_and_sums_of_products_are_exact(seed, shape):
    x = draw(numbers(*shape), seed)
    assert x.shape == tuple(shape) and (x != 0).all() and (np.abs(x) <= 2).all()
    assert (x * 64 == np.round(x * 64)).all()
    assert np.dot(x.ravel(), x.ravel()) == np.dot(x.ravel()[::-1], x.ravel()[::-1])
