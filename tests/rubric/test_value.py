"""A table of answers: each entry earns its points alone, and public answers are sealed."""

import dataclasses

import numpy as np
import pytest

from autograder.rubric import Entry, Mistake, Values
from autograder.rubric.master import read_master
from autograder.rubric.reference import Reference
from common.cases import Outcome, Status
from common.cases.frozen import freeze, thaw
from common.cases.judge import judge
from common.kinds import try_out
from common.kinds.value import split

MASTER = """# %%
ledger = {}
### BEGIN SOLUTION
ledger["weights"] = 3 * 5 * 5 * 6
ledger["memory"] = 58.1
ledger["output"] = (28, 28, 6)
### END SOLUTION
"""
QUESTION = Values(
    "ledger",
    points=4,
    entries=[Entry("weights", 1, unit="numbers"), Entry("memory", 2, rtol=0.01, unit="MiB"), Entry("output", 1)],
    mistakes=[
        Mistake("one filter", "These are the weights of one filter.", edit=("5 * 6", "5")),
        Mistake("no border", "A kernel of 5 shortens.", by=lambda right: {**right, "output": (32, 32, 6)}),
    ],
    variants=[lambda: {"weights": np.int64(450), "memory": np.float32(58), "output": [28, 28, 6]}],
)
RIGHT = {"weights": 450, "memory": 58.1, "output": (28, 28, 6)}


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    path = tmp_path_factory.mktemp("m") / "m.py"
    path.write_text(MASTER)
    return Reference(read_master(path))


@pytest.fixture(scope="module", params=["sealed", "open"])
def sheet(request, reference, tmp_path_factory):
    if request.param == "open":
        return QUESTION.sheet(reference, "s", public=False)
    path = tmp_path_factory.mktemp("frozen") / "cases.npz"
    freeze(path, "a", [QUESTION.sheet(reference, "s", public=True)])
    return thaw(path)["ledger"]


def result(sheet, **changes):
    return judge(sheet, try_out(RIGHT | changes, sheet))


def test_the_right_answers_pass_in_any_number_type(sheet):
    assert result(sheet).status is Status.PASSED
    assert judge(sheet, try_out(QUESTION.variants[0], sheet)).status is Status.PASSED


def test_every_entry_earns_its_points_alone(sheet):
    assert result(sheet, weights=451).score == 3
    assert result(sheet, memory=70.0).score == 2
    assert judge(sheet, try_out({"output": (28, 28, 6)}, sheet)).score == 1


def test_a_tolerance_holds_on_both_sides(sheet):
    assert result(sheet, memory=58.5).score == 4
    assert result(sheet, memory=57.7).score == 4
    assert result(sheet, memory=60.0).score == 2


def test_a_known_mistake_is_named(sheet):
    assert result(sheet, weights=75).advice == "These are the weights of one filter."
    assert result(sheet, output=(32, 32, 6)).advice == "A kernel of 5 shortens."


def test_each_wrong_entry_is_told_its_own_mistake(sheet):
    judged = result(sheet, weights=75, output=(32, 32, 6))
    assert judged.advice == "These are the weights of one filter."
    weights, _, output = judged.verdicts
    assert weights.why == "wrong value." and output.why == "wrong value. A kernel of 5 shortens."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weights": 1800}, "are these bytes where numbers were asked for?"),
        ({"memory": 58100.0}, "1000 times too large"),
        ({"memory": 58.1 * 2**20 / 10**6}, "MiB (2²⁰ bytes)"),
        ({"weights": -450}, "wrong sign"),
        ({"weights": 450.0}, "a whole number"),
        ({"output": "28x28x6"}, "got a string"),
    ],
)
def test_a_wrong_unit_sign_or_type_is_named(sheet, changes, words):
    assert words in " ".join(verdict.why for verdict in result(sheet, **changes).verdicts)


def test_without_a_unit_no_factor_is_told(reference):
    """ "It is 4 times too large" would be the answer itself."""
    bare = dataclasses.replace(QUESTION, entries=[Entry("weights", 1), *QUESTION.entries[1:]])
    sheet = bare.sheet(reference, "a seed", public=True)
    assert result(sheet, weights=1800).verdicts[0].why.strip() == "wrong value."


def test_an_empty_table_is_not_begun(sheet):
    assert judge(sheet, try_out({}, sheet)).status is Status.MISSING


@pytest.mark.parametrize("strange", [None, 3, [1, 2], {"weights": object()}, {"weights": float("nan")}, {1: 2}])
def test_whatever_the_variable_holds_there_is_a_verdict(sheet, strange):
    assert judge(sheet, try_out(strange, sheet)).score == 0


def test_a_sealed_answer_does_not_stand_in_the_file(reference, tmp_path):
    freeze(tmp_path / "cases.npz", "a", [QUESTION.sheet(reference, "s", public=True)])
    text = (tmp_path / "cases.npz").read_bytes()
    assert b"450" not in text.split(b"digest")[0] and b"58.1" not in text


@pytest.mark.jail
def test_the_variable_is_read_out_of_the_jail(jails, sheet):
    def graded(source):
        with jails.with_packages(QUESTION.preload).session() as session:
            session.load([("<cell 1>", source)])
            return judge(sheet, QUESTION.examine(session, sheet, None))

    assert graded(f"ledger = {RIGHT!r}").score == 4
    assert graded("ledger = {'weights': 450}").score == 1
    assert "made `ledger` something else" in graded("ledger = 7").message
    assert "name 'ledger' is not defined" in graded("x = 7").message


def test_points_must_add_up():
    with pytest.raises(ValueError, match="worth 1 points, the question 2"):
        Values("v", points=2, entries=[Entry("a", 1)])


def test_what_is_not_a_dict_is_said_once_for_every_entry(sheet):
    assert len({outcome.raised.text for outcome in split(Outcome(5), sheet)}) == 1
