"""A question finds its answer by name and by code, and takes along only what the answer leans on."""

from autograder.handin.match import find_answer, program
from autograder.handin.notebook import HandIn, HandInCell, plain_python

STUB = "def f(x):\n    raise NotImplementedError"
GIVEN = [("<given cell>", "import numpy as np")]


def handin(*cells):
    made = []
    for number, cell in enumerate(cells, 1):
        source, more = cell if isinstance(cell, tuple) else (cell, {})
        made.append(HandInCell(number, source, plain_python(source), **more))
    return HandIn(tuple(made))


def answer(*cells):
    return find_answer(handin(*cells), "f", STUB)


def ran(*cells):
    """Labels of the student's cells that run for the answer."""
    notebook = handin(*cells)
    labels = [label for label, _ in program(notebook, find_answer(notebook, "f", STUB), GIVEN).cells]
    assert labels[0] == "<given cell>"
    return [int(label.removeprefix("<cell ").removesuffix(">")) for label in labels[1:]]


def test_the_answer_is_found_by_name_without_any_metadata():
    assert answer("x = 1", "def f(x):\n    return x").number == 2


def test_the_cell_with_the_id_wins_over_a_scratch_copy():
    assert answer(("def f(x):\n    return x", {"grade_id": "f"}), "def f(x):\n    return 0").number == 1


def test_an_untouched_stub_loses_against_an_answer_elsewhere():
    assert answer((STUB, {"grade_id": "f"}), "def f(x):\n    return x").number == 2


def test_a_definition_that_says_nothing_loses_against_an_answer():
    unwritten = "raise NotImplementedError('later')"
    for empty in ("pass", "...", '"""What it does."""', unwritten, f"{unwritten}\n    return 1"):
        assert answer("def f(x):\n    return x", f"def f(x):\n    {empty}").number == 1
        assert answer(f"def f(x):\n    {empty}").number == 1


def test_of_two_equal_cells_the_last_counts():
    assert answer("def f(x):\n    return 1", "def f(x):\n    return 2").number == 2


def test_an_answer_may_be_a_lambda_or_broken():
    assert answer("f = lambda x: x").number == 1
    assert answer("def f(x)\n    return x").number == 1


def test_nothing_that_defines_it_is_no_answer():
    assert answer("def g(x):\n    return x") is None


def test_only_what_the_answer_leans_on_runs():
    assert ran("import os\nos._exit(0)", "def g(x):\n    return x", "def f(x):\n    return g(x)") == [2, 3]


def test_what_is_leant_on_is_followed_step_by_step_and_in_order():
    cells = ("def f(x):\n    return g(x)", "def g(x):\n    return h + x", "import math as m", "h = m.pi")
    assert ran(*cells) == [1, 2, 3, 4]


def test_a_later_scratch_copy_does_not_replace_the_answer():
    cells = (
        ("def f(x):\n    return helper(x)", {"grade_id": "f"}),
        "def helper(x):\n    return x",
        "def f(x):\n    return 0\ndef helper(x):\n    return 9",
    )
    assert ran(*cells) == [1, 2]


def test_checks_and_experiments_never_run():
    cells = ("def f(x):\n    return g", "check(f)\ng = 1", ("g = 2", {"tags": frozenset({"experiment"})}), "g = 3")
    assert ran(*cells) == [1, 4]


def test_names_from_a_star_import_are_taken_along():
    assert ran("from math import *", "def f(x):\n    return pi") == [1, 2]


TABLE = "table = {}\n# YOUR CODE HERE"


def test_a_table_that_was_filled_in_is_no_stub():
    filled = ('table = {}\ntable["parameters"] = 456', {"grade_id": "table"})
    elsewhere = ("for table in range(3):\n    print(table)", {})
    assert find_answer(handin(filled, elsewhere), "table", TABLE).number == 1


def test_an_untouched_table_loses_against_one_that_was_filled_in_elsewhere():
    untouched = (f"# not yet\n{TABLE}", {"grade_id": "table"})
    assert find_answer(handin(untouched, "table = {}\ntable['parameters'] = 456"), "table", TABLE).number == 2
