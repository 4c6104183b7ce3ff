"""What `course doctor` asks of a machine, and what it need not ask."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder import machine


@pytest.mark.skipif(sys.platform != "linux", reason="each system shows its devices elsewhere")
@pytest.mark.parametrize(("sign", "asked"), [("/no/such/device", 0), ("/proc/self", 1)])
def test_no_backend_is_imported_where_no_driver_of_a_gpu_is(
    sign: str, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        calls.append(command[-1])
        return subprocess.CompletedProcess(command, 0, stdout="some message\n1\n")

    monkeypatch.setattr(machine, "SIGNS_OF_A_GPU", (sign,))
    monkeypatch.setattr(subprocess, "run", run)
    assert machine.has_gpu("tensorflow") is bool(asked)
    assert len(calls) == asked


def test_a_backend_that_is_not_installed_has_no_gpu() -> None:
    assert not machine.has_gpu("no such backend")
