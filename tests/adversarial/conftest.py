"""One running jail per engine that promises something."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.jail import Jail, JailUnavailable

sys.path.insert(0, str(Path(__file__).parent))  # the table of attacks lies beside the tests


@pytest.fixture(scope="session", params=["namespaces", "landlock"])
def jail(request: pytest.FixtureRequest) -> Iterator[Jail]:
    """An engine; skipped with its reason where this machine has it not."""
    try:
        started = Jail.start(request.param)
    except JailUnavailable as error:
        pytest.skip(str(error))
    with started:
        yield started
