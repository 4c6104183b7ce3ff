"""Commands of the pages that the tests of the pages do not run, why not, and where it is proven that they work.

A pattern must fit the whole command. One that fits no command of any page, or whose proof is not there, fails a test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Elsewhere:
    """A command that is not run here; `proof` is a file and a text in it."""

    pattern: str
    why: str
    proof: tuple[str, str]

    def fits(self, command: str) -> bool:
        return re.fullmatch(self.pattern, command) is not None


CI, COMMANDS, CALIBRATION = ".ci/run", "tests/cli/test_commands.py", "tests/calibration/test_calibrate.py"
ELSEWHERE = (
    Elsewhere("make test", "it runs this very test", (CI, "make test")),
    Elsewhere("make lint", "CI runs it on its own", (CI, "make lint")),
    Elsewhere("make demo", "it makes the environment that runs this", (COMMANDS, '"demo", "--to"')),
    Elsewhere("make site", "has a test of its own", ("tests/docs/test_site.py", "--strict")),
    Elsewhere("make cost", "takes minutes on a quiet machine", ("tests/jail/test_cost.py", "cost.main")),
    Elsewhere("pytest tests/jail tests/adversarial", "a part of make test", (CI, "make test")),
    Elsewhere("pytest tests/jail tests/adversarial -m slow", "part of make test-slow", ("Makefile", "pytest -m slow")),
    Elsewhere(
        "pip install .*", "downloads 1 GB", ("tests/release/test_follow_readme.py", "the_two_commands_of_the_readme")
    ),
    Elsewhere("conda env create .*", "conda is not here", ("tests/test_environment.py", "test_conda_installs")),
    Elsewhere(
        "(cd graded && )?jupyter lab", "runs until it is stopped", ("tests/nbgrader/test_formgrader.py", "jupyter lab")
    ),
    Elsewhere("python docs/kills.py", "writes a page", ("tests/test_kills.py", "kills.py")),
    Elsewhere("python docs/speed.py", "takes minutes on a quiet machine", ("tests/docs/test_measured.py", "speed.py")),
    Elsewhere(
        "python tests/adversarial/table.py", "writes a page", ("tests/adversarial/test_hand_ins.py", "with_table(page")
    ),
    Elsewhere("course calibrate.*", "trains networks, or asks Keras what was trained", (CALIBRATION, '"calibrate"')),
    Elsewhere("course build 06_lenet", "imports Keras; make lint compares all", ("Makefile", "build --check")),
    Elsewhere("course selftest.* --seeds 1000", "takes an hour", ("Makefile", "SEEDS ?= 1000")),
)  # fmt: skip


def elsewhere(command: str) -> bool:
    """Whether a command is on the list."""
    return any(each.fits(command) for each in ELSEWHERE)
