"""One session's process, the inmate: it shuts every door behind itself, then runs a student's code."""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import signal
import sys
from typing import Any, NoReturn

from autograder.jail import worker
from autograder.jail.enter import write_id_map
from autograder.jail.layout import DEVICES, PROCESS, SCRATCH

if sys.platform == "linux":  # here rather than where they are used: a forked process then need not load them
    from autograder.jail import landlock, linux, root, seccomp

REQUEST, REPLY = 3, 4  # the only descriptors of an inmate beside 0, 1 and 2
_MIB = 1024 * 1024
_FILES = 256


def fork_inmate(engine: str) -> int:
    """os.fork; where the engine has namespaces, the child is alone in new ones."""
    if engine != "namespaces":
        return os.fork()
    return linux.fork_into(
        linux.CLONE_NEWUSER | linux.CLONE_NEWPID | linux.CLONE_NEWNS | linux.CLONE_NEWIPC | linux.CLONE_NEWNET
    )


def become_inmate(config: dict[str, Any], limits: dict[str, Any], fds: list[int], owner: tuple[int, int]) -> NoReturn:
    """Shut every door, lock them, and serve requests until there are no more. `owner`: the server's user and group."""
    reply = fds[1]
    try:
        if sys.platform == "linux":
            linux.die_with_parent()
            _limit_processes(config)
            limits["address_space"] = _mapped_bytes(config["proc"]) + limits["memory_mib"] * _MIB
        if config["engine"] == "namespaces":
            write_id_map("self", *owner, at=config["proc"])
        _arrange_descriptors(*fds)  # among others, /proc is closed by it
        reply = REPLY
        _confine(config, limits)
    except BaseException as error:
        worker.say_failed(reply, str(error) or type(error).__name__)
        os._exit(1)
    worker.serve(REQUEST, REPLY, limits)


def _mapped_bytes(proc: int) -> int:
    """How much address space this process has mapped already, as the kernel counts it."""
    fd = os.open("self/statm", os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
    try:
        return int(os.read(fd, 64).split()[0]) * resource.getpagesize()
    finally:
        os.close(fd)


def _limit_processes(config: dict[str, Any]) -> None:
    """Bound threads. The kernel counts by user: without a user namespace, what the user runs elsewhere is added."""
    allowed = 64 + 8 * (os.cpu_count() or 1)
    if config["engine"] != "namespaces":
        allowed += _threads_of_user(config["proc"])
    _limit(resource.RLIMIT_NPROC, allowed)


def _threads_of_user(proc: int) -> int:
    total, uid = 0, os.getuid()
    folder = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=proc)
    try:
        for name in os.listdir(folder):  # noqa: PTH208 - a descriptor, which Path cannot list
            with contextlib.suppress(OSError):
                if name.isdigit() and os.stat(name, dir_fd=proc).st_uid == uid:
                    total += os.stat(f"{name}/task", dir_fd=proc).st_nlink - 2
    finally:
        os.close(folder)
    return total


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    _, ceiling = resource.getrlimit(kind)
    hard = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(kind, (soft, hard))


def _arrange_descriptors(request: int, reply: int, output: int) -> None:
    """0 reads nothing, 1 and 2 are the output pipe, 3 and 4 carry requests and replies; `_confine` closes the rest."""
    high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, REPLY + 1) for fd in (request, reply, output)]
    nothing = os.open("/dev/null", os.O_RDONLY)
    for source, target in ((nothing, 0), (high[2], 1), (high[2], 2), (high[0], REQUEST), (high[1], REPLY)):
        os.dup2(source, target, inheritable=False)


def _confine(config: dict[str, Any], limits: dict[str, Any]) -> None:
    for number in (signal.SIGINT, signal.SIGPIPE, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        linux.die_with_parent()
    if config["engine"] == "none":
        os.chdir(os.environ["TMPDIR"])
        os.closerange(REPLY + 1, 65_536)
        os.setsid()
        _set_limits(limits)
        return
    if config["engine"] == "namespaces":
        root.mount_scratch(limits["scratch_mib"])
    else:
        os.chdir("/")
    os.closerange(REPLY + 1, 65_536)
    os.setsid()
    _set_limits(limits)
    linux.drop_capabilities()
    if config["engine"] == "landlock" or landlock.version():
        rules = [(path, landlock.READ) for path in config["readable"]]
        rules += [(device, landlock.WRITE) for device in DEVICES]
        if config["engine"] == "namespaces":
            rules.append((SCRATCH, landlock.WRITE))
        elif "keras" in config["preload"]:
            rules += [(path, landlock.READ) for path in PROCESS]
        landlock.restrict(rules)
    seccomp.restrict()


def _set_limits(limits: dict[str, Any]) -> None:
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _FILES)
    _limit(resource.RLIMIT_FSIZE, limits["scratch_mib"] * _MIB)
    _limit(resource.RLIMIT_CPU, int(limits["cpu_seconds"]), int(limits["cpu_seconds"]) + 1)
    if sys.platform == "linux":
        _limit(resource.RLIMIT_MEMLOCK, 0)
        _limit(resource.RLIMIT_MSGQUEUE, 0)
        _limit(resource.RLIMIT_AS, limits["address_space"])
