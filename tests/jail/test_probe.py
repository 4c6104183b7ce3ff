"""The probe finds that every guarantee holds in a jail, and that none of the important ones holds without."""

from __future__ import annotations

import time

import pytest

from autograder.jail import JailUnavailable
from autograder.jail.probe import Probe, probe

pytestmark = pytest.mark.jail

NAMES = {
    "network",
    "host_files",
    "other_processes",
    "process_creation",
    "nothing_survives",
    "memory",
    "wall_time",
    "scratch_size",
    "output_size",
    "no_privileges",
}
OF_THE_JAIL_ALONE = NAMES - {"memory", "wall_time", "output_size", "scratch_size", "no_privileges"}


def probed(engine: str) -> Probe:
    try:
        return probe(engine)
    except JailUnavailable as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("engine", ["namespaces", "landlock"])
def test_every_guarantee_holds(engine: str) -> None:
    found = probed(engine)
    assert found.engine == engine
    assert {name for name, each in found.guarantees.items() if not each.held} == set()
    assert set(found.guarantees) == NAMES and found.held


def test_a_probe_takes_seconds() -> None:
    assert any(seconds_of_a_probe() < 8 for _ in range(3)), "three times in a row it was slower than a busy machine is"


def seconds_of_a_probe() -> float:
    started = time.monotonic()
    probed("namespaces")
    return time.monotonic() - started


def test_without_a_jail_the_probe_sees_that_nothing_is_held_back() -> None:
    found = probed("none")
    assert {name for name in OF_THE_JAIL_ALONE if found.guarantees[name].held} == set()
    assert all(each.fix for each in found.guarantees.values() if not each.held)
