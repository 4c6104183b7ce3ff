"""The file system a student's process sees: the Python runtime, read-only, and a small scratch. Nothing of the host."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from autograder.jail import linux
from autograder.jail.layout import DEVICES, PACKAGES, SCRATCH, SYSTEM, Bind

_OLD, _NEW = "/old", "/new"
_BASES = ("/tmp", "/run", "/mnt", "/var")


def build(binds: Sequence[Bind], executable: str) -> None:
    """Replace this mount namespace's root by a new one of read-only binds; the old root is gone afterwards."""
    links = {path: str(Path(path).readlink()) for path in SYSTEM if path.count("/") == 1 and Path(path).is_symlink()}
    system = [(os.path.realpath(path), path) for path in SYSTEM if path not in links and Path(path).exists()]
    cpuinfo = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    _stand_aside()
    _tmpfs(_NEW, "size=4m,mode=755")
    for path, target in links.items():
        Path(_NEW + path).symlink_to(target)
    for source, target in sorted([*system, *binds], key=lambda bind: bind[1]):
        _bind(source, target)
    for device in DEVICES:
        _bind(device, device, linux.ATTR_NOSUID | linux.ATTR_NOEXEC)
    _write(f"{PACKAGES}/autograder/__init__.py", '"""The part of the grader that a jail needs."""\n')
    _fake_proc(executable, cpuinfo)
    Path(_NEW + SCRATCH).mkdir()
    _tmpfs(_NEW + SCRATCH, "size=16m,nr_inodes=500,mode=1777")  # for what a preload writes; a session covers it
    if not Path(_NEW + "/tmp").exists():  # it does where Python itself is installed below /tmp
        Path(_NEW + "/tmp").symlink_to(SCRATCH)
    linux.set_mount_attributes(_NEW, linux.ATTR_RDONLY | linux.ATTR_NOSUID | linux.ATTR_NODEV, recursive=False)
    os.chdir(_NEW)
    linux.pivot_root(".", ".")
    linux.detach(".")
    os.chdir("/")


def mount_scratch(mebibytes: int) -> None:
    """A fresh scratch of bounded size for one session, in its own mount namespace."""
    _tmpfs(SCRATCH, f"size={mebibytes}m,nr_inodes=2000,mode=700")
    os.chdir(SCRATCH)


def _stand_aside() -> None:
    """Move the old root to /old of a small one, so that no mount of ours hides a path that is still to be bound."""
    base = next(path for path in _BASES if Path(path).is_dir())
    _tmpfs(base, "size=64k,mode=755")
    Path(base + _OLD).mkdir()
    Path(base + _NEW).mkdir()
    linux.pivot_root(base, base + _OLD)
    os.chdir("/")


def _tmpfs(target: str, options: str) -> None:
    linux.mount("tmpfs", target, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC, options)


def _bind(source: str, target: str, attributes: int = 0) -> None:
    old, new = Path(_OLD + source), Path(_NEW + target)
    if not old.exists():
        raise FileNotFoundError(f"{source} is needed inside the jail and is not there")
    if old.is_dir():
        new.mkdir(parents=True, exist_ok=True)
    elif not new.exists():
        new.parent.mkdir(parents=True, exist_ok=True)
        new.touch()
    linux.mount(str(old), str(new), flags=linux.MS_BIND | linux.MS_REC)
    attributes = attributes or linux.ATTR_NOSUID | linux.ATTR_NODEV
    linux.set_mount_attributes(str(new), attributes | linux.ATTR_RDONLY)


def _write(target: str, text: str) -> None:
    path = Path(_NEW + target)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _fake_proc(executable: str, cpuinfo: str) -> None:
    """The three files of /proc that TensorFlow insists on. A real one would show the host."""
    _write("/proc/self/cmdline", "python\0")
    _write("/proc/cpuinfo", cpuinfo)
    Path(_NEW + "/proc/self/exe").symlink_to(executable)
