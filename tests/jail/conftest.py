"""One running jail per engine for all tests; an engine that this machine has not is skipped with its reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.jail import Jail, JailUnavailable, Limits, Session

ENGINES = ("namespaces", "landlock", "none")


@pytest.fixture(scope="session", params=ENGINES)
def any_jail(request: pytest.FixtureRequest) -> Iterator[Jail]:
    """Every engine, also the one that holds nothing back."""
    yield from start(request.param)


@pytest.fixture(scope="session", params=ENGINES[:2])
def jail(request: pytest.FixtureRequest) -> Iterator[Jail]:
    """The engines that promise something."""
    yield from start(request.param)


def start(engine: str) -> Iterator[Jail]:
    try:
        started = Jail.start(engine, allow_unsandboxed=True)
    except JailUnavailable as error:
        pytest.skip(str(error))
    with started:
        yield started


@pytest.fixture
def session(any_jail: Jail) -> Iterator[Session]:
    """A session with short budgets."""
    with any_jail.session(Limits(load_seconds=5, call_seconds=5)) as opened:
        yield opened
