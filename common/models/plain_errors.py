"""Errors as they were raised: Keras wraps them in a page of colours and arguments that no sentence needs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import keras


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Inside, an exception of a student's layer has its own text."""
    before = keras.config.is_traceback_filtering_enabled()
    keras.config.disable_traceback_filtering()
    try:
        yield
    finally:
        if before:
            keras.config.enable_traceback_filtering()
