"""What a student's check() does with the public cases of the questions that need Keras: plain data, same verdicts."""

from __future__ import annotations

import pytest

from common.cases.frozen import FILE, thaw
from common.cases.judge import judge
from common.kinds import try_out

NAMES = ("05_model", "06_layer", "08_training")


@pytest.mark.parametrize("name", [pytest.param(NAMES[0], marks=pytest.mark.slow), *NAMES[1:]])
def test_frozen_cases_judge_as_those_they_were_made_of(name, built, small_course):
    assignment = built(name)
    sheets = thaw(small_course.assignments / name / FILE)
    for question in assignment.rubric.questions:
        sheet, mistake = sheets[question.name], question.mistakes[0]
        right = judge(sheet, try_out(assignment.reference[question.name], sheet))
        assert right.score == question.points, right.message
        wrong = judge(sheet, try_out(assignment.reference.mistaken(question.name, mistake), sheet))
        assert wrong.score < question.points
        assert wrong.advice == mistake.say


def test_a_notebook_is_scored_by_the_file_it_saved(built, small_course, tmp_path, monkeypatch):
    assignment = built("07_trained")
    sheet = thaw(small_course.assignments / "07_trained" / FILE)["digits_net"]
    monkeypatch.chdir(tmp_path)

    def digits_net():
        raise AssertionError("check must not train")

    digits_net.__module__ = "__main__"
    without = judge(sheet, try_out(digits_net, sheet))
    assert "saved no file digits_net.npz: run the cell that saves it" in without.message

    from common.models.trained import save_trained

    save_trained(assignment.reference["digits_net"](), "digits_net.npz")
    assert judge(sheet, try_out(digits_net, sheet)).score == sheet.max_score


@pytest.mark.slow
def test_all_of_a_keras_sheet_is_plain_data(built):
    from common.wire import pack

    for name in (*NAMES, "07_trained"):
        assignment = built(name)
        for question in assignment.rubric.questions:
            for case in assignment.public_sheet(question).cases:
                assert pack(0, [dict(case.inputs), case.expected.value])
