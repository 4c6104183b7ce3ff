"""The embedded data sets: one signature, plain arrays, three parts that share nothing, the same for ever."""

import hashlib
import inspect
import time

import numpy as np
import pytest

import common.data
from common.data import Examples, digits, glyphs, scattered_digits, scenes

SETS = ("digits", "glyphs", "scenes", "mnist", "fashion_mnist", "cifar10")
SHAPES = {digits: (8, 8, 1), glyphs: (28, 28, 1), scenes: (32, 32, 3)}


def bytes_of(examples: Examples) -> str:
    whole = b"".join(np.ascontiguousarray(array).tobytes() for array in vars(examples).values())
    return hashlib.sha256(whole).hexdigest()[:16]


def test_all_sets_are_called_alike():
    for name in SETS:
        parameters = inspect.signature(getattr(common.data, name)).parameters
        assert list(parameters)[:4] == ["train", "validation", "test", "seed"]
        assert parameters["seed"].default == 0


@pytest.mark.parametrize("load", SHAPES)
def test_images_are_uint8_and_labels_are_whole_numbers_of_classes(load):
    data = load(train=120, validation=30, test=20, seed=3)
    assert data.name == load.__name__ and len(data.classes) == 10
    for part, count in ((data.train, 120), (data.validation, 30), (data.test, 20)):
        assert len(part) == count and part.images.shape == (count, *SHAPES[load]) and part.images.dtype == np.uint8
        assert part.labels.shape == (count,) and part.labels.dtype == np.int64
    assert data.train.images.max() > 200
    assert set(data.train.labels) == set(range(10))


@pytest.mark.parametrize("load", SHAPES)
def test_no_image_stands_in_two_parts(load):
    data = load(train=700, validation=300, test=300)
    images = np.concatenate([data.train.images, data.validation.images, data.test.images]).reshape(1300, -1)
    assert len(np.unique(images, axis=0)) == 1300


@pytest.mark.parametrize("load", SHAPES)
def test_a_seed_fixes_all_and_another_one_changes_all(load):
    first, again, other = load(200, 50, 50, seed=7), load(200, 50, 50, seed=np.int64(7)), load(200, 50, 50, seed=8)
    for part in ("train", "validation", "test"):
        assert bytes_of(getattr(first, part)) == bytes_of(getattr(again, part)) != bytes_of(getattr(other, part))


@pytest.mark.parametrize("load", SHAPES)
def test_asking_for_more_adds_images_and_changes_none(load):
    few, many = load(train=130, validation=0, test=0), load(train=620, validation=0, test=0)
    np.testing.assert_array_equal(few.train.images, many.train.images[:130])
    np.testing.assert_array_equal(few.train.labels, many.train.labels[:130])


@pytest.mark.parametrize("load", SHAPES)
def test_more_to_train_on_leaves_what_is_tested_alone(load):
    few, many = load(train=10, validation=40, test=50), load(train=600, validation=40, test=50)
    assert bytes_of(few.test) == bytes_of(many.test) and bytes_of(few.validation) == bytes_of(many.validation)


@pytest.mark.parametrize(
    ("load", "want"),
    [(digits, "2fb08cd1b6583ce9"), (glyphs, "4a53bcbd213d6333"), (scenes, "7e8d4e2a23f8fdb2")],
)
def test_the_images_of_a_seed_stay_the_same_on_every_machine(load, want):
    """Another fingerprint means other images for all: raise VERSION, and say so in the change log."""
    assert bytes_of(load(train=200, validation=0, test=0, seed=11).train) == want


@pytest.mark.parametrize("load", SHAPES)
def test_what_cannot_be_had_is_said(load):
    for wrong in ({"train": -1}, {"train": 10**9}):
        with pytest.raises(ValueError, match=load.__name__):
            load(**wrong)
    with pytest.raises(TypeError):
        load(seed=0.5)


def test_a_thousand_hidden_glyphs_are_drawn_in_half_a_second():
    glyphs(train=0, validation=0, test=1)  # fonts are read once per process
    start = time.process_time()
    hidden = glyphs(train=0, validation=0, test=1000, seed=2**61 + 5)
    assert time.process_time() - start < 0.5
    assert len(hidden.test) == 1000 and len(hidden.train) == 0


def test_scattered_digits_fit_on_any_canvas():
    for side in (8, 20):
        assert scattered_digits(5, side)[0].shape == (5, side, side, 1)


def test_scenes_are_drawn_at_other_sizes_too():
    assert scenes(10, 0, 0, side=48).train.masks.shape == (10, 48, 48)
    with pytest.raises(ValueError, match="16 to 256 pixels"):
        scenes(10, side=4)
