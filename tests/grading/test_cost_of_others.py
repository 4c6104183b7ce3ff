"""What an assignment costs does not depend on the others of its course."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from autograder.building.release import build, write
from autograder.course import Course
from autograder.handin.written import solved_cells, write_notebook

ROOT = Path(__file__).resolve().parent.parent.parent
NUMPY, KERAS = "10_average_pooling", "05_model"
GRADE = """
import sys
from autograder.cli import main
sys.argv[1:] = ["grade", "submitted"]
try:
    main()
except SystemExit as ended:
    assert not ended.code
sys.exit(f"{found} was imported" if (found := {"keras", "tensorflow"} & set(sys.modules)) else 0)
"""


def test_numpy_hand_ins_are_graded_without_keras_in_a_course_that_also_has_keras(tmp_path: Path) -> None:
    masters = ROOT / "tests" / "questions" / "solutions"
    for name in (NUMPY, KERAS):
        (tmp_path / "solutions" / name).mkdir(parents=True)
        for file in (masters / name).glob("*.py"):
            (tmp_path / "solutions" / name / file.name).write_bytes(file.read_bytes())
    course = Course(tmp_path)
    pooling = course.load(NUMPY)
    write(course, build(course, pooling))
    released = course.assignments / NUMPY / f"{pooling.notebook}.ipynb"
    hand_in = tmp_path / "submitted" / "ada" / NUMPY / released.name
    write_notebook(hand_in, json.loads(released.read_text(encoding="utf-8")), solved_cells(pooling))

    environment = {**os.environ, "COURSE_ROOT": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", GRADE], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (
        json.loads((tmp_path / "graded" / "results.json").read_text())["submissions"][0]["score"]
        == pooling.rubric.points
    )
