"""The table of numbers of the small course, proven as every rubric is."""

import pytest

from autograder.selftest import prove

NAME = "04_values"


def test_the_rubric_is_proven(built):
    proof = prove(built(NAME), (1, 1), (0, 1))
    assert proof.ok, [trial.result.message for trial in proof.failed_variants] + list(proof.parts)


@pytest.mark.jail
def test_solution_and_stub_through_the_jail(grade):
    assert (grade(NAME).score, grade(NAME, solved=False).score) == (6, 0)
    assert str(grade(NAME, solved=False).questions[0].status) == "missing"
