"""check(f) answers whatever the function returns or does, and never raises."""

import contextlib
import subprocess
import sys
import time

import numpy as np
import pytest

from common import check
from common.cases import Case, Ended, Outcome, Sheet
from common.cases.frozen import freeze
from common.checks import CheckFailed
from common.kinds import try_out

X = np.array([1.0, 2.0, 3.0])
SHEET = Sheet("double", {"all": 2.0}, (Case("three numbers", "all", {"x": X}, Outcome(2 * X)),))


def double(x):
    return 2 * x


@pytest.fixture
def folder(tmp_path, monkeypatch):
    freeze(tmp_path / "cases.npz", "a", [SHEET])
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Liar:
    """Looks equal to everything and raises when asked for its name."""

    def __eq__(self, other):
        return True

    def __array__(self):
        raise RuntimeError("no")

    __hash__ = None


class Silent(Exception):
    def __str__(self):
        raise ValueError("not even that")


def raises(problem):
    def function(x):
        raise problem

    return function


def test_a_right_function_gets_its_points(folder, capsys):
    check(double)
    printed = capsys.readouterr().out
    assert "double" in printed and "2 of 2 points" in printed and "ok   three numbers" in printed


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: Liar(),
        lambda x: (each for each in x),
        lambda x: np.array([object()]),
        lambda x: float("nan") * x,
        lambda: None,
        raises(Silent()),
        raises(SystemExit(0)),
        raises(KeyboardInterrupt()),
        raises(RecursionError()),
        None,
        3,
        Liar(),
    ],
)
def test_whatever_it_is_given_a_card_comes_back(folder, capsys, answer):
    check(answer, "double")
    assert "0 of 2 points" in capsys.readouterr().out


def test_an_endless_loop_is_stopped(folder, monkeypatch):
    def endless(x):
        while True:
            with contextlib.suppress(Exception):
                time.sleep(0.01)

    monkeypatch.setattr("common.calling.SECONDS_PER_CASE", 0.2)
    assert try_out(endless, SHEET)[0].ended is Ended.TIMEOUT


def test_the_students_own_line_is_shown(folder, capsys):
    namespace = {}
    exec(compile("def double(x):\n    y = x + 1\n    return y[7]\n", "<cell 4>", "exec"), namespace)
    check(namespace["double"])
    assert "IndexError: index 7 is out of bounds" in capsys.readouterr().out.replace("\n", " ").replace("  ", "")


def test_inputs_are_fresh_for_every_case_and_a_change_in_place_is_seen():
    def doubles_in_place(x):
        x *= 2
        return x

    twice = Sheet("double", {"all": 2.0}, SHEET.cases * 2)
    assert [outcome.modified for outcome in try_out(doubles_in_place, twice)] == [("x",), ("x",)]
    assert X.tolist() == [1, 2, 3]


def test_an_unknown_name_and_a_missing_file_are_one_sentence(folder, capsys, monkeypatch, tmp_path_factory):
    check(abs)
    assert "Questions: double." in capsys.readouterr().out
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    check(double)
    assert "cases.npz" in capsys.readouterr().out


def test_what_bears_no_name_is_answered_with_how_to_check_it(folder, capsys):
    freeze(folder / "cases.npz", "a", [SHEET, Sheet("counts", {"all": 1.0}, (), kind="value")])
    check({})
    assert 'A table is checked with its name beside it: check(counts, "counts").' in capsys.readouterr().out
    check("double")
    assert "without quotation marks: check(double)." in capsys.readouterr().out
    check(double(X))
    assert "not what it returns" in capsys.readouterr().out


def test_nbgrader_validate_learns_of_a_failure(folder, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    check(double)
    with pytest.raises(CheckFailed, match="three numbers"):
        check(lambda x: x, "double")


def test_a_numpy_notebook_imports_no_tensorflow_and_no_plotting():
    heavy = "{'tensorflow', 'keras', 'matplotlib', 'sklearn'}"
    code = f"import sys, common.checks, common.plots; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
