"""The jail's server, first stage: enter new namespaces and a new root, give up privileges, start the second stage.

The second stage is executed rather than called, so that no memory, argument or environment of this one is left in it.
Only the standard library is imported here.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from typing import Any, NoReturn

# A user id that nobody hands out, neither to people nor to services: what runs under it can touch nobody's files.
JAIL_UID = 65_529
INNER_UID = 1000

SERVE = "import json,sys;c=json.loads(sys.argv.pop());sys.path.insert(0,c['packages'])\n"
SERVE += "from autograder.jail.zygote import main;main(c)"

ENVIRONMENT = {
    "HOME": "/scratch",
    "TMPDIR": "/scratch",
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    # One thread for each sum: the same order of additions, so the same numbers, on every machine.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "",
}


def main(config: dict[str, Any]) -> NoReturn:
    """Enter the jail that `config` asks for and become its server; a failure is told over the control socket."""
    control = int(config["control"])
    try:
        _enter(config, control)
    except BaseException as error:
        with socket.socket(fileno=control) as channel:
            channel.send(json.dumps({"failed": str(error) or type(error).__name__}).encode() + b"\n")
        os._exit(1)
    os._exit(0)


def _enter(config: dict[str, Any], control: int) -> None:
    served = {name: config[name] for name in ("engine", "control", "preload", "readable", "packages")}
    environment = dict(ENVIRONMENT)
    if config["engine"] == "none":
        environment["HOME"] = environment["TMPDIR"] = config["temporary"]
    served["proc"] = _open_proc()
    if config["engine"] == "namespaces":
        _enter_namespaces(config, control)
    elif os.geteuid() == 0 and (config["engine"] != "none" or _readable_to_others(config["executable"])):
        if not _readable_to_others(config["executable"]):
            raise PermissionError("Python lies under a folder that only root may enter; install it where all may read")
        _become(JAIL_UID)
    for fd in (control, served["proc"]):
        if fd >= 0:
            os.set_inheritable(fd, True)
    os.execve(config["executable"], [config["executable"], "-I", "-B", "-c", SERVE, json.dumps(served)], environment)


def _open_proc() -> int:
    """A handle on the host's /proc, kept by the server alone to write the id maps of the sessions."""
    if sys.platform != "linux":
        return -1
    return os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)


def _enter_namespaces(config: dict[str, Any], control: int) -> None:
    from autograder.jail import linux, root

    flags = linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS
    uid, gid = os.geteuid(), os.getegid()
    linux.unshare(flags if uid == 0 else flags | linux.CLONE_NEWUSER)
    if uid != 0:
        write_id_map("/proc/self", uid, gid)
    child = os.fork()  # a process namespace begins with the next child
    if child:
        os.close(control)
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    socket.sethostname("jail")
    root.build([(source, target) for source, target in config["binds"]], config["executable"])
    if uid == 0:
        _become(JAIL_UID)
    linux.die_with_parent()  # after the change of user, which would clear it


def write_id_map(process: str, uid: int, gid: int, at: int | None = None) -> None:
    """Map one user and one group into the user namespace just entered; `process` is its folder in /proc."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{INNER_UID} {uid} 1"), ("gid_map", f"{INNER_UID} {gid} 1")):
        fd = os.open(f"{process}/{name}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=at)
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)


def _become(uid: int) -> None:
    """Become an unprivileged user for good."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _readable_to_others(executable: str) -> bool:
    """Whether the unprivileged user could start Python from where it lies."""
    os.seteuid(JAIL_UID)
    try:
        return os.access(executable, os.X_OK, effective_ids=True) and os.access(
            os.__file__, os.R_OK, effective_ids=True
        )
    finally:
        os.seteuid(0)
