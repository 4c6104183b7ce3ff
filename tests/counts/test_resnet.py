"""Every published count of a residual network, from the master's own builders. No network is ever made."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest

from autograder.course import find_course

# Trained weights and running statistics, by depth: published figures, recomputed by arithmetic.
IMAGENET = {
    18: (11_689_512, 9_600),
    34: (21_797_672, 17_024),
    50: (25_557_032, 53_120),
    101: (44_549_160, 105_344),
    152: (60_192_808, 151_424),
}
CIFAR = {
    20: (269_722, 1_376),
    32: (464_154, 2_272),
    44: (658_586, 3_168),
    56: (853_018, 4_064),
    110: (1_727_962, 8_096),
    1202: (19_421_274, 89_632),
}
# Shortcuts that are projections of convolution and batch norm where shapes change, in the same nets.
CIFAR_OPTION_B = {20: 272_474, 32: 466_906, 44: 661_338, 56: 855_770, 110: 1_730_714}


@pytest.fixture(scope="module")
def reference():
    return find_course().load("09_resnet").reference


@pytest.fixture
def deep_graphs():
    """Keras walks through a network by recursion: 1202 layers are deeper than Python goes by itself."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)
    yield
    sys.setrecursionlimit(before)


def counted(builder, *arguments):
    """Trained weights and statistics of a net that is described and not made."""
    from common.models.symbolic import without_numbers

    with without_numbers():
        net = builder(*arguments)
    trained = sum(_size(each) for each in net.trainable_weights)
    return trained, sum(_size(each) for each in net.weights) - trained


def _size(variable):
    size = 1
    for each in variable.shape:
        size *= each
    return size


@pytest.mark.parametrize("depth", IMAGENET)
def test_resnets_for_imagenet_have_the_published_counts(reference, depth):
    assert counted(reference["resnet"], depth) == IMAGENET[depth]


@pytest.mark.parametrize("residual", [True, False])
@pytest.mark.parametrize(
    "depth", [pytest.param(each, marks=pytest.mark.slow) if each > 110 else each for each in CIFAR]
)
def test_plain_and_residual_nets_for_cifar_weigh_the_same_as_published(reference, deep_graphs, depth, residual):
    assert counted(reference["cifar_net"], depth, residual) == CIFAR[depth]


@pytest.mark.parametrize("depth", CIFAR_OPTION_B)
def test_projections_where_shapes_change_add_what_is_published(reference, depth):
    """Option B costs two projections more than option A, whatever the depth."""
    units = [((32, 32, 16), 32, 2), ((16, 16, 32), 64, 2)]
    costs = {option: sum(counted(reference["residual"], *unit, option)[0] for unit in units) for option in "AB"}
    assert CIFAR[depth][0] + costs["B"] - costs["A"] == CIFAR_OPTION_B[depth]


def test_the_published_numbers_in_the_lesson_are_these(reference):
    source = reference.master.path.read_text(encoding="utf-8")
    for depth, (trained, _) in IMAGENET.items():
        assert f"{depth}: {trained:_}" in source, depth
    for depth in (20, 56):
        assert f"{CIFAR[depth][0]:,}" in source, depth


def from_here_on():
    """Memory in use. The highest mark is forgotten: an earlier test may have reached far above what is measured."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return kibibytes("VmRSS")


def kibibytes(name):
    return int(re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))[1])


def test_the_largest_is_looked_at_in_three_seconds_and_a_gibibyte(reference):
    import numpy as np

    from common.models.architecture import build
    from common.models.measure import measure

    counted(reference["resnet"], 18)  # what Keras loads when it is first used is no part of this
    before, start = from_here_on(), time.process_time()
    content = np.frombuffer(build(reference["resnet"], {"depth": 152}), np.uint8)
    stages = measure(content, "stages")["stages"]
    seconds = time.process_time() - start
    grown = (kibibytes("VmHWM") - before) / 1024
    assert sum(size for _, size in stages) == sum(IMAGENET[152])
    assert seconds < 3 and grown < 1024, (seconds, grown)
