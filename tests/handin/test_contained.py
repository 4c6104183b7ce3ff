"""Code that touches nothing outside its own namespace is told apart from all other code, by reading it."""

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course import find_course
from autograder.handin.code import plain_python
from autograder.handin.contained import ATTRIBUTES, are_contained, is_contained
from autograder.handin.written import mistaken_cell, solved_cells

GIVEN = [
    "import numpy as np\nfrom common.given import given\nimport keras",
    "FUNCTIONS = {'cube': lambda x: x ** 3}",
]

INSIDE = [
    "def f(x, k=3):\n    y = np.zeros((k, *x.shape))\n    y[0] += np.pad(x, 1).sum(axis=-1)\n    return y.T",
    "import math\nfrom numpy.lib.stride_tricks import sliding_window_view\ndef f(x):\n    return math.sqrt(len(x))",
    "def f(x):\n    try:\n        return x[0]\n    except IndexError as e:\n        raise TypeError(f'{e}') from e",
    "f = lambda x: max([each for each in x if each], key=abs, default=0)",
    "def f(x):\n    while True:\n        pass",
    "def f(x):\n    print(x)\n    return FUNCTIONS['cube'](x)",
    "table = {'a': 1}\ntable['b'] = np.linalg.norm([3, 4])",
    "from functools import lru_cache\n@lru_cache\ndef f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)",
]

OUTSIDE = [
    "np.sum = lambda x: 0",
    "del np.sum",
    "np.random.seed(0)",
    "from numpy import random",
    "import numpy.random as r",
    "m = np\nm.seterr(all='raise')",
    "np.lib.stride_tricks.as_strided(x, (9, 9))",
    "np.ndarray((3,), buffer=b'abc')",
    "x.tofile('out')",
    "x.__class__.__init__ = None",
    "import os",
    "from os import *",
    "from . import secrets",
    "import operator\noperator.attrgetter('random')(np)",
    "getattr(np, 'random')",
    "setattr(np, 'sum', None)",
    "vars(np)['sum'] = None",
    "globals()['x'] = 1",
    "eval('1')",
    "exec('1')",
    "__import__('os')",
    "__builtins__['sum'] = None",
    "open('x')",
    "class A:\n    pass",
    "def f():\n    global x\n    x = 1",
    "with np.errstate(all='ignore'):\n    pass",
    "async def f():\n    pass",
    "match x:\n    case np.random:\n        pass",
    "raise SystemExit",
    "x = input()",
    "from functools import wraps\nwraps(f)(np.pad)",
    "given('conv2d').cache = 1",
    "given('conv2d')",
    "keras.backend.set_floatx('float64')",
    "def broken(:",
]


@pytest.mark.parametrize("source", INSIDE)
def test_what_only_computes_is_contained(source):
    assert are_contained([source], GIVEN)


@pytest.mark.parametrize("source", OUTSIDE)
def test_what_could_leave_something_behind_is_not(source):
    assert not are_contained([source], GIVEN)


def test_one_cell_that_is_not_contained_is_enough():
    assert not are_contained([INSIDE[0], OUTSIDE[0]], GIVEN)


def test_no_attribute_on_the_list_leads_to_another_module_of_numpy():
    modules = {name for name in ATTRIBUTES if isinstance(getattr(np, name, None), ModuleType)}
    assert modules == {"linalg", "fft", "lib"}
    for module in (np.linalg, np.fft, np.lib, np.lib.stride_tricks):
        inner = {name for name in ATTRIBUTES if isinstance(getattr(module, name, None), ModuleType)}
        assert inner <= {"stride_tricks", "format"}
    assert not [name for name in ATTRIBUTES if isinstance(getattr(np.lib.format, name, None), ModuleType)]


def test_no_attribute_on_the_list_begins_with_an_underscore():
    assert not [name for name in ATTRIBUTES if name.startswith("_")]


def test_answers_of_the_first_assignment_are_contained_right_or_wrong():
    assignment = find_course().load("01_convolution")
    cells = [each.source for each in assignment.master.cells if each.role == "given"]
    answers = solved_cells(assignment)
    for question in assignment.rubric.questions:
        mistaken = [mistaken_cell(assignment, question.name, each) for each in question.mistakes]
        for answer in (answers[question.name], *mistaken):
            assert are_contained([plain_python(answer)], cells), answer


@given(st.text(alphabet="npx.()[]=:_ \n'0123456789adefgimoprst", max_size=80))
def test_any_text_is_read_without_an_error(source):
    assert is_contained(source) in (True, False)
