"""Grade as Gradescope does: `python as_in_gradescope.py [OPTION…] ZIP SUBMISSION RESULTS`, started as root.

Gradescope unpacks an autograder's zip to /autograder/source, runs setup.sh there while it builds the image, copies
run_autograder to /autograder, and for each submission runs that as root in a container, with the submission in
/autograder/submission and a file of metadata beside it. The same is made here in a mount namespace of this process
alone, without Docker and without a network. Options are those of tests/jail/as_in_container.py. The Python of the tests
stands where setup.sh would make one, which needs a network; everything else of setup.sh is run.

    --then SCRIPT  runs a line of bash in the container in place of run_autograder
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTAINER = ROOT / "tests" / "jail" / "as_in_container.py"
NEW = Path("/mnt")
BUILD = "set -e; cd /autograder/source; bash setup.sh; cp run_autograder ..; chmod +x ../run_autograder; "
METADATA = """{"id": 1, "created_at": "2026-10-23T14:22:32.365935-07:00", "submission_method": "upload",
"assignment": {"due_date": "2026-10-31T23:00:00.000000-07:00", "id": 25, "title": "Scaling", "total_points": "10.0"},
"users": [{"email": "student@example.org", "id": 7, "name": "</script>=HYPERLINK()"}], "previous_submissions": []}"""


def main() -> None:
    """Make the layout, then go on in the container."""
    arguments = sys.argv[1:]
    options, then = [], "cd /autograder; ./run_autograder"
    while arguments[0].startswith("--"):
        option = arguments.pop(0)
        if option == "--then":
            then = arguments.pop(0)
        else:
            options.append(option)
    package, submission, results = map(Path, arguments)
    own = results / "autograder"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(own / "source")
    shutil.copytree(submission, own / "submission", symlinks=True)
    (own / "submission_metadata.json").write_text(METADATA)
    new_root(own)
    line = ["-c", f"import os; os.execv('/bin/bash', ['bash', '-c', {BUILD + then!r}])"]
    os.execv(sys.executable, [sys.executable, str(CONTAINER), *options, *line])


def new_root(own: Path) -> None:
    """The machine as it is, with /autograder and /opt/course beside what is there."""
    sys.path.insert(0, str(ROOT))
    from autograder.jail import linux

    bind = linux.MS_BIND | linux.MS_REC
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("tmpfs", str(NEW), "tmpfs", options="mode=755")
    for entry in Path("/").iterdir():
        place = NEW / entry.name
        if entry.is_symlink():
            place.symlink_to(entry.readlink())
        elif entry == NEW:
            place.mkdir()
        elif stat.S_ISDIR(entry.stat().st_mode):
            place.mkdir(mode=stat.S_IMODE(entry.stat().st_mode))
            linux.mount(str(entry), str(place), flags=bind)
    (NEW / "autograder").mkdir()
    linux.mount(str(own), str(NEW / "autograder"), flags=bind)
    (NEW / "opt").mkdir(exist_ok=True)
    linux.mount("tmpfs", str(NEW / "opt"), "tmpfs", options="mode=755")
    (NEW / "opt" / "course" / "venv").mkdir(parents=True)
    linux.mount(sys.prefix, str(NEW / "opt" / "course" / "venv"), flags=bind)
    os.chdir(NEW)
    linux.pivot_root(".", ".")
    linux.detach(".")
    os.chdir("/")


if __name__ == "__main__":
    main()
