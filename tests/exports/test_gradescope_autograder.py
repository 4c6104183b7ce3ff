"""The zip grades in a container laid out as Gradescope's, and says so where it cannot."""

import io
import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from results_schema import insist_on_the_specification

from autograder.exports.autograder_zip import autograder_zip, own_secret, write_private
from autograder.exports.in_gradescope import Place, find_notebook, main
from autograder.handin.notebook import UnreadableError
from autograder.handin.written import solved_cells, write_notebook

HERE = Path(__file__).parent
NAME, SECRET = "01_scaling", b"the secret of the course"
in_a_container = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can make one")

pytestmark = pytest.mark.jail


@pytest.fixture(scope="module")
def package(small_course):
    return autograder_zip(small_course, NAME, SECRET, "after_due_date")


@pytest.fixture
def submission(small_course, tmp_path):
    """Write what a student uploads; the answers are the right ones but for those given."""

    def submission(name="scaling.ipynb", **answers):
        folder = tmp_path / "upload"
        released = json.loads((small_course.assignments / NAME / "scaling.ipynb").read_text(encoding="utf-8"))
        write_notebook(folder / name, released, solved_cells(small_course.load(NAME)) | answers)
        return folder

    return submission


@pytest.fixture
def graded_there(package, tmp_path):
    """results.json and stdout of a run in the container."""

    def graded_there(upload, *options, zipped=package, then=None):
        (tmp_path / "autograder.zip").write_bytes(zipped)
        command = [sys.executable, HERE / "as_in_gradescope.py", *options, *(["--then", then] if then else [])]
        done = subprocess.run(
            [*map(str, command), tmp_path / "autograder.zip", upload, tmp_path], capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if "unshare: Operation not permitted" in done.stderr or "mount tmpfs" in done.stderr:
            pytest.skip("this root may not make namespaces, so it cannot make a container")
        assert done.returncode == 0, done.stdout + done.stderr
        if then:
            return None, done.stdout
        data = json.loads((tmp_path / "autograder/results/results.json").read_text())
        insist_on_the_specification(data)
        return data, done.stdout

    return graded_there


def changed(package, **files):
    """The zip with some of its files replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info, files.get(Path(info.filename).name.partition(".")[0], old.read(info)))
    return out.getvalue()


def test_the_zip_has_what_gradescope_asks_for_and_nothing_of_the_machine(package, small_course, tmp_path):
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        infos = {info.filename: info for info in archive.infolist()}
        texts = {name: archive.read(name) for name in infos}
    for script in ("setup.sh", "run_autograder"):
        assert texts[script].startswith(b"#!/usr/bin/env bash\n")
        assert stat.S_IMODE(infos[script].external_attr >> 16) == 0o755
        subprocess.run(["bash", "-n"], input=texts[script], check=True)
    assert {name.split("/")[2] for name in infos if name.startswith("course/")} == {NAME}
    assert not any("__pycache__" in name or name.endswith(".pyc") for name in infos)
    assert not any(SECRET in text or str(small_course.root).encode() in text for text in texts.values())
    assert autograder_zip(small_course, NAME, SECRET, "after_due_date") == package
    write_private(tmp_path / "a.zip", package)
    assert stat.S_IMODE((tmp_path / "a.zip").stat().st_mode) == 0o600


def test_each_assignment_has_a_secret_of_its_own():
    assert len({own_secret(SECRET, "a"), own_secret(SECRET, "b"), own_secret(b"x", "a"), SECRET.hex()}) == 4


@in_a_container
def test_a_right_submission_has_all_points_in_the_container(graded_there, submission):
    data, out = graded_there(submission())
    assert data["score"] == 10 and [test["status"] for test in data["tests"]] == ["passed"] * 3
    assert {test["visibility"] for test in data["tests"]} == {"after_due_date"}
    assert "10 of 10 points, jail landlock" in out and data["stdout_visibility"] == "hidden"


@in_a_container
def test_a_wrong_answer_is_told_in_words_and_scored_in_part(graded_there, submission):
    data, _ = graded_there(submission(scale="def scale(x, factor):\n    return x + factor"))
    by_name = {test["name"]: test for test in data["tests"]}
    assert data["score"] == 5 and by_name["scale"]["score"] == 0 and by_name["scale"]["status"] == "failed"
    assert "The factor is multiplied, not added." in by_name["scale"]["output"]


SPY = '''
import os, glob, ctypes
PLACES = ["/autograder/source/secret", "/autograder/source/course/solutions/01_scaling/rubric.py",
          "/autograder/source/grader.json", "/autograder/submission_metadata.json", "/autograder/results/results.json",
          "/autograder/source/setup.sh", "/opt/course/program/autograder/rubric/function.py"]
WAYS = ["", "/proc/self/root", "/proc/1/root", f"/proc/{os.getppid()}/root", "/proc/self/cwd/../../../.."]

def spy():
    """What can be had of all that a student must not see."""
    found = []
    for way in WAYS:
        for place in PLACES:
            try:
                with open(way + place, "rb") as file:
                    found.append((way + place, len(file.read())))
            except OSError:
                pass
            if ctypes.CDLL(None).open((way + place).encode(), 0) >= 0:
                found.append(way + place)
        for folder in ("/autograder", "/autograder/source", "/autograder/source/course", "/autograder/submission"):
            for listing in (os.listdir, lambda folder: glob.glob(folder + "/*")):
                try:
                    found += listing(way + folder)
                except OSError:
                    pass
    try:
        with open("/autograder/results/results.json", "w") as file:
            found.append("written")
    except OSError:
        pass
    return found
'''


@in_a_container
def test_a_hostile_notebook_reads_nothing_of_the_autograder(graded_there, submission):
    spying = f"{SPY}\ndef reverse(x):\n    found = spy()\n    return x[::-1].copy() if found else 1 / 0"
    data, _ = graded_there(submission(reverse=spying))
    by_name = {test["name"]: test for test in data["tests"]}
    assert by_name["reverse"]["score"] == 0 and "ZeroDivisionError" in by_name["reverse"]["output"]
    assert data["score"] == 7


@in_a_container
def test_without_the_jail_the_same_spy_would_find_it_all(graded_there, submission):
    _, out = graded_there(submission(), then=f"cat > /tmp/spy.py <<'END'\n{SPY}\nprint(len(spy()))\nEND\n"
                          "/opt/course/venv/bin/python /tmp/spy.py; rm /tmp/spy.py")  # fmt: skip
    assert int(out.split()[-1]) > 20


@in_a_container
def test_where_no_jail_can_be_had_it_is_said_and_nothing_is_run(graded_there, submission):
    data, out = graded_there(submission(), "--without-landlock")
    assert data["score"] == 0 and "gives the grader no jail" in data["output"]
    assert data["tests"][0]["name"] == "The grader" and data["tests"][0]["max_score"] == 10
    assert "No jail can be had in this container" in out


@in_a_container
@pytest.mark.parametrize(
    ("rubric", "said"),
    [("raise RuntimeError('a slip in the rubric')", "The grader failed."),
     ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "was stopped before it had finished"),
     ("import os\nos._exit(0)", "was stopped before it had finished"),
     ("raise SystemExit(0)", "The grader failed.")],
    ids=["an exception", "killed", "gone", "exit"],
)  # fmt: skip
def test_a_crash_of_the_grader_is_said_where_the_student_looks(graded_there, submission, package, rubric, said):
    data, out = graded_there(submission(), zipped=changed(package, rubric=rubric))
    assert data["score"] == 0 and said in data["output"] and said in data["tests"][0]["output"]
    assert "nothing about your work" in data["output"] and "slip" not in json.dumps(data)
    assert "slip" not in rubric or "a slip in the rubric" in out


def test_the_grader_in_the_container_needs_only_what_a_student_installs():
    """setup.sh installs locks/student.txt, in which there is no nbgrader, no jinja2 and no database."""
    code = (
        "import sys\n"
        "for name in ('jinja2', 'markupsafe', 'nbgrader', 'nbconvert', 'sqlalchemy', 'rapidfuzz', 'psycopg'):\n"
        "    sys.modules[name] = None\n"
        "import autograder.exports.in_gradescope"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.fixture
def place(package, tmp_path):
    """The same layout in a folder of our own, without a container."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        archive.extractall(tmp_path / "source")
    return Place(tmp_path / "source", tmp_path / "upload", tmp_path / "results" / "results.json")


def test_a_submission_that_cannot_be_read_is_told_why(place, submission):
    folder = submission()
    (folder / "scaling.ipynb").write_bytes(b"\x89PNG")
    main(place)
    data = json.loads(place.results.read_text())
    insist_on_the_specification(data)
    assert data["score"] == 0 and data["output"].startswith("Not graded: unreadable")


@pytest.mark.parametrize(
    ("files", "found"),
    [(["scaling.ipynb"], "scaling.ipynb"), (["other.ipynb"], "other.ipynb"),
     (["a/b/scaling.ipynb"], "a/b/scaling.ipynb"), (["x.ipynb", "deep/scaling.ipynb"], "deep/scaling.ipynb"),
     (["scaling.ipynb", "old/scaling.ipynb"], "scaling.ipynb"), (["__MACOSX/scaling.ipynb", "y.ipynb"], "y.ipynb"),
     ([".ipynb_checkpoints/scaling.ipynb", "y.ipynb"], "y.ipynb"),
     ([], "No notebook was handed in. Hand in scaling.ipynb."),
     (["a.ipynb", "b.ipynb"], "none is called scaling.ipynb"),
     (["1/2/3/4/5/scaling.ipynb"], "No notebook was handed in")],
)  # fmt: skip
def test_which_notebook_of_an_upload_counts(tmp_path, files, found):
    for each in files:
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_text("{}")
    if " " not in found:
        assert find_notebook(tmp_path, "scaling.ipynb") == tmp_path / found
    else:
        with pytest.raises(UnreadableError, match=found):
            find_notebook(tmp_path, "scaling.ipynb")


def test_a_link_to_the_solution_is_no_notebook(tmp_path):
    (tmp_path / "secret.ipynb").write_text("{}")
    upload = tmp_path / "upload"
    upload.mkdir()
    (upload / "scaling.ipynb").symlink_to(tmp_path / "secret.ipynb")
    with pytest.raises(UnreadableError, match="No notebook was handed in"):
        find_notebook(upload, "scaling.ipynb")
