"""The server that forks: it has imported what is needed and has done nothing with it, so that a fork is safe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.jail import Jail, Jails, JailUnavailable, Limits
from autograder.jail.server import Server

pytestmark = pytest.mark.jail

PRELOADS = [("numpy",), ("numpy", "keras")]
LOOK = """
import sys
def imported(names):
    return [name for name in names if name in sys.modules]
def operations_run():
    from tensorflow.python.eager import context
    before = context._context is not None and bool(context._context._initialized)
    import keras
    keras.ops.convert_to_tensor([1.0]) + 1
    return before, bool(context._context._initialized)
"""


@pytest.fixture(params=PRELOADS, ids=["NumPy", "Keras"])
def preloaded(request: pytest.FixtureRequest, jails: Jails) -> Iterator[tuple[Jail, tuple[str, ...]]]:
    """The jail of the whole test run for these packages."""
    yield jails.with_packages(request.param), request.param


def processes_of(jail: Jail) -> list[dict[str, str]]:
    """The status of every process of the server while no session is open."""
    found, wanted = [], [jail._server._process.pid]
    while wanted:
        process = Path(f"/proc/{wanted.pop()}")
        wanted += [int(each) for each in (process / f"task/{process.name}/children").read_text().split()]
        found.append(dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines()))
    return found


def test_the_packages_are_there_before_a_student_imports_them(preloaded: tuple[Jail, tuple[str, ...]]) -> None:
    jail, packages = preloaded
    with jail.session() as session:
        session.load([("cell", LOOK)])
        found = session.call("imported", [["numpy", "keras", "tensorflow"]]).value
    assert found == (["numpy", "keras", "tensorflow"] if "keras" in packages else ["numpy"])


def test_what_is_forked_has_a_single_thread(preloaded: tuple[Jail, tuple[str, ...]]) -> None:
    jail, _ = preloaded
    server = processes_of(jail)
    assert server and [each["Threads"] for each in server] == ["1"] * len(server)


def test_no_operation_has_run_before_a_fork(jails: Jails) -> None:
    with jails.with_packages(("numpy", "keras")).session(Limits(call_seconds=60, memory_mib=2048)) as session:
        session.load([("cell", LOOK)])
        assert session.call("operations_run", []).value == (False, True)


def test_a_server_that_is_gone_again_and_again_is_no_fault_of_a_hand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(self: Server, limits: object, fds: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    with Jail.start() as jail:
        monkeypatch.setattr(Server, "ask", gone)
        # What grades tries it again later: see autograder.grading.steady.
        with pytest.raises(JailUnavailable, match="is gone and cannot be had again"):
            jail.session()
