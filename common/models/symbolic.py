"""Build models without their numbers: shapes and counts are known, no memory is taken for weights."""

from __future__ import annotations

import collections
import contextlib
from collections.abc import Iterator

import keras
from keras.src.backend.common import global_state


@contextlib.contextmanager
def without_numbers() -> Iterator[None]:
    """Inside, variables have shapes and no values: a layer of 10⁹ units costs nothing, on every backend.

    Keras' own scope postpones all initialisers and would run them when some later scope ends. Those that were postponed
    in here are forgotten instead, so what was built in here must not be run.
    """
    waiting = global_state.get_global_attribute("uninitialized_variables", [], set_to_default=True)
    before = len(waiting)
    with keras.StatelessScope(initialize_variables=False):
        try:
            yield
        finally:
            waiting = global_state.get_global_attribute("uninitialized_variables", [], set_to_default=True)
            del waiting[before:]


@contextlib.contextmanager
def numbered_anew() -> Iterator[None]:
    """Inside, Keras names its layers conv2d, conv2d_1, … from the beginning, however many there were before.

    So a sentence about a layer names the same one each time a cell is run, and equal models have equal descriptions.
    """
    counts = "object_name_uids"
    before = global_state.get_global_attribute(counts)
    global_state.set_global_attribute(counts, collections.defaultdict(int))
    try:
        yield
    finally:
        global_state.set_global_attribute(counts, before)
