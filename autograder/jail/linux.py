"""The few calls into the Linux kernel that Python's standard library does not offer, by ctypes."""

from __future__ import annotations

import ctypes
import os
import platform
import signal

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
MNT_DETACH = 2
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV, ATTR_NOEXEC = 1, 2, 4, 8

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, PR_CAP_AMBIENT = 1, 38, 22, 47
_AT_FDCWD, _AT_RECURSIVE, _AT_EMPTY_PATH = -100, 0x8000, 0x1000
_SYS_MOUNT_SETATTR = 442  # the same number on every architecture, like all calls since Linux 5.1
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_SYS_CAPSET = {"x86_64": 126, "aarch64": 91}
_SYS_CLONE = {"x86_64": 56, "aarch64": 220}
_CAP_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_holding_python = ctypes.PyDLL(None, use_errno=True)  # calls through it keep the interpreter's lock
_holding_python.syscall.restype = ctypes.c_long


def machine() -> str:
    """The processor architecture; OSError where no table of system calls is written for it."""
    name = platform.machine()
    if name not in _SYS_PIVOT_ROOT:
        raise OSError(f"processor {name} (x86_64 and aarch64 are supported)")
    return name


def _checked(result: int, what: str) -> int:
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def syscall(number: int, what: str, *arguments: int | bytes | ctypes.c_void_p | None) -> int:
    """One system call by number; OSError names `what` failed."""
    widened = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return _checked(int(_libc.syscall(ctypes.c_long(number), *widened)), what)


def unshare(flags: int) -> None:
    """Enter new namespaces."""
    _checked(_libc.unshare(flags), "unshare")


def fork_into(namespaces: int) -> int:
    """os.fork, with the child in new namespaces from its first instruction. Call it where there is one thread.

    A process that forked and then called unshare would itself stay outside the new process namespace, and would need a
    second fork for the process inside.
    """
    flags = [ctypes.c_long(each) for each in (namespaces | signal.SIGCHLD, 0, 0, 0, 0)]
    ctypes.pythonapi.PyOS_BeforeFork()
    child = int(_holding_python.syscall(ctypes.c_long(_SYS_CLONE[machine()]), *flags))
    if child == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
    else:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
    return _checked(child, "clone")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """mount(2)."""
    result = _libc.mount(
        source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode() or None
    )
    _checked(result, f"mount {kind or 'bind'} on {target}")


def detach(target: str) -> None:
    """Unmount a whole tree, now for new look-ups and for good when nobody uses it."""
    _checked(_libc.umount2(target.encode(), MNT_DETACH), "umount")


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root of this mount namespace and hang the old one on `old`."""
    syscall(_SYS_PIVOT_ROOT[machine()], "pivot_root", new.encode(), old.encode())


def set_mount_attributes(path: str, attributes: int, recursive: bool = True) -> None:
    """Add attributes such as read-only to a mount, and to all mounts below it (Linux 5.12)."""

    class MountAttr(ctypes.Structure):
        _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]

    attr = MountAttr(attributes, 0, 0, 0)
    pointer = ctypes.cast(ctypes.byref(attr), ctypes.c_void_p)
    flags = _AT_RECURSIVE if recursive else 0
    syscall(_SYS_MOUNT_SETATTR, "mount_setattr", _AT_FDCWD, path.encode(), flags, pointer, ctypes.sizeof(attr))


def prctl(option: int, argument: int = 0, *rest: int) -> None:
    """prctl(2)."""
    arguments = [ctypes.c_ulong(each) for each in (argument, *rest, 0, 0, 0)[:4]]
    _checked(_libc.prctl(option, *arguments), "prctl")


def die_with_parent() -> None:
    """Be killed when the process that started this one ends."""
    prctl(PR_SET_PDEATHSIG, 9)


def drop_capabilities() -> None:
    """Give up every capability, and every way to gain one by executing a file."""
    header = (ctypes.c_uint32 * 2)(_CAP_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    pointers = [ctypes.cast(each, ctypes.c_void_p) for each in (header, nothing)]
    syscall(_SYS_CAPSET[machine()], "capset", *pointers)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
