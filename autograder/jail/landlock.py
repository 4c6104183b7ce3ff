"""Landlock: what a process may do with files, TCP ports, signals and abstract sockets, narrowed for good."""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Sequence

from autograder.jail import linux

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG, _REFER, _TRUNCATE = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 13, 1 << 14
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | 1 << 15
READ = _EXECUTE | _READ_FILE | _READ_DIR
WRITE = READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER | _TRUNCATE


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("ports", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def version() -> int:
    """The Landlock version of this kernel; 0 where there is none."""
    try:
        return linux.syscall(_CREATE, "landlock", None, 0, 1)
    except OSError:
        return 0


def restrict(rules: Sequence[tuple[str, int]]) -> None:
    """Allow the named paths their rights and nothing else, for this process and all it starts."""
    abi = version()
    handled = (1 << (13 if abi < 2 else 14 if abi < 3 else 15 if abi < 5 else 16)) - 1
    ruleset = _Ruleset(handled, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    fd = linux.syscall(_CREATE, "landlock", ctypes.cast(ctypes.byref(ruleset), ctypes.c_void_p), size, 0)
    try:
        for path, rights in rules:
            _allow(fd, path, rights & handled)
        linux.syscall(_RESTRICT, "landlock", fd, 0)
    finally:
        os.close(fd)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            rights &= _ON_FILES
        rule = _PathRule(rights, place)
        linux.syscall(_ADD, "landlock", ruleset, 1, ctypes.cast(ctypes.byref(rule), ctypes.c_void_p), 0)
    finally:
        os.close(place)
