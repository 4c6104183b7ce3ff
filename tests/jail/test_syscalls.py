"""The numbers of system calls against the kernel's own headers, and the filter as a program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.jail import seccomp
from autograder.jail.syscalls import CHECKED, CLONE3, DENIED, NEWEST

HEADERS = {
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    "aarch64": ("/usr/include/asm-generic/unistd.h",),
}
RETURN = 0x06


def numbers(machine: str) -> dict[str, int]:
    for path in HEADERS[machine]:
        if Path(path).exists():
            found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", Path(path).read_text())
            return {name: int(number) for name, number in found}
    pytest.skip("the kernel's headers are not installed")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_numbers_are_the_kernels(machine: str) -> None:
    known = numbers(machine)
    for name, number in {**DENIED[machine], **CHECKED[machine], "clone3": CLONE3}.items():
        if name in known:
            assert known[name] == number, name
        else:
            assert number > max(known.values()), f"{name} is in no header"
    assert max(DENIED[machine].values()) <= NEWEST


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_both_processors_deny_the_same_calls(machine: str) -> None:
    other = DENIED["aarch64"]
    only_on_x86 = {
        *("fork", "vfork", "chmod", "chown", "lchown", "utime", "utimes", "futimesat", "mknod", "inotify_init"),
        *("create_module", "uselib", "modify_ldt", "iopl", "ioperm", "_sysctl"),
    }
    assert set(DENIED["x86_64"]) - set(other) == only_on_x86 and set(other) <= set(DENIED["x86_64"])
    assert not set(DENIED[machine]) & set(CHECKED[machine])


def verdict(machine: str, number: int, *arguments: int, arch: int | None = None) -> int:
    """What the filter answers, by running it."""
    from autograder.jail.syscalls import AUDIT_ARCH

    words = {0: number, 4: AUDIT_ARCH[machine] if arch is None else arch}
    for index in range(6):
        value = arguments[index] if index < len(arguments) else 0
        words[16 + 8 * index] = value & 0xFFFFFFFF
    program, at, loaded = seccomp.rules_for(machine, 1), 0, 0
    while True:
        code, true, false, operand = program[at]
        at += 1
        if code == 0x20:
            loaded = words[operand]
        elif code == RETURN:
            return operand
        else:
            holds = {0x15: loaded == operand, 0x35: loaded >= operand, 0x45: bool(loaded & operand)}[code]
            at += true if holds else false


ALLOW, KILL, DENY, NO_SUCH_CALL = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
THREAD = 0x003D0F00  # what the C library asks for when it starts a thread
FORK = 0x01200011


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_answers_as_it_should(machine: str) -> None:
    call = CHECKED[machine]
    assert verdict(machine, 0) == ALLOW
    assert verdict(machine, 0, arch=1) == KILL
    assert verdict(machine, CLONE3) == NO_SUCH_CALL == verdict(machine, NEWEST + 1) == verdict(machine, 5000)
    assert verdict(machine, call["clone"], THREAD) == ALLOW
    assert verdict(machine, call["clone"], FORK) == DENY
    for namespace in (0x00020000, 0x02000000, 0x10000000, 0x20000000, 0x40000000, 0x80):
        assert verdict(machine, call["clone"], THREAD | namespace) == DENY
    assert verdict(machine, call["kill"], 1, 9) == ALLOW == verdict(machine, call["tgkill"], 1, 1, 6)
    for target in (0, -1, 2, -2):
        assert verdict(machine, call["kill"], target, 9) == DENY
    assert verdict(machine, call["prlimit64"], 0) == ALLOW and verdict(machine, call["prlimit64"], 7) == DENY
    assert verdict(machine, call["fcntl"], 4, 3) == ALLOW and verdict(machine, call["fcntl"], 4, 8) == DENY
    assert verdict(machine, call["ioctl"], 0, 0x5401) == ALLOW and verdict(machine, call["ioctl"], 0, 0x5412) == DENY
    assert verdict(machine, call["prctl"], 15) == ALLOW and verdict(machine, call["prctl"], 1) == DENY
    assert all(verdict(machine, number) == DENY for number in DENIED[machine].values())
    if machine == "x86_64":
        assert verdict(machine, 0x40000000 | 1) == KILL
