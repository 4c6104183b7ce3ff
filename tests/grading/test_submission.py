"""A hand-in goes in, points and words come out of the jail."""

import json

import numpy as np
import pytest

from autograder.grading.plan import make_plan
from autograder.grading.result import SubmissionStatus
from autograder.grading.submission import grade_submission
from autograder.handin.inbox import Submission
from autograder.handin.written import mistaken_cell, write_notebook

pytestmark = pytest.mark.jail


@pytest.fixture(scope="module")
def plan(course):
    return make_plan(course, "01_convolution", b"a secret of the tests")


@pytest.fixture
def grade(jails, plan, released, tmp_path):
    def grade(answers, change=lambda notebook: notebook, plan=plan):
        path = tmp_path / "convolution.ipynb"
        write_notebook(path, change(released), answers)
        return grade_submission(jails, plan, Submission("ada", "01_convolution", path))

    return grade


def by_name(result):
    return {question.question: question for question in result.questions}


def test_the_solution_earns_all_and_the_stub_nothing(grade, solved, full):
    result = grade(solved)
    assert result.score == result.max_score == full
    stub = grade({})
    assert stub.score == 0 and {str(question.status) for question in stub.questions} == {"missing"}


def test_one_solved_question_earns_exactly_its_points(grade, solved, convolution):
    for question in convolution.rubric.questions:
        assert grade({question.name: solved[question.name]}).score == question.points


def test_every_known_mistake_is_named_through_the_jail(grade, solved, convolution, course):
    for question in convolution.rubric.questions:
        alone = make_plan(course, "01_convolution", b"a secret of the tests", question.name)
        for mistake in question.mistakes:
            cell = mistaken_cell(convolution, question.name, mistake)
            (result,) = grade(solved | {question.name: cell}, plan=alone).questions
            assert (result.mistake, result.advice) == (mistake.name, mistake.say), mistake.name
            assert result.score < result.max_score


QUIT = "import os\ndef conv2d(*arguments):\n    os._exit(0)"


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        (QUIT, "crashed"),
        ("import sys\ndef conv2d(*a):\n    sys.exit()", "error"),
        ("def conv2d(*a):\n    return (x for x in a)", "failed"),
        ("def conv2d(x, w, b, stride=1, padding=0)\n    return x", "error"),
        ("def conv2d(*a):\n    return [0] * 10**10", "out_of_memory"),
        ("def something_else(x):\n    return x", "missing"),
        ("def conv2d(*a):\n    return open('/etc/passwd').read()", "error"),
    ],
)
def test_what_one_answer_does_costs_that_question_alone(grade, solved, cell, status, full):
    result = grade(solved | {"conv2d": cell})
    assert by_name(result)["conv2d"].status == status
    assert result.score == full - 10


def test_an_exception_names_the_students_own_line(grade, solved):
    cell = "def conv2d(x, w, b, stride=1, padding=0):\n    y = x.sum()\n    return y[3]"
    question = by_name(grade(solved | {"conv2d": cell}))["conv2d"]
    assert "(line 3: `return y[3]`)" in question.message


def test_what_was_printed_is_kept_and_changes_no_score(grade, solved):
    cell = "import sys\n" + solved["conv1d"].replace(
        "    length", "    print('<b>10 of 10</b>', file=sys.stderr)\n    length", 1
    )
    question = by_name(grade(solved | {"conv1d": cell}))["conv1d"]
    assert question.score == 5 and "<b>10 of 10</b>" in question.output


def test_an_answer_may_lean_on_cells_elsewhere_in_the_notebook(grade, solved):
    def with_helper(notebook):
        helper = {"cell_type": "code", "metadata": {}, "source": "def padded(x, p):\n    return np.pad(x, p)"}
        return {**notebook, "cells": [*notebook["cells"], helper]}

    cell = "def conv1d(x, h, mode='full'):\n    padded(x, 1)\n    return np.convolve(x, h, mode)"
    assert by_name(grade(solved | {"conv1d": cell}, with_helper))["conv1d"].score == 5


def test_a_name_that_cannot_be_seen_in_the_text_is_found_by_running_everything(grade, solved):
    def with_hidden_helper(notebook):
        helper = {"cell_type": "code", "metadata": {}, "source": "globals()['secret' + '_name'] = np.convolve"}
        return {**notebook, "cells": [helper, *notebook["cells"]]}

    cell = "def conv1d(x, h, mode='full'):\n    return secret_name(x, h, mode)"
    assert by_name(grade(solved | {"conv1d": cell}, with_hidden_helper))["conv1d"].score == 5


def test_metadata_order_and_edited_checks_do_not_matter(grade, solved, full):
    def mangled(notebook):
        cells = [{**cell, "metadata": {}} for cell in notebook["cells"] if "check(" not in "".join(cell["source"])]
        return {**notebook, "cells": [*reversed(cells)], "metadata": {"kernelspec": {"name": "julia-1.9"}}}

    # The answers are filled in by grade id first, then all metadata goes.
    def solved_and_mangled(notebook):
        ids = (cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"])
        cells = [
            {**cell, "source": solved.get(name, cell["source"])}
            for cell, name in zip(notebook["cells"], ids, strict=True)
        ]
        return mangled({**notebook, "cells": cells})

    result = grade({}, solved_and_mangled)
    assert result.score == full and "metadata was gone" in result.repairs[0]


@pytest.mark.parametrize("content", [b"", b"{", b"\x89PNG", json.dumps({"cells": 1}).encode()])
def test_a_broken_file_is_a_result(jails, plan, tmp_path, content, full):
    (tmp_path / "convolution.ipynb").write_bytes(content)
    result = grade_submission(jails, plan, Submission("ada", "01_convolution", tmp_path / "convolution.ipynb"))
    assert result.status is SubmissionStatus.UNREADABLE and result.reason and result.max_score == full


def test_the_same_secret_draws_the_same_cases_and_another_draws_others(course, plan):
    def inputs(secret):
        sheet = make_plan(course, "01_convolution", secret).sheets["conv2d"]
        return [case.inputs["x"].tobytes() for case in sheet.cases]

    assert inputs(b"a secret of the tests") == [c.inputs["x"].tobytes() for c in plan.sheets["conv2d"].cases]
    assert not set(inputs(b"a secret of the tests")) & set(inputs(b"another"))


def test_fresh_cases_are_not_the_public_ones(plan, convolution):
    for question in convolution.rubric.questions:
        public = {repr(case.inputs) for case in with_arrays(convolution.public_sheet(question))}
        fresh = [repr(case.inputs) for case in with_arrays(plan.sheets[question.name])]
        assert not public & set(fresh)


def with_arrays(sheet):
    """Cases in which numbers are drawn; a size or a table of answers has few or no other choices."""
    return [case for case in sheet.cases if any(isinstance(value, np.ndarray) for value in case.inputs.values())]
