"""Answers of one hand-in share a process where none can change what another one gives; nobody loses a point by it."""

import dataclasses

import pytest

from autograder.grading import submission
from autograder.grading.plan import make_plan
from autograder.handin.inbox import Submission
from autograder.handin.written import mistaken_cell, write_notebook

pytestmark = pytest.mark.jail


@pytest.fixture(scope="module")
def plan(course):
    return make_plan(course, "01_convolution", b"a secret of the tests")


@pytest.fixture
def grade(jails, plan, released, tmp_path):
    """Grade answers; gives the questions by name and how many processes were begun."""

    class Counting:
        def __init__(self):
            self.begun, self.engine, self.sandboxed = 0, jails.engine, jails.sandboxed

        def with_packages(self, preload):
            self.jail = jails.with_packages(preload)
            return self

        def session(self, *arguments, **more):
            self.begun += 1
            return self.jail.session(*arguments, **more)

    def grade(answers):
        path = tmp_path / "convolution.ipynb"
        write_notebook(path, released, answers)
        counting = Counting()
        result = submission.grade_submission(counting, plan, Submission("ada", "01_convolution", path))
        return {each.question: dataclasses.replace(each, seconds=0.0) for each in result.questions}, counting.begun

    return grade


def scores(questions):
    return {name: each.score for name, each in questions.items()}


def test_right_answers_take_one_process(grade, solved):
    questions, begun = grade(solved)
    assert begun == 1 and all(each.score == each.max_score for each in questions.values())


def test_a_known_mistake_takes_no_second_process(grade, solved, convolution):
    mistake = convolution.rubric["conv2d"].mistakes[0]
    questions, begun = grade(solved | {"conv2d": mistaken_cell(convolution, "conv2d", mistake)})
    assert begun == 1 and [each.mistake for each in questions.values() if each.mistake] == [mistake.name]


def test_an_answer_that_is_wrong_in_another_way_is_run_again_alone(grade, solved):
    unheard_of = "def conv2d(x, w, b, stride=1, padding=0):\n    return np.full((1, 2, 3), x.sum() + w.max())"
    questions, begun = grade(solved | {"conv2d": unheard_of})
    assert begun == 2 and questions["conv2d"].score == 0


def test_a_mistake_that_explains_some_cases_only_is_run_again_alone(grade, solved):
    name, _, body = solved["conv_output_shape"].partition(":\n")
    sometimes = f"{name}:\n    if not padding:\n        stride = 1\n{body}"
    questions, begun = grade(solved | {"conv_output_shape": sometimes})
    assert begun == 2 and questions["conv_output_shape"].score < questions["conv_output_shape"].max_score


def test_alone_and_together_every_answer_gets_the_same(grade, solved, convolution, monkeypatch):
    mistaken = {
        each.name: mistaken_cell(convolution, each.name, each.mistakes[number % len(each.mistakes)])
        for number, each in enumerate(convolution.rubric.questions)
        if number % 2
    }
    answers = (solved, solved | mistaken)
    together = [grade(each)[0] for each in answers]
    monkeypatch.setattr(submission, "expected_together", lambda jails, answers, given: [])
    alone = [grade(each) for each in answers]
    assert [begun for _, begun in alone] == [len(solved)] * 2
    assert together == [questions for questions, _ in alone]


MEDDLERS = [
    "np.zeros = None",
    "np.random.seed(0)\nnp.seterr(all='raise')",
    "import builtins\nbuiltins.range = None",
    "import sys\nsys.modules['numpy'] = None",
    "import threading\nthreading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()",
    "import common.cases.case\ncommon.wire.pack = None",
]


@pytest.mark.parametrize("meddling", MEDDLERS)
def test_an_answer_that_reaches_outside_is_alone_and_spoils_nothing(grade, solved, meddling):
    questions, begun = grade(solved | {"same_padding": f"{solved['same_padding']}\n{meddling}"})
    assert begun >= 2  # one for the others, and its own
    expected = {name: each.max_score for name, each in questions.items() if name != "same_padding"}
    assert {name: score for name, score in scores(questions).items() if name != "same_padding"} == expected


def test_what_an_answer_prints_stands_with_its_own_question(grade, solved):
    telling = solved["same_padding"].replace("return", "print('here am I', 'x' * 100_000)\n    return")
    questions, begun = grade(solved | {"same_padding": telling})
    assert begun == 2 and {name for name, each in questions.items() if each.output} == {"same_padding"}
    assert questions["same_padding"].output.startswith("here am I xxx")
    assert scores(questions) == {name: each.max_score for name, each in questions.items()}


def test_a_warning_is_given_to_every_answer_that_earns_it(grade, solved):
    warned = {}
    for name in ("conv1d", "same_padding"):
        head, end, body = solved[name].partition('"""\n')
        warned[name] = f"{head}{end}    np.mean(np.zeros(0))\n{body}"
    questions, _ = grade(solved | warned)
    assert {name for name, each in questions.items() if "Mean of empty slice" in each.output} == set(warned)


def test_one_that_ends_the_process_costs_nobody_else_a_point(grade, solved):
    greedy = "def same_padding(n, k, s):\n    return np.zeros(10**12).sum()"
    deep = "def same_padding(n, k, s):\n    x = []\n    for _ in range(10**6):\n        x = [x]\n    return x == x"
    for ending in (greedy, deep, "def same_padding(n, k, s):\n    return undefined(n)"):
        questions, _ = grade(solved | {"same_padding": ending})
        assert [name for name, each in questions.items() if each.score < each.max_score] == ["same_padding"]
