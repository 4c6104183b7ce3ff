"""A student who follows the released README, in a new environment, gets a working check."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from autograder.course import find_course
from autograder.handin.written import solved_cells, write_notebook

NAME = "01_convolution"
CELLS = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
cells = [c for c in json.load(open(sys.argv[1]))["cells"] if c["cell_type"] == "code"][:5]
for cell in cells:
    shell.run_cell("".join(cell["source"])).raise_error()
import common, importlib.util
print(common.__file__)
print("grader:", importlib.util.find_spec("autograder"))
"""


@pytest.mark.slow
def test_the_two_commands_of_the_readme_make_the_first_cells_and_a_check_run(tmp_path: Path):
    from autograder.publish.release import release

    course = find_course()
    assert release(course, [NAME], tmp_path / "out", print) == []
    folder = tmp_path / "out" / NAME
    block = re.search(r"run\n\n((?:    .*\n)+)", (folder / "README.md").read_text())
    assert block
    commands = [line.strip() for line in block[1].splitlines()]
    assert len(commands) == 2
    bare = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH", "COURSE_ROOT")}
    for command in commands:
        subprocess.run(command, shell=True, cwd=folder, env=bare, check=True)
    solved = solved_cells(course.load(NAME))
    path = folder / "convolution.ipynb"
    write_notebook(path, json.loads(path.read_text(encoding="utf-8")), {"conv1d": solved["conv1d"]})
    ran = subprocess.run(
        [folder / ".venv/bin/python", "-c", CELLS, path.name],
        cwd=folder,
        env=bare | {"MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "conv1d" in ran.stdout and "5 of 5 points" in ran.stdout, ran.stdout
    assert "grader: None" in ran.stdout and str(folder / ".venv") in ran.stdout
