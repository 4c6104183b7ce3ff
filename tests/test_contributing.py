"""CONTRIBUTING.md is true: its question, added as it says, builds and proves itself."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def blocks(text):
    """The indented blocks of a page, without their indentation."""
    found = re.findall(r"(?:^    .*\n|^\n)+", text, re.MULTILINE)
    return ["\n".join(line[4:] for line in block.splitlines()).strip("\n") for block in found if block.strip()]


@pytest.mark.jail
def test_the_question_of_the_page_can_be_added_as_it_says(tmp_path, full):
    for room in ("solutions", "assignments"):
        shutil.copytree(ROOT / room, tmp_path / room)
    page = blocks((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    (lesson,) = [block for block in page if "def mean_filter" in block]
    (question,) = [block for block in page if "mean_filter = Function" in block]
    (line,) = [block for block in page if block.startswith("from .questions.mean_filter")]

    master = tmp_path / "solutions/01_convolution/convolution.py"
    master.write_text(f"{master.read_text(encoding='utf-8')}\n{lesson}\n", encoding="utf-8")
    rubric = tmp_path / "solutions/01_convolution/rubric.py"
    (rubric.parent / "questions/mean_filter.py").write_text(f"{question}\n", encoding="utf-8")
    before, after = rubric.read_text(encoding="utf-8").split("assignment = Assignment(")
    listed = after.replace("    ],\n", "        mean_filter,\n    ],\n")
    rubric.write_text(f"{before}{line}\n\nassignment = Assignment({listed}", encoding="utf-8")

    for command in (["build", "01_convolution"], ["selftest", "01_convolution"]):
        run = subprocess.run(
            [sys.executable, "-m", "autograder.cli", *command],
            env={**os.environ, "COURSE_ROOT": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
    points = int(full) + 2
    assert re.search(rf"{points} of {points} +0 of {points}", run.stdout)
