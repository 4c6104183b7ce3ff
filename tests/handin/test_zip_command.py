"""`course grade class.zip`: the whole way from a platform's download to points."""

import json
import os
import subprocess
import sys

import pytest
from zips import packed, special

from autograder.handin.written import write_notebook

pytestmark = pytest.mark.jail


@pytest.fixture
def notebooks(tmp_path, released, solved):
    write_notebook(tmp_path / "solved.ipynb", released, solved)
    write_notebook(tmp_path / "one.ipynb", released, {"conv1d": solved["conv1d"]})
    return (tmp_path / "solved.ipynb").read_bytes(), (tmp_path / "one.ipynb").read_bytes()


def test_a_zip_is_graded_as_a_class_and_a_bad_member_is_a_result(tmp_path, course, notebooks, full):
    whole, one = notebooks
    members = [
        ("lovelaceada_LATE_1_20_convolution.ipynb", one),
        ("lovelaceada_LATE_1_21_convolution-1.ipynb", whole),
        ("ben_2_30_convolution.ipynb", one),
        (special("chen_3_40_convolution.ipynb"), b"/etc/passwd"),
        (special("ben_2_31_data.csv"), b"/etc/passwd"),
        ("dora_5_50_convolution.ipynb", b"no notebook"),
        (special("dora_5_51_data.csv"), b"/etc/passwd"),
        ("../../../evil.ipynb", whole),
    ]
    (tmp_path / "class.zip").write_bytes(packed(members))
    command = [sys.executable, "-m", "autograder.cli", "grade", "class.zip", "--assignment", "01_convolution", "--json"]
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    places = {"COURSE_ROOT": str(course.root), "TMPDIR": str(temporary)}
    outcomes = []
    for _ in range(2):  # the second time from what was kept
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env={**os.environ, **places})
        assert run.returncode == 0, run.stderr
        found = {each["student"]: each for each in json.loads(run.stdout)["submissions"]}
        assert {student: (each["status"], each["score"]) for student, each in found.items()} == {
            "lovelaceada_1": ("graded", full),
            "ben_2": ("graded", 5),
            "chen_3": ("unreadable", 0),
            "dora_5": ("unreadable", 0),
            "class.zip": ("unreadable", 0),
        }
        assert "a link or a device" in found["chen_3"]["reason"] and "(..)" in found["class.zip"]["reason"]
        assert [note for note in found["ben_2"]["repairs"] if "a link or a device" in note]
        assert [note for note in found["dora_5"]["repairs"] if "a link or a device" in note]
        assert len(found["ben_2"]["repairs"]) == len(set(found["ben_2"]["repairs"]))
        assert not [note for note in found["lovelaceada_1"]["repairs"] if "link" in note]
        outcomes.append((tmp_path / "graded/results.json").read_bytes())
    assert outcomes[0] == outcomes[1]
    assert not list(tmp_path.rglob("*evil*")) and not [each for each in temporary.iterdir() if "hand-ins" in each.name]
    assert (tmp_path / "graded/gradebook.db").is_file()
