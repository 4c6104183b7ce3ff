"""Of every kind: what was graded is not run again, and after a change to one question only that one is."""

import json

import pytest

from autograder.grading.kept import Kept
from autograder.grading.submission import grade_submission
from autograder.handin.inbox import Submission
from autograder.handin.written import solved_cells, solved_files, write_notebook
from autograder.rubric.trained import Trained

KINDS = {
    "03_pair": "pair",
    "04_values": "value",
    "05_model": "model",
    "06_layer": "layer",
    "07_trained": "trained",
    "08_training": "training",
    "09_written": "written",
    "10_average_pooling": "function",
}

pytestmark = pytest.mark.jail


class Counting:
    """The jails, counting how often one is asked for."""

    def __init__(self, jails):
        self.jails, self.count, self.engine, self.sandboxed = jails, 0, jails.engine, jails.sandboxed

    def with_packages(self, preload):
        self.count += 1
        return self.jails.with_packages(preload)


@pytest.mark.parametrize("name", KINDS)
def test_only_the_question_that_has_changed_is_run_again(small_course, planned, jails, tmp_path, name):
    plan = planned(name)
    assignment = plan.assignment
    assert KINDS[name] in {question.kind for question in plan.questions}
    path = tmp_path / f"{assignment.notebook}.ipynb"
    released = json.loads((small_course.assignments / name / path.name).read_text(encoding="utf-8"))
    note = {"cell_type": "markdown", "metadata": {}, "source": "I am proud of this."}
    longer = {**released, "cells": [*released["cells"], note]}
    answers, files = solved_cells(assignment), solved_files(assignment)

    def grade(answers, files, notebook=released):
        write_notebook(path, notebook, answers)
        for file, content in files.items():
            (tmp_path / file).write_bytes(content)
        counting = Counting(jails)
        with Kept(tmp_path / "kept.db") as kept:
            result = grade_submission(counting, plan, Submission("ada", name, path), kept)
        return [(each.question, each.status, each.score) for each in result.questions], counting.count

    run = [each for each in plan.questions if each.kind != "written"]
    first, ran = grade(answers, files)
    assert (ran > 0) == bool(run)
    assert grade(answers, files) == (first, 0)
    assert grade(answers, files, longer) == (first, 0)  # the hand-in is another one, its answers are not
    for question in run:
        if isinstance(question, Trained):
            changed = answers, files | {question.file: b"no model"}
        else:
            changed = answers | {question.name: answers[question.name] + "\n# changed"}, files
        assert grade(*changed)[1] == 1, question.name
        assert grade(*changed)[1] == 0, question.name
