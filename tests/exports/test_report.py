"""`course report` says where the class page is, and opens it only where somebody can see it."""

import json
import os
import pty
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.jail, pytest.mark.nbgrader]
REPORT = [sys.executable, "-m", "autograder.cli", "report", "graded"]


def test_the_last_line_is_the_path_of_the_page_and_nothing_is_coloured(course_in, graded):
    done = course_in("report")
    assert done.returncode == 0 and "\x1b" not in done.stdout
    first, last = done.stdout.splitlines()
    assert first == "7 hand-ins, 6 graded, 1 not graded"
    assert last == str(graded / "report" / "class.html")
    assert (graded / "report" / "similar.html").is_file()


def test_json_for_machines(course_in, graded):
    found = json.loads(course_in("report", "graded", "--json").stdout)
    assert found == {"page": str(graded / "report/class.html"), "feedback_pages": 7, "hand_ins": 7, "graded": 6}


def on_a_terminal(cwd, **environment):
    """What the command shows on a terminal, and which addresses it opens in the browser that is set there."""
    opened = cwd / "opened"
    opened.unlink(missing_ok=True)
    browser = cwd / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        run = subprocess.Popen(REPORT, cwd=cwd, env={**clean, "BROWSER": str(browser), **environment}, stdout=theirs)
        os.close(theirs)
        shown = b""
        try:
            while part := screen.read(4096):
                shown += part
        except OSError:  # how a terminal says that nobody writes to it any more
            pass
        assert run.wait() == 0
    return shown.decode(), opened.read_text().strip() if opened.exists() else None


def test_on_a_desktop_it_opens_and_on_a_terminal_it_is_coloured(graded):
    shown, opened = on_a_terminal(graded.parent, DISPLAY=":0")
    assert "\x1b[" in shown and opened == (graded / "report/class.html").as_uri()
    shown, opened = on_a_terminal(graded.parent)
    assert "\x1b[" in shown and opened is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["report", "nowhere"], "There is no class page in 'nowhere'"),
     (["export", "nowhere", "--format", "csv"], "There is no gradebook.db in 'nowhere'"),
     (["gradescope", "99_nothing"], "There is no assignment '99_nothing'")],
)  # fmt: skip
def test_what_cannot_be_done_is_one_sentence(small_course, graded, arguments, said):
    environment = {**os.environ, "COURSE_ROOT": str(small_course.root)}
    command = [sys.executable, "-m", "autograder.cli", *arguments]
    done = subprocess.run(command, cwd=graded.parent, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stderr.startswith(f"course: {said}") and done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--format", "canvas"], "needs --roster"),
     (["--format", "csv", "--roster", "x.csv"], "--roster is for canvas and moodle"),
     (["--format", "moodle", "--roster", "x.csv", "--column", "A"], "--assignment"),
     (["--format", "gradescope", "--to", "-"], "give a folder by --to"), ([], "--format"),
     (["--format", "xls"], "xls")],
)  # fmt: skip
def test_wrong_use_is_told_apart(course_in, options, said):
    done = course_in("export", *options)
    assert done.returncode == 2 and said in done.stderr and done.stdout == ""
