"""Run a Python command as an ordinary user: `python as_ordinary_user.py -m pytest …`, started as root.

With `--without-namespaces` first, as one who may not make user namespaces: the limit is set to 0 inside one of its own,
which changes nothing for the rest of the machine.

Where Python or the checkout lies under a folder that only root may enter, they are shown at the same path in a mount
namespace of this process alone, so nothing is copied and no permission is changed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UID = 54_321
PR_SET_DUMPABLE = 4


def main() -> None:
    """Open the way, become the user, run Python with the remaining arguments."""
    sys.path.insert(0, str(ROOT))
    open_the_way([Path(sys.prefix), Path(sys.base_prefix), ROOT])
    os.setgroups([])
    os.setresgid(UID, UID, UID)
    os.setresuid(UID, UID, UID)
    os.chdir(ROOT)
    arguments = sys.argv[1:]
    if arguments[:1] == ["--without-namespaces"]:
        arguments = arguments[1:]
        forbid_namespaces()
    environment = {"HOME": tempfile.gettempdir(), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    os.execve(sys.executable, [sys.executable, "-B", *arguments], environment)


def forbid_namespaces() -> None:
    """Enter a user namespace in which no other one can be made."""
    from autograder.jail import linux

    linux.prctl(PR_SET_DUMPABLE, 1)  # after a change of user a process may not write its own id map else
    linux.unshare(linux.CLONE_NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{UID} {UID} 1"), ("gid_map", f"{UID} {UID} 1")):
        Path("/proc/self", name).write_text(text)
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def open_the_way(paths: list[Path]) -> None:
    """Cover every locked folder above the paths by an empty one that holds just the paths."""
    from autograder.jail import linux

    linux.unshare(linux.CLONE_NEWNS)
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    locked = {path: folder for path in paths if (folder := locked_above(path))}
    kept = {}
    for path in locked:
        kept[path] = tempfile.mkdtemp(prefix="way-")
        linux.mount(str(path), kept[path], flags=linux.MS_BIND | linux.MS_REC)
    for folder in set(locked.values()):
        linux.mount("tmpfs", str(folder), "tmpfs", options="mode=755")
    for path, place in kept.items():
        path.mkdir(parents=True, exist_ok=True)
        linux.mount(place, str(path), flags=linux.MS_BIND | linux.MS_REC)
        linux.detach(place)
        Path(place).rmdir()


def locked_above(path: Path) -> Path | None:
    """The outermost folder on the way that others may not enter."""
    ways = [*reversed(path.parents), path]
    return next((folder for folder in ways if not folder.stat().st_mode & 0o001), None)


if __name__ == "__main__":
    main()
