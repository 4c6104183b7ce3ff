"""results.json is as Gradescope's specification has it, and all that a student wrote is text in it."""

import json

import pytest
from hostile_marks import NASTY, mark, marks
from hypothesis import given, settings
from results_schema import insist_on_the_specification

from autograder.cli.export import Asked, _write_results
from autograder.exports import VISIBILITIES
from autograder.exports.gradescope import results


@given(marks)
@settings(max_examples=40, deadline=None)
def test_every_hand_in_gives_what_the_specification_says(mark):
    for visibility in VISIBILITIES:
        data = json.loads(json.dumps(results(mark, visibility)))
        insist_on_the_specification(data)
        assert {test["visibility"] for test in data["tests"]} <= {visibility}
        assert len(data["tests"]) == len(mark.questions)
    assert data["score"] == pytest.approx(mark.final_score, abs=1e-3)


@given(marks)
@settings(max_examples=40, deadline=None)
def test_what_a_student_wrote_is_text_in_which_everything_can_be_seen(mark):
    data = results(mark)
    assert data["output_format"] == data["test_output_format"] == data["test_name_format"] == "text"
    for test in data["tests"]:
        assert test["name_format"] == test["output_format"] == "text"
        assert not set(test["name"]) & set("\0\r\n\u202e\u200b") and not set(test["output"]) & set("\0\r\u202e\u200b")
        assert len(test["output"]) <= 8000 and len(test["name"]) <= 200


def test_the_schema_would_find_what_is_wrong():
    good = results(mark("ada"))
    insist_on_the_specification(good)
    for broken in ({"score": "10"}, {"visibility": "secret"}, {"points": 1}, {"output": None}, {"score": True}):
        with pytest.raises(AssertionError):
            insist_on_the_specification(good | broken)
    with pytest.raises(AssertionError):
        insist_on_the_specification({"tests": [{"max_score": 1}]})


def test_no_name_leads_out_of_the_folder(tmp_path):
    names = [
        *(each for each in NASTY if each.isprintable() or "\ud800" not in each),
        "../../up",
        "/etc/passwd",
        "a/b",
        ".",
    ]
    made = [mark(name, assignment=other) for name in names for other in ("01_convolution", "../x")]
    asked = Asked("gradescope", None, None, False, False, False, "visible")
    assert _write_results(made, tmp_path / "out", asked) == len(made)
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(found) == len(made) and all(path.parent.parent.parent == tmp_path / "out" for path in found)


@pytest.mark.jail
@pytest.mark.nbgrader
def test_a_really_graded_class_as_files(course_in, graded):
    done = course_in("export", "--format", "gradescope", "--visibility", "after_published", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    files = sorted((graded / "exports" / "gradescope").rglob("*"))
    files = [path for path in files if path.is_file()]
    assert said["files"] == len(files) == said["hand_ins"] == 7
    for path in files:
        data = json.loads(path.read_text())
        insist_on_the_specification(data)
        assert {test["visibility"] for test in data["tests"]} <= {"after_published"}
    by_student = {path.parent.name: json.loads(path.read_text()) for path in files}
    assert by_student["ada"]["score"] == 10 and all(t["status"] == "passed" for t in by_student["ada"]["tests"])
    assert by_student["ben"]["score"] == 6.4 and "2 days late" in by_student["ben"]["output"]
    assert (
        by_student["ben"]["tests"][0]["status"] == "failed"
        and "NO   a few values" in by_student["ben"]["tests"][0]["output"]
    )
    assert "Not graded: unreadable" in by_student["dora"]["output"] and by_student["dora"]["score"] == 0
    assert "status" not in by_student["frida"]["tests"][0]
    earned = course_in("export", "--format", "gradescope", "--score", "earned", "--to", "earned")
    assert earned.returncode == 0
    assert json.loads((graded.parent / "earned/01_scaling/ben/results.json").read_text())["score"] == 8
