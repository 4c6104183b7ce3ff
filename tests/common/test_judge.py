"""Outcomes in, points and words out; known mistakes are recognised, never guessed."""

from dataclasses import replace

import numpy as np

from common.calling import call
from common.cases import Case, Ended, KnownMistake, Outcome, Raised, Sheet, Status
from common.cases.judge import judge

X = np.array([1.0, 2.0, 3.0])


def case(name, group, factor):
    return Case(name, group, {"x": X, "factor": factor}, Outcome(X * factor))


CASES = (case("once", "small", 1), case("twice", "large", 2), case("thrice", "large", 3))


def mistake(name, say, *values):
    return KnownMistake(name, say, tuple(Outcome(value) for value in values))


IGNORED = mistake("ignored", "`factor` has no effect.", X, X, X)
SQUARED = mistake("squared", "`factor` is used twice.", X, X * 4, X * 9)
SHEET = Sheet("scale", {"small": 1.0, "large": 3.0}, CASES, (IGNORED, SQUARED))


def results(*values):
    return [value if isinstance(value, Outcome) else Outcome(value) for value in values]


def test_the_right_answer_earns_everything():
    result = judge(SHEET, results(X, 2 * X, 3 * X))
    assert (result.status, result.score, result.message) == (Status.PASSED, 4.0, "")


def test_each_group_earns_its_points_alone():
    assert judge(SHEET, results(X, 2 * X, 0 * X)).score == 1.0
    assert judge(SHEET, results(0 * X, 2 * X, 3 * X)).score == 3.0


def test_a_known_mistake_is_named():
    result = judge(SHEET, results(X, X, X))
    assert (result.status, result.mistake, result.advice) == (Status.PARTIAL, "ignored", "`factor` has no effect.")


def test_two_mistakes_at_once_are_explained_by_the_first_wrong_case():
    assert judge(SHEET, results(X, 4 * X, 0 * X)).mistake == "squared"


def test_two_meanings_that_cannot_be_told_apart_are_not_guessed_between():
    twin = mistake("twin", "Something else.", X, X, X)
    sheet = Sheet("scale", SHEET.points, CASES, (IGNORED, twin))
    assert judge(sheet, results(X, X, X)).advice == ""


def test_noise_gets_no_advice():
    assert judge(SHEET, results(X, 7 * X, 5 * X)).advice == ""


def test_a_right_result_that_changed_its_input_fails_and_says_so():
    changed = Outcome(2 * X, modified=("x",))
    result = judge(SHEET, results(X, changed, 3 * X))
    assert result.score == 1.0 and "`x` was changed in place" in result.message


def test_an_exception_shows_the_students_line():
    raised = Outcome(raised=Raised("IndexError", "out of bounds", 3, "return x[9]"))
    result = judge(SHEET, results(raised, raised, raised))
    assert result.status is Status.ERROR
    assert result.message == "once: your code raised IndexError: out of bounds (line 3: `return x[9]`)."


def test_an_array_of_one_value_used_as_a_number_is_explained():
    try:
        float(np.ones((1, 1)))
    except TypeError as problem:
        raised = Outcome(raised=Raised("TypeError", str(problem)))
    assert "take the value out with `.item()`" in judge(SHEET, [raised] * 3).message


def test_an_untouched_stub_is_missing_not_an_error():
    stub = Outcome(raised=Raised("NotImplementedError", line=3, source="    raise NotImplementedError"))
    assert judge(SHEET, [stub] * 3).status is Status.MISSING
    assert judge(SHEET, [Outcome(raised=Raised("NotImplementedError"))] * 3).status is Status.MISSING  # an empty entry


def test_a_librarys_not_implemented_is_an_error_with_the_students_line_not_a_missing_answer():
    raised = Raised(
        "NotImplementedError", "Layer Unit does not have a `call()` method implemented.", 7, "x = Unit()(x)"
    )
    result = judge(SHEET, [Outcome(raised=raised)] * 3)
    assert result.status is Status.ERROR
    assert "does not have a `call()`" in result.message and "(line 7: `x = Unit()(x)`)" in result.message
    silent = Raised("NotImplementedError", "", 7, "x = Unit()(x)")
    assert judge(SHEET, [Outcome(raised=silent)] * 3).status is Status.ERROR


