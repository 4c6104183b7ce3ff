"""What is passed on is what the gradebook has now, with the penalties that the deadlines' file has now."""

import pytest

from autograder.exports.class_folder import read_marks
from autograder.exports.mark import ExportError

pytestmark = [pytest.mark.jail, pytest.mark.nbgrader]


def of(marks, student):
    (found,) = [each for each in marks if each.student == student]
    return found


def test_scores_are_those_of_the_gradebook_and_of_people(marks):
    assert of(marks, "ada").score == of(marks, "ada").max_score > 0
    assert 0 < of(marks, "ben").score < of(marks, "ben").max_score
    assert of(marks, "emil").score == 2 and of(marks, "emil").waiting == 0
    assert of(marks, "frida").score == 0 and of(marks, "frida").waiting == 1
    assert not of(marks, "dora").graded and of(marks, "dora").questions == ()


def test_penalties_follow_the_file_without_grading_again(small_course, graded, marks, tmp_path):
    late = of(marks, "ben")
    assert late.late.days == 2 and late.penalty == round(late.score * 0.2, 4)
    assert late.final_score == round(late.score - late.penalty, 4)
    assert of(marks, "ada").penalty == 0
    stood = (graded / "deadlines.toml").read_text()
    try:
        (graded / "deadlines.toml").write_text(stood.replace("= 10", "= 50"))
        assert of(read_marks(small_course, graded), "ben").final_score == 0
    finally:
        (graded / "deadlines.toml").write_text(stood)


def test_words_of_the_grader_stay_with_the_score_that_they_explain(marks):
    (written,) = of(marks, "emil").questions
    assert written.score == 2 and written.verdict == written.comment == ""
    (waiting,) = of(marks, "frida").questions
    assert waiting.verdict == "manual" and "For the person who marks" not in waiting.comment
    assert "the weights are learned" not in waiting.comment
    assert of(marks, "ben").questions[0].message


def test_a_folder_without_a_gradebook_is_refused_in_a_sentence(small_course, tmp_path):
    with pytest.raises(ExportError, match=r"no gradebook\.db"):
        read_marks(small_course, tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_assignment_that_nobody_handed_in_is_refused(small_course, graded):
    with pytest.raises(ExportError, match="There is 01_scaling, 09_written"):
        read_marks(small_course, graded, assignment="02_other")
