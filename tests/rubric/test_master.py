"""Masters are jupytext percent scripts; our small reader sees in them what jupytext sees."""

from pathlib import Path

import jupytext
import pytest

from autograder.course import find_course
from autograder.rubric.master import Role, read_master, without_markers

MASTERS = sorted(path for path in find_course().solutions.glob("*/*.py") if path.name != "rubric.py")


@pytest.mark.parametrize("path", MASTERS, ids=lambda path: path.stem)
def test_the_reader_agrees_with_jupytext_on_every_master(path: Path):
    theirs = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells
    ours = read_master(path).cells
    assert [cell.source for cell in ours] == [cell.source for cell in theirs]
    assert [cell.role is Role.TEXT for cell in ours] == [cell.cell_type == "markdown" for cell in theirs]
    assert [list(cell.tags) for cell in ours] == [cell.metadata.get("tags", []) for cell in theirs]


@pytest.fixture
def master(tmp_path):
    path = tmp_path / "m.py"
    path.write_text(
        "# %% [markdown]\n# # Title\n#\n# Text.\n\n# %%\nimport numpy as np\n\n"
        '# %%\ndef f(x):\n    """Doc."""\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n\n\n'
        '# %%\ncheck(f)\n\n# %% tags=["experiment"]\nplot(f(3))\n'
    )
    return read_master(path)


def test_every_cell_has_its_role(master):
    assert [cell.role for cell in master.cells] == [
        Role.TEXT,
        Role.GIVEN,
        Role.SOLUTION,
        Role.CHECK,
        Role.EXPERIMENT,
    ]


def test_a_solution_is_found_by_what_it_defines(master):
    cell = master.solution_cell("f")
    assert without_markers(cell.source) == 'def f(x):\n    """Doc."""\n    return x'
    with pytest.raises(ValueError, match="0 solution cells define 'g'"):
        master.solution_cell("g")
