"""The seccomp filter of a student's process: no new processes, no sockets, no reach beyond itself."""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import struct

from autograder.jail import linux
from autograder.jail.syscalls import AUDIT_ARCH, CHECKED, CLONE3, DENIED, NEWEST

_LOAD, _EQUAL, _GREATER_EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_DENY = _ERRNO | errno.EPERM
_NUMBER, _ARCH = 0, 4
_X32 = 0x40000000
_CLONE_THREAD, _CLONE_NAMESPACES = 0x00010000, 0x7E020000 | 0x80

_BAD_FCNTL = (8, 10, 15, 1024, 1026)  # F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY
_BAD_IOCTL = (0x5412, 0x541C, 0x5452, 0x8901, 0x8902)  # TIOCSTI, TIOCLINUX, FIOASYNC, FIOSETOWN, SIOCSPGRP
_BAD_PRCTL = (1, 35, 0x59616D61)  # PR_SET_PDEATHSIG, PR_SET_MM, PR_SET_PTRACER

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


def _load(offset: int) -> Instruction:
    return (_LOAD, 0, 0, offset)


def _argument(index: int) -> Instruction:
    return _load(16 + 8 * index)  # the low half; both supported processors are little-endian


def _answer(verdict: int) -> Instruction:
    return (_RETURN, 0, 0, verdict)


def _only_for(number: int, body: list[Instruction]) -> list[Instruction]:
    """Run `body`, which ends in answers, when the loaded call number is `number`."""
    return [(_EQUAL, 0, len(body), number), *body]


def _argument_in(index: int, allowed: tuple[int, ...]) -> list[Instruction]:
    tests: list[Instruction] = []
    for position, value in enumerate(allowed):
        tests.append((_EQUAL, len(allowed) - position, 0, value))
    return [_argument(index), *tests, _answer(_DENY), _answer(_ALLOW)]


def _argument_not_in(index: int, denied: tuple[int, ...]) -> list[Instruction]:
    tests: list[Instruction] = []
    for position, value in enumerate(denied):
        tests.append((_EQUAL, len(denied) - position, 0, value))
    return [_argument(index), *tests, _answer(_ALLOW), _answer(_DENY)]


def rules_for(machine: str, pid: int) -> list[Instruction]:
    """The filter for a process that is `pid` to itself, one instruction after the other."""
    checked = CHECKED[machine]
    rules = [_load(_ARCH), (_EQUAL, 1, 0, AUDIT_ARCH[machine]), _answer(_KILL), _load(_NUMBER)]
    if machine == "x86_64":
        rules += [(_GREATER_EQUAL, 0, 1, _X32), _answer(_KILL)]
    rules += [(_GREATER_EQUAL, 0, 1, NEWEST + 1), _answer(_ERRNO | errno.ENOSYS)]
    rules += _only_for(CLONE3, [_answer(_ERRNO | errno.ENOSYS)])  # the C library then uses clone, which can be read
    thread_only = [
        _argument(0),
        (_ANY_BIT, 2, 0, _CLONE_NAMESPACES),
        (_ANY_BIT, 0, 1, _CLONE_THREAD),
        _answer(_ALLOW),
        _answer(_DENY),
    ]
    rules += _only_for(checked["clone"], thread_only)
    for name in ("kill", "tgkill"):
        rules += _only_for(checked[name], _argument_in(0, (pid,)))
    for name in ("prlimit64", "sched_setparam", "sched_setscheduler", "sched_setaffinity", "sched_setattr"):
        rules += _only_for(checked[name], _argument_in(0, (0, pid)))
    rules += _only_for(checked["fcntl"], _argument_not_in(1, _BAD_FCNTL))
    rules += _only_for(checked["ioctl"], _argument_not_in(1, _BAD_IOCTL))
    rules += _only_for(checked["prctl"], _argument_not_in(0, _BAD_PRCTL))
    for number in sorted(DENIED[machine].values()):
        rules += _only_for(number, [_answer(_DENY)])
    return [*rules, _answer(_ALLOW)]


@functools.cache
def program(pid: int) -> bytes:
    """The filter as the kernel reads it; cached, for in a namespace of its own every process is number 1."""
    return b"".join(struct.pack("=HBBI", *rule) for rule in rules_for(linux.machine(), pid))


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def restrict() -> None:
    """Install the filter in this process for good. Call it last, in the process that will run the student's code."""
    code = program(os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    fprog = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    linux.prctl(linux.PR_SET_SECCOMP, 2, ctypes.addressof(fprog))