def test_what_ended_a_process_is_the_status():
    for ended in Ended:
        assert judge(SHEET, [Outcome(ended=ended)] * 3).status == ended.value


def test_an_exception_can_be_the_right_answer():
    strict = Sheet("strict", {"all": 1.0}, (Case("no fit", "all", {"n": 7}, Outcome(raised=Raised("ValueError"))),))
    assert judge(strict, [Outcome(raised=Raised("ValueError", "7 does not fit"))]).score == 1.0
    assert judge(strict, [Outcome(raised=Raised("TypeError"))]).score == 0.0
    assert "should be raised" in judge(strict, [Outcome(3)]).message


def test_a_librarys_word_about_sizes_is_said_again_in_ours_where_layers_feed_layers():
    raised = Raised("ValueError", "Computed output size would be zero or negative. Received `inputs shape=…`")
    inputs = {"aspect": "function", "arguments": {"classes": 7}}
    model = Sheet("net", {"all": 1.0}, (Case("it runs", "all", inputs, Outcome(X)),), kind="model")
    assert "Should a layer before it have padded?" in judge(model, [Outcome(raised=raised)]).verdicts[0].why
    assert "layer before it" not in judge(SHEET, [Outcome(raised=raised)] * 3).verdicts[0].why


def test_an_exception_in_another_function_of_the_students_names_it():
    raised = Raised("IndexError", "out of bounds", 3, "return x[9]", inside="conv2d_transpose")
    why = judge(SHEET, [Outcome(raised=raised)] * 3).verdicts[0].why
    assert why == "your code raised IndexError: out of bounds (in `conv2d_transpose`, line 3: `return x[9]`)."
    own = replace(raised, inside=SHEET.question)
    assert "(line 3: `return x[9]`)" in judge(SHEET, [Outcome(raised=own)] * 3).verdicts[0].why


def test_a_function_that_is_called_and_not_written_yet_is_named():
    stub = Raised("NotImplementedError", line=3, source="    raise NotImplementedError", inside="conv2d_transpose")
    result = judge(SHEET, [Outcome(raised=stub)] * 3)
    assert result.status is Status.ERROR
    assert result.verdicts[0].why == "`conv2d_transpose`, which your code calls, is not written yet."


def test_a_question_that_ends_a_sentence_is_not_followed_by_a_full_stop():
    for outcome in (Outcome(ended=Ended.TIMEOUT), call(lambda: [0 for _ in iter(int, 1)], {}, seconds=0.05)):
        assert judge(SHEET, [outcome] * 3).verdicts[0].why.endswith("is there a loop that never ends?")


def test_beside_a_known_mistake_nothing_else_is_guessed():
    wrong = results(-X, -X, -X)
    sheet = replace(SHEET, mistakes=(KnownMistake("sign", "You subtract.", tuple(wrong)),))
    assert "wrong sign" in judge(SHEET, wrong).verdicts[0].why
    result = judge(sheet, wrong)
    assert result.advice == "You subtract." and "wrong sign" not in result.verdicts[0].why


def test_a_student_is_told_the_arguments_of_a_case_not_what_the_grader_adds():
    inputs = {"aspect": "function", "arguments": {"classes": 7}, "x": np.ones((2, 4)), "seed": 12, "most": 99}
    sheet = Sheet("net", {"all": 1.0}, (Case("it runs", "all", inputs, Outcome(X)),), kind="model")
    assert judge(sheet, results(0 * X)).verdicts[0].inputs == "classes 7, x (2, 4)"


def test_a_list_of_arrays_is_told_by_their_shapes():
    inputs = {"weights": [np.ones((5, 5, 1, 6)), np.ones(6)]}
    sheet = Sheet("run", {"all": 1.0}, (Case("it runs", "all", inputs, Outcome(X)),))
    assert judge(sheet, results(0 * X)).verdicts[0].inputs == "weights [(5, 5, 1, 6), (6,)]"
