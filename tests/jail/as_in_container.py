"""Run a Python command with what a container has and no more: `python as_in_container.py -m pytest …`, started as root.

Docker starts a process as root with fourteen of root's capabilities, in namespaces of its own, behind a filter of
system calls that lets it make no further namespaces and no mounts. This does the same without Docker. With `--as-user`
first the command runs as an ordinary user in there, with `--without-landlock` behind a filter that knows no Landlock,
with `--without-filter` as after `docker run --security-opt seccomp=unconfined`. With both, only Landlock is missing.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import socket
import struct
import sys
import tempfile
from pathlib import Path

from as_ordinary_user import ROOT, UID, open_the_way

# CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, NET_RAW, SYS_CHROOT, MKNOD,
# AUDIT_WRITE and SETFCAP are Docker's default.
KEPT = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}
LAST_CAPABILITY, PR_CAPBSET_DROP = 40, 24
REFUSED = (
    *("unshare", "setns", "mount", "umount2", "pivot_root", "mount_setattr", "open_tree", "move_mount", "fsopen"),
    *("fsconfig", "fsmount", "fspick", "bpf", "perf_event_open", "userfaultfd", "add_key", "request_key", "keyctl"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "reboot", "swapon", "swapoff", "acct", "syslog"),
    *("settimeofday", "clock_settime", "quotactl", "open_by_handle_at", "lookup_dcookie"),
)
LANDLOCK = (444, 445, 446)
CLONE_NAMESPACES = 0x7E020000
LOAD, EQUAL, ANY_BIT, RETURN, ALLOW, ANSWER = 0x20, 0x15, 0x45, 0x06, 0x7FFF0000, 0x00050000
SIOCSIFFLAGS, UP_AND_RUNNING = 0x8914, 0x41


def main() -> None:
    """Make the container, run Python with the remaining arguments in it, end as it ends."""
    sys.path.insert(0, str(ROOT))
    from autograder.jail import linux

    arguments, options = sys.argv[1:], set()
    while arguments[:1] and arguments[0].startswith("--"):
        options.add(arguments.pop(0))
    open_the_way([Path(sys.prefix), Path(sys.base_prefix), ROOT])
    linux.unshare(linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS)
    wait_for_child()
    linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
    loopback_up()
    for capability in set(range(LAST_CAPABILITY + 1)) - KEPT:
        linux.prctl(PR_CAPBSET_DROP, capability)
    wait_for_child()  # number 1 stays behind, as a container's init does
    filter_calls(
        refused=() if "--without-filter" in options else REFUSED,
        unknown=LANDLOCK if "--without-landlock" in options else (),
    )
    if "--as-user" in options:
        os.setgroups([])
        os.setresgid(UID, UID, UID)
        os.setresuid(UID, UID, UID)
    os.chdir(ROOT)
    environment = {"HOME": tempfile.gettempdir(), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    os.execve(sys.executable, [sys.executable, "-B", *arguments], environment)


def wait_for_child() -> None:
    """Go on in a child. The parent reaps whatever is left to it and ends as the child does."""
    child = os.fork()
    while child:
        ended, status = os.wait()
        if ended == child:
            os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def loopback_up() -> None:
    """A new network namespace has a loopback that is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", UP_AND_RUNNING))


def filter_calls(refused: tuple[str, ...], unknown: tuple[int, ...]) -> None:
    """Docker's filter, as far as it matters to a jail. Installed before execve takes the capabilities away."""
    if not refused and not unknown:
        return
    from autograder.jail import linux
    from autograder.jail.syscalls import CHECKED, CLONE3, DENIED

    machine = linux.machine()
    rules = [(LOAD, 0, 0, 0)]
    answers = {DENIED[machine][name]: errno.EPERM for name in refused} | dict.fromkeys(unknown, errno.ENOSYS)
    answers |= {CLONE3: errno.ENOSYS} if refused else {}
    for number, error in answers.items():
        rules += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ANSWER | error)]
    if refused:
        rules += [(EQUAL, 0, 3, CHECKED[machine]["clone"]), (LOAD, 0, 0, 16)]
        rules += [(ANY_BIT, 0, 1, CLONE_NAMESPACES), (RETURN, 0, 0, ANSWER | errno.EPERM)]
    rules += [(RETURN, 0, 0, ALLOW)]
    code = b"".join(struct.pack("=HBBI", *rule) for rule in rules)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(rules), ctypes.addressof(buffer))
    where = ctypes.create_string_buffer(program, len(program))
    linux.prctl(linux.PR_SET_SECCOMP, 2, ctypes.addressof(where))


if __name__ == "__main__":
    main()
