"""A calibrated bar reaches the notebook, the check and the grader, and goes stale with its recipe."""

from __future__ import annotations

import dataclasses
import inspect
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.building.release import build, write
from autograder.calibration.proof import broken
from autograder.calibration.recipe import recipe_digest
from autograder.calibration.table import NotCalibrated, as_markdown, find, read_table, write_table
from autograder.calibration.trial import run_trial
from autograder.course import Course, CourseError
from autograder.handin.written import solved_files
from autograder.rubric.master import read_master

HERE = Path(__file__).parent
NAME = "01_small"


@pytest.fixture
def small(tmp_path: Path) -> Course:
    """A course with one calibrated question, as it is committed, in a place of its own."""
    shutil.copytree(HERE / "course" / "solutions", tmp_path / "solutions")
    return Course(tmp_path)


def test_the_notebook_shows_the_table_and_what_it_means(small: Course) -> None:
    write(small, build(small, small.load(NAME)))
    notebook = json.loads((small.assignments / NAME / "small.ipynb").read_text(encoding="utf-8"))
    text = "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    row = find(small.solutions / NAME, "small_net")
    assert "[calibration of" not in text
    assert f"| student | 10 | {row.mean:.2%} | {row.deviation:.2%} | {row.minimum:.2%} | **83%** |" in text
    assert row.device in text and row.date in text and "fewer than 1 of 200 runs" in text


def test_students_read_the_printed_bar_and_the_grader_asks_a_little_less(small: Course) -> None:
    assignment = small.load(NAME)
    question, row = assignment.rubric["small_net"], find(small.solutions / NAME, "small_net")
    public, fresh = assignment.public_sheet(question), assignment.fresh_sheet(question, b"secret")
    assert [case.inputs["at_least"] for case in public.cases] == [0.5, row.bar]
    assert [case.inputs["at_least"] for case in fresh.cases] == [0.5, row.graded]
    assert row.graded < row.bar < row.minimum
    assert list(public.points) == list(fresh.points) == ["50%", "83%"]


def test_the_kept_model_is_the_reference_and_nothing_is_trained(small: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    assignment = small.load(NAME)
    monkeypatch.setattr(keras.Model, "fit", None)
    kept = small.solutions / NAME / "trained" / "small_net.npz"
    assert solved_files(assignment) == {"small_net.npz": kept.read_bytes()}


def test_a_question_that_nobody_has_calibrated_cannot_be_built(small: Course) -> None:
    (small.solutions / NAME / "calibration.json").unlink()
    with pytest.raises((NotCalibrated, CourseError), match="course calibrate 01_small --mode student"):
        build(small, small.load(NAME))


def test_the_committed_table_is_of_this_recipe_by_the_rule(small: Course) -> None:
    assert list(broken(small.load(NAME), "small_net")) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("epochs=5", "epochs=6", "the recipe has changed"),
        ("BATCH = 50", "BATCH = 60", "the recipe has changed"),
        ('"""A trained model.', '"""Trained.', None),
        ("# Write `small_net", "# Please write `small_net", None),
    ],
)
def test_a_changed_recipe_wants_another_calibration(small: Course, old: str, new: str, said: str | None) -> None:
    path = small.solutions / NAME / "small.py"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    before = recipe_digest(read_master(path), "small_net")
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert (recipe_digest(read_master(path), "small_net") != before) is bool(said)
    assert [said in each for each in broken(small.load(NAME), "small_net")] == ([True] if said else [])


def test_a_bar_of_ones_own_is_noticed(small: Course) -> None:
    row = find(small.solutions / NAME, "small_net")
    write_table(small.solutions / NAME, dataclasses.replace(row, bar=row.bar - 0.05))
    assert any("do not follow from its runs" in each for each in broken(small.load(NAME), "small_net"))
    write_table(small.solutions / NAME, dataclasses.replace(row, seeds=(0, 1, 2)))
    assert any("3 runs are fewer than 10" in each for each in broken(small.load(NAME), "small_net"))


def test_a_run_with_the_same_seed_reaches_what_the_table_says(
    small: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trained here once more, on whatever machine this is: so to within a few images, not to the last one."""
    monkeypatch.setenv("COURSE_ROOT", str(small.root))
    row = find(small.solutions / NAME, "small_net")
    run_trial(NAME, "small_net", row.seeds[0], tmp_path / "run")
    found = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert found["accuracy"] == pytest.approx(row.accuracies[0], abs=0.02)
    assert found["images"] == row.images


@pytest.mark.slow
def test_the_command_trains_and_writes_and_goes_on_where_it_was_stopped(small: Course) -> None:
    folder = small.solutions / NAME
    (folder / "calibration.json").unlink()
    shutil.rmtree(folder / "trained")
    command = [sys.executable, "-m", "autograder.cli", "calibrate", NAME, "--seeds", "3", "--json"]
    environment = {**os.environ, "COURSE_ROOT": str(small.root)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    (row,) = json.loads(done.stdout)["calibrations"]
    assert len(row["accuracies"]) == 3 and row["bar"] <= min(row["accuracies"])
    assert (folder / "trained" / "small_net.npz").is_file()
    (runs,) = (small.root / "build" / "calibration" / NAME).iterdir()
    old = (runs / "0.json").stat().st_mtime_ns
    (runs / "1.json").unlink()
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert (runs / "0.json").stat().st_mtime_ns == old and (runs / "1.json").is_file()
    assert json.loads(again.stdout)["calibrations"][0]["accuracies"] == row["accuracies"]
    check = subprocess.run(
        [*command[:4], NAME, "--check"], env=environment, capture_output=True, text=True, check=False
    )
    assert check.returncode == 1 and "3 runs are fewer than 10" in check.stderr


def test_every_calibrated_question_of_the_course_has_a_table_that_holds(course: Course) -> None:
    from autograder.calibration.runs import calibrated_questions

    for name in course.names():
        if not (course.solutions / name / "calibration.json").is_file():
            source = inspect.cleandoc((course.solutions / name / "rubric.py").read_text(encoding="utf-8"))
            assert '"calibrated"' not in source, f"{name} has a calibrated band and no table"
            continue
        assignment = course.load(name)
        for question in calibrated_questions(assignment):
            assert list(broken(assignment, question)) == []
        assert {each.question for each in read_table(course.solutions / name)} == set(calibrated_questions(assignment))


def test_a_mode_that_nobody_has_measured_is_named_in_the_notebook_and_by_the_command(course: Course) -> None:
    rows = {each.mode for each in read_table(course.solutions / "06_lenet")}
    assert "full" not in rows, "then this test wants another mode"
    text = as_markdown(course.solutions / "06_lenet", "glyph_net")
    assert "| full | 0 |" in text and "| not calibrated |" in text
    assert "The mode `full` is not calibrated" in text
    command = [sys.executable, "-m", "autograder.cli", "calibrate", "06_lenet", "--check"]
    answer = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
    assert answer.returncode == 0 and "The mode `full` is not calibrated" in answer.stderr, answer.stderr
