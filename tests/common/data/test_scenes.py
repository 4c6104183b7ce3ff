"""All that is said about a scene is true of its pixels."""

import numpy as np
import pytest

from common.data import scenes
from common.data.objects import PARTS, THINGS, Ellipse
from common.data.places import COLOURS, PLACES, RGB


@pytest.fixture(scope="module")
def drawn():
    return scenes(train=0, validation=0, test=1500, seed=4, side=48)


def test_a_box_holds_the_thing_and_not_a_row_more(drawn):
    for mask, (top, left, bottom, right) in zip(drawn.test.masks > 0, drawn.test.boxes, strict=True):
        inside = mask[top:bottom, left:right]
        assert inside.sum() == mask.sum() > 20
        assert inside[0].any() and inside[-1].any() and inside[:, 0].any() and inside[:, -1].any()


def test_a_mask_holds_the_parts_of_its_class_and_no_other(drawn):
    for mask, label in zip(drawn.test.masks, drawn.test.labels, strict=True):
        seen = {PARTS[number - 1] for number in np.unique(mask) if number}
        assert seen <= {part.name for part in THINGS[label].parts}
        assert drawn.classes[label] == THINGS[label].name


def test_a_keypoint_lies_on_its_part(drawn):
    on, off = 0, 0
    for mask, points, label in zip(drawn.test.masks, drawn.test.keypoints, drawn.test.labels, strict=True):
        has = {PARTS.index(part.name) for part in THINGS[label].parts}
        assert {number for number in range(len(PARTS)) if not np.isnan(points[number]).any()} == has
        for number in has:
            row, column = points[number].astype(int)
            on, off = on + (mask[row, column] == number + 1), off + (mask[row, column] != number + 1)
    assert off < 0.01 * on  # a mast may be thinner than a pixel


def test_concepts_are_what_can_be_seen(drawn):
    concepts = {name: drawn.test.concepts[:, number] for number, name in enumerate(drawn.concepts)}
    for number, name in enumerate(PARTS):
        np.testing.assert_array_equal(concepts[name], (drawn.test.masks == number + 1).any((1, 2)))
    for number, name in enumerate(PLACES):
        np.testing.assert_array_equal(concepts[name], drawn.test.places == number)
    for kind in (PLACES, COLOURS, ("plain", "striped", "dotted", "checked")):
        assert (sum(concepts[name].astype(int) for name in kind) == 1).all()


def test_a_plain_thing_has_the_colour_that_is_said(drawn):
    plain = drawn.test.concepts[:, drawn.concepts.index("plain")]
    for label, part in ((drawn.classes.index("truck"), "load"), (drawn.classes.index("fish"), "body")):
        for number in np.flatnonzero(plain & (drawn.test.labels == label))[:20]:
            pixels = drawn.test.images[number][drawn.test.masks[number] == PARTS.index(part) + 1]
            said = [name for name in COLOURS if drawn.test.concepts[number, drawn.concepts.index(name)]]
            nearest = COLOURS[np.abs(RGB - np.median(pixels, 0)).sum(1).argmin()]
            assert [nearest] == said


def test_the_place_says_nothing_about_the_class(drawn):
    table = np.zeros((10, len(PLACES)))
    np.add.at(table, (drawn.test.labels, drawn.test.places), 1)
    assert (table > 5).all() and table.max() < 60  # 25 expected


def test_every_thing_is_made_of_convex_parts_inside_its_frame():
    for thing in THINGS:
        for part in thing.parts:
            for shape in part.shapes:
                if isinstance(shape, Ellipse):
                    assert np.hypot(*shape.middle) + max(shape.radii) <= 1.02, (thing.name, part.name)
                    continue
                edges = list(shape.edges())
                assert all(np.hypot(*corner) <= 1.1 for corner, _ in edges), (thing.name, part.name)
                for ((a, b), (c, d)), (_, (e, f)) in zip(edges, [*edges[1:], edges[0]], strict=True):
                    assert (d - b) * (e - c) > (c - a) * (f - d), (thing.name, part.name)  # a turn to the right
