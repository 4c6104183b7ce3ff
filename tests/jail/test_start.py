"""Choosing an engine, refusing clearly, leaving nothing behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.jail import Jail, JailUnavailable, Limits, jail, server

pytestmark = pytest.mark.jail


def test_nothing_is_run_unguarded_without_permission() -> None:
    with pytest.raises(JailUnavailable, match="--allow-unsandboxed"):
        Jail.start("none")


def test_an_unknown_engine_is_named_with_those_there_are() -> None:
    with pytest.raises(JailUnavailable, match="no jail 'docker'; there are namespaces, landlock, none"):
        Jail.start("docker")


def test_another_system_is_told_that_the_jail_needs_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    for platform in ("win32", "darwin"):
        monkeypatch.setattr(sys, "platform", platform)
        with pytest.raises(JailUnavailable, match="needs Linux"):
            Jail.start()


def test_the_ladder_goes_down_only_with_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(engine: str, preload: object) -> None:
        if engine != "none":
            raise JailUnavailable(f"no {engine} here")

    monkeypatch.setattr(jail, "Server", broken)
    with pytest.raises(JailUnavailable, match=r"namespaces: no namespaces here; landlock: no landlock here.*sysctl"):
        Jail.start()
    assert jail._ladder(None, True) == ("namespaces", "landlock", "none")


def test_a_preload_that_is_missing_is_named() -> None:
    with pytest.raises(JailUnavailable, match="no_such_module cannot be imported"):
        Jail.start("none", preload=("no_such_module",), allow_unsandboxed=True)


def test_a_course_inside_the_environments_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "course" / "solutions").mkdir(parents=True)
    with pytest.raises(JailUnavailable, match="make the environment elsewhere"):
        server._refuse_to_show(tmp_path / "course", [(str(tmp_path), str(tmp_path))])
    server._refuse_to_show(tmp_path / "course", [(str(tmp_path / "course" / ".venv"), "/x")])


def test_the_package_needs_neither_numpy_nor_linux_to_be_imported() -> None:
    code = "import sys; import autograder.jail; print({'numpy','msgpack','fcntl','resource'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


def test_where_linux_calls_are_missing_the_answer_is_still_a_sentence() -> None:
    # What the standard library itself asks of the platform is imported before the pretence begins.
    code = """
import sys, dataclasses, shutil, subprocess, tempfile, numpy
for name in ("fcntl", "resource", "autograder.jail.linux"):
    sys.modules[name] = None
sys.platform = "win32"
from autograder.jail import Jail, JailUnavailable
try:
    Jail.start()
except JailUnavailable as error:
    print(error)
"""
    assert "needs Linux" in subprocess.check_output([sys.executable, "-c", code], text=True)


def children() -> set[int]:
    """All living processes below this one."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = (int(fields[1]), fields[0])
    found, grew = {os.getpid()}, True
    while grew:
        more = {pid for pid, (parent, state) in parents.items() if parent in found and state != "Z"} - found
        found, grew = found | more, bool(more)
    return found - {os.getpid()}


def settled_children() -> set[int]:
    """The children once those of earlier tests have ended: half a second in which none comes or goes."""
    for _ in range(20):
        found = children()
        time.sleep(0.5)
        if children() == found:
            return found
    raise AssertionError("processes of earlier tests keep coming and going")


def left_behind(before: set[int], seconds: float = 10.0) -> list[str]:
    """What still lives beside `before` after some seconds: on a busy machine a killed process takes a while to go."""
    deadline = time.monotonic() + seconds
    while (left := children() - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    return [described(pid) for pid in left]


def described(pid: int) -> str:
    try:
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        told = "; ".join(line for line in status if line.startswith(("State", "PPid", "NSpid")))
        return f"{pid}: {told}; {command[-200:]}"
    except OSError as error:
        return f"{pid}: {error}"


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


SLEEPING_THREAD = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()"


@pytest.mark.parametrize("engine", ["namespaces", "landlock", "none"])
def test_a_jail_leaves_no_process_descriptor_or_mount_behind(engine: str) -> None:
    before, open_before, mounts = settled_children(), descriptors(), Path("/proc/self/mountinfo").read_text()
    try:
        started = Jail.start(engine, allow_unsandboxed=True)
    except JailUnavailable as error:
        pytest.skip(str(error))
    with contextlib.ExitStack() as last:
        with started:
            for _ in range(5):
                with started.session(Limits()) as session:
                    session.load([("c", SLEEPING_THREAD)])
            abandoned = last.enter_context(started.session(Limits()))
            abandoned.load([("c", "x = 1")])
        assert left_behind(before) == []
    assert descriptors() == open_before
    assert Path("/proc/self/mountinfo").read_text() == mounts


# A shell that starts this in the background has Ctrl-C ignored, and a process inherits that.
SLEEPER = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from autograder.jail import Jail, Limits
with Jail.start(sys.argv[1], allow_unsandboxed=True) as jail:
    session = jail.session(Limits(load_seconds=60))
    print("open", flush=True)
    session.load([("c", "import time\\ntime.sleep(60)")])
"""


@pytest.mark.parametrize("engine", ["namespaces", "none"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_killing_the_grader_ends_everything(engine: str, number: signal.Signals) -> None:
    others = children()
    with subprocess.Popen(
        [sys.executable, "-c", SLEEPER, engine], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as grader:
        assert grader.stdout is not None
        assert grader.stdout.readline() == b"open\n"
        time.sleep(0.1)
        below = children() - others - {grader.pid}
        assert below
        grader.send_signal(number)
        grader.wait(timeout=10)
    deadline = time.monotonic() + 5
    while any(alive(pid) for pid in below) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in below if alive(pid)]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_jail_started_in_a_thread_outlives_it() -> None:
    kept: list[Jail] = []
    thread = threading.Thread(target=lambda: kept.append(Jail.start("none", allow_unsandboxed=True)))
    thread.start()
    thread.join()
    with kept[0] as started, started.session() as session:
        session.load([("c", "def f():\n    return 1")])
        assert session.call("f", []).value == 1
