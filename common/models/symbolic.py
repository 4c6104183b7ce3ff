"""Build models without their numbers: shapes and counts are known, no memory is taken for weights."""

from __future__ import annotations

import collections
import contextlib
from collections.abc import Iterable, Iterator

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


def number_after(names: Iterable[str]) -> None:
    """Let Keras go on numbering behind these names.

    A model that was read from a file brings names that Keras did not count; the next layer would get one of them again.
    """
    counts = global_state.get_global_attribute("object_name_uids", collections.defaultdict(int), set_to_default=True)
    for name in names:
        stem, _, number = name.rpartition("_")
        if stem and number.isdecimal() and len(number) < 10:
            counts[stem] = max(counts[stem], int(number) + 1)
        counts[name] = max(counts[name], 1)
