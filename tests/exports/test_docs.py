"""Every command of docs/exports.md does what the page says, in a small class of another assignment's name."""

import re
import shlex
from pathlib import Path

import pytest

from autograder.exports.cells import as_csv

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")
COMMANDS = list(dict.fromkeys(re.findall(r"^ +course (.*)|`course ((?:export|gradescope) .*?)`", PAGE, re.MULTILINE)))

pytestmark = [pytest.mark.jail, pytest.mark.nbgrader]


@pytest.fixture(scope="module")
def rosters(graded):
    """What Canvas and Moodle hand out, under the names of the page."""
    canvas = ["Student", "ID", "SIS Login ID", "Section", "Scaling (88)"]
    worksheet = ["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)"]
    points = ["    Points Possible", "", "", "", 10]
    (graded.parent / "grades.csv").write_text(as_csv([canvas, points, ["A, Ada", "1", "ada", "S", ""]]))
    (graded.parent / "worksheet.csv").write_text(as_csv([worksheet, ["Participant 1", "Ada", "", "10.00", "-"]]))


@pytest.mark.parametrize("command", sorted({first or second for first, second in COMMANDS}))
def test_a_command_of_the_page_does_what_it_says(course_in, graded, rosters, command):
    arguments = shlex.split(command.replace("01_convolution", "01_scaling"))
    done = course_in(*arguments)
    assert done.returncode == 0, done.stderr
    written = re.search(r"[\w/.-]+\.(?:csv|json|zip)|\S*exports/gradescope", done.stdout)
    assert written and (graded.parent / written[0]).exists()


def test_the_page_is_not_without_commands():
    assert len(COMMANDS) >= 9
