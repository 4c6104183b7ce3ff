"""The self-test of the small NumPy questions on many seeds: `python tests/questions/seeds.py --seeds 1000`."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = ("03_pair", "10_average_pooling")
COURSE = (sys.executable, "-m", "autograder.cli")


def main() -> int:
    """Build the questions in a scratch course and prove them there; the self-test's own exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("names", nargs="*", default=NAMES)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            shutil.copytree(Path(__file__).parent / "solutions" / name, Path(folder) / "solutions" / name)
        environment = {**os.environ, "COURSE_ROOT": folder}
        subprocess.run([*COURSE, "build"], env=environment, check=True, stdout=subprocess.DEVNULL)
        selftest = [*COURSE, "selftest", *arguments.names, "--seeds", str(arguments.seeds)]
        return subprocess.run(selftest, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
