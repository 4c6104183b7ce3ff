"""The gradebook in PostgreSQL says what the one in SQLite says. A server of our own is started for it."""

import csv
import json
import os
import pwd
import shutil
import socket
import sqlite3
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
    rows = export(postgres, tmp_path)
    assert rows == export(sqlite, tmp_path) and [float(row["raw_score"]) for row in rows].count(full) == 1
    assert course_export(postgres, "by-postgres", tmp_path) == course_export(sqlite, "by-sqlite", tmp_path)
    # Again, with results known: nothing changes.
    course_grade(tmp_path, postgres, "by-postgres")
    assert everything(postgres) == everything(sqlite)


def export(url, folder):
    """What `nbgrader export` writes, by student: it asks the database for no order."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", "export", "--to", "grades.csv", f"--CourseDirectory.db_url={url}"]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    with (folder / "grades.csv").open(newline="") as file:
        return sorted(csv.DictReader(file), key=lambda row: row["student_id"])


def course_export(url, to, folder):
    """What `course export` passes on of these four, whoever else is in the database."""
    command = [sys.executable, "-m", "autograder.cli", "export", to, "--format", "json", "--to", "-", "--db", url]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)["submissions"]
    assert {each["student"] for each in found} == {"ada", "ben", "chen", "dora"}
    return found


def type_in(url, student, score):
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("check_conv2d", "convolution", "01_convolution", student)
        grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.db.commit()


@pytest.mark.jail
@pytest.mark.nbgrader
def test_a_regrade_is_marked_and_keeps_what_a_person_typed_in(postgres, tmp_path, released, solved, convolution, full):
    (mistake,) = [each for each in convolution.rubric["conv2d"].mistakes if each.name == "bias forgotten"]
    wrong = solved | {"conv2d": mistaken_cell(convolution, "conv2d", mistake)}
    urls = {"by-sqlite": f"sqlite:///{tmp_path / 'gradebook.db'}", "by-postgres": postgres}
    for student in ("eve", "finn"):
        write_notebook(tmp_path / f"submitted/{student}/01_convolution/convolution.ipynb", released, wrong)
    first = {}
    for to, url in urls.items():
        first[to] = {each["student"]: each["score"] for each in course_grade(tmp_path, url, to)["submissions"]}
        type_in(url, "eve", 9.5)
    write_notebook(tmp_path / "submitted/eve/01_convolution/convolution.ipynb", released, solved)
    for to, url in urls.items():
        eve, finn = course_grade(tmp_path, url, to)["submissions"]
        changed = {each["name"]: each["before"] for each in eve["questions"] if "before" in each}
        before = changed["conv2d"]
        assert list(changed) == ["conv2d"] and not any("before" in each for each in finn["questions"])
        others = full - 10
        assert (eve["score"], before["score"], before["verdict"]) == (full, first[to]["eve"] - others, "partial")
        assert everything(url)["eve"][0] == others + 9.5  # the person's score counts
        comment = dict(everything(url)["eve"][2])["conv2d"].splitlines()
        assert comment[1] == f"Graded again: before, it had {before['score']:g} points (partial)."
        with Gradebook(url) as gradebook:
            grade = gradebook.find_grade("check_conv2d", "convolution", "01_convolution", "eve")
            assert (grade.auto_score, grade.manual_score, grade.needs_manual_grade) == (10, 9.5, True)
        report = tmp_path / to / "report"
        assert f"conv2d was {before['score']:g}" in (report / "class.html").read_text()
        (page,) = report.glob("feedback/eve-*.html")
        assert "Graded again: before, it had" in page.read_text()
        with sqlite3.connect(tmp_path / to / "kept.db") as log:
            rows = log.execute("SELECT score, rubric, secret FROM log WHERE student = 'eve' AND question = 'conv2d'")
            (old, rubric, secret), (new, *same) = rows.fetchall()
            assert (old, new, same) == (before["score"], 10, [rubric, secret])
            assert (len(rubric), len(secret)) == (64, 12)
        # Once more, with nothing new: the mark stays.
        again = course_grade(tmp_path, url, to)["submissions"][0]["questions"]
        assert [each["before"] for each in again if "before" in each] == [before]
    rows = [row for row in export(postgres, tmp_path) if row["student_id"] in ("eve", "finn")]
    assert rows == export(urls["by-sqlite"], tmp_path) and float(rows[0]["raw_score"]) == others + 9.5


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
