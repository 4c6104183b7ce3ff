"""The gradebook in PostgreSQL says what the one in SQLite says. A server of our own is started for it."""

import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.handin.written import mistaken_cell, write_notebook

SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    """The address of an empty database on loopback."""
    if not SERVERS:
        pytest.skip("PostgreSQL is not installed")
    binaries = SERVERS[-1].parent
    # The server refuses to run as root, and the folder must be its own.
    user = pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else None
    folder = Path(tempfile.gettempdir()) / f"course-postgres-{os.getpid()}"
    folder.mkdir(mode=0o700)
    if user:
        shutil.chown(folder, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command):
        subprocess.run([binaries / command[0], *command[1:]], check=True, user=user, capture_output=True, cwd="/")

    data = str(folder / "data")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder} -c fsync=off"
    try:
        run("initdb", "-D", data, "-U", "course", "--auth=trust", "--encoding=UTF8", "--no-sync")
        run("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "course", "gradebook")
            yield f"postgresql://course@127.0.0.1:{port}/gradebook"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def course_grade(folder, url, to):
    command = [sys.executable, "-m", "autograder.cli", "grade", "submitted", "--to", to, "--db", url]
    environment = {**os.environ, "COURSE_SECRET": "a secret of the tests"}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads((folder / to / "results.json").read_text())


def everything(url):
    """All that an export could say: scores, comments and what waits for a person."""
    with Gradebook(url) as gradebook:
        return {
            submission.student.id: (
                submission.score,
                sorted(
                    (grade.name, grade.auto_score, grade.needs_manual_grade) for grade in submission.notebooks[0].grades
                ),
                sorted((comment.name, comment.comment) for comment in submission.notebooks[0].comments),
            )
            for submission in gradebook.assignment_submissions("01_convolution")
        }


@pytest.mark.jail
@pytest.mark.nbgrader
def test_postgres_and_sqlite_hold_the_same(postgres, tmp_path, released, solved, convolution, full):
    (mistake,) = [each for each in convolution.rubric["conv2d"].mistakes if each.name == "bias forgotten"]
    answers = {
        "ada": solved,
        "ben": solved | {"conv2d": mistaken_cell(convolution, "conv2d", mistake)},
        "chen": solved | {"conv2d": "def conv2d(*a):\n    print('\\0')\n    raise ValueError('\\0 quote\\' \" ☃')"},
        "dora": {},
    }
    for student, cells in answers.items():
        write_notebook(tmp_path / f"submitted/{student}/01_convolution/convolution.ipynb", released, cells)
    sqlite = f"sqlite:///{tmp_path / 'gradebook.db'}"
    assert course_grade(tmp_path, sqlite, "by-sqlite") == course_grade(tmp_path, postgres, "by-postgres")
    assert everything(postgres) == everything(sqlite)
    assert [row[0] for row in everything(postgres).values()].count(full) == 1
    # Again, with results known: nothing changes.
    course_grade(tmp_path, postgres, "by-postgres")
    assert everything(postgres) == everything(sqlite)


@pytest.mark.nbgrader
def test_a_server_that_is_not_there_is_one_sentence(tmp_path, released, solved):
    write_notebook(tmp_path / "submitted/ada/01_convolution/convolution.ipynb", released, solved)
    with socket.socket() as probe:  # a port where nobody listens
        probe.bind(("127.0.0.1", 0))
        url = f"postgresql://course@127.0.0.1:{probe.getsockname()[1]}/gradebook"
        command = [sys.executable, "-m", "autograder.cli", "grade", "submitted", "--db", url]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 1 and run.stderr.startswith("course: The gradebook cannot be used")
    assert "Traceback" not in run.stderr
