"""Whatever became of the notebook on its way, each question finds its answer, and the instructor reads what."""

import copy
import json
import subprocess
import sys
import time

import pytest
from books import QUESTIONS, at, code, grade_id, right

from autograder.grading.plan import make_plan
from autograder.grading.submission import grade_submission
from autograder.handin.changes import with_changes
from autograder.handin.inbox import Submission
from autograder.handin.match import find_answer, program, why_missing
from autograder.handin.notebook import parse_notebook


@pytest.fixture
def stubs(released):
    """The released cells by id, taken before any of them is answered."""
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in released["cells"]
        if "nbgrader" in cell["metadata"]
    }


@pytest.fixture
def book(released, solved, stubs):
    """The released notebook with all questions answered."""
    for cell in released["cells"]:
        cell["source"] = solved.get(grade_id(cell), "".join(cell["source"]))
    return released


@pytest.fixture
def opened(book, stubs, solved):
    """Read what the changed book holds; whether each question runs the solution; the notes."""

    def opened(encode=lambda text: text.encode()):
        handin = with_changes(parse_notebook(encode(json.dumps(book))), QUESTIONS, stubs)
        return handin, right(handin, solved, stubs), "; ".join(handin.repairs)

    return opened


ALL = set(QUESTIONS)


def test_an_untouched_hand_in_needs_no_repairs(opened):
    _, found, said = opened()
    assert found == ALL and said == ""


def test_stripped_metadata(book, opened):
    for cell in book["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    _, found, said = opened()
    assert found == ALL and "metadata was gone" in said


def test_a_deleted_question(book, opened):
    del book["cells"][at(book, "conv2d")]
    handin, found, said = opened()
    assert found == ALL - {"conv2d"} and "the cell of conv2d was deleted" in said
    assert why_missing(handin, "conv2d") == "no cell of the notebook defines `conv2d`."


def test_a_doubled_cell(book, opened):
    place = at(book, "conv2d")
    book["cells"].insert(place, copy.deepcopy(book["cells"][place]))
    _, found, said = opened()
    assert found == ALL and "cells that stand twice: conv2d" in said and "is defined in cells" in said


@pytest.mark.parametrize("lines", [1, 2, 4, 7])
def test_an_answer_split_by_the_cursor(book, opened, lines):
    place = at(book, "conv2d")
    whole = book["cells"][place]
    head, tail = copy.deepcopy(whole), copy.deepcopy(whole)  # Jupyter gives both halves the same metadata
    source = whole["source"].splitlines(keepends=True)
    head["source"], tail["source"] = "".join(source[:lines]).rstrip("\n"), "".join(source[lines:])
    book["cells"][place : place + 1] = [head, tail]
    _, found, said = opened()
    assert found == ALL and "split over cells" in said and "stand twice" not in said


def test_a_good_answer_after_a_broken_cell_is_not_swallowed(book, opened):
    for broken in ("def f(x):", "x = (1,", '"""never closed', "if True:"):
        book["cells"].insert(at(book, "conv2d"), code(broken))
    _, found, _ = opened()
    assert found == ALL


def test_two_answers_merged_into_one_cell(book, opened):
    first, second = at(book, "conv1d"), at(book, "conv2d")
    book["cells"][first]["source"] += "\n\ncheck(conv1d)\n\n" + book["cells"].pop(second)["source"]
    _, found, said = opened()
    assert found == ALL and "conv1d and conv2d stand together in cell" in said


def test_a_check_merged_above_an_answer_does_not_stop_it(book, opened):
    cell = book["cells"][at(book, "conv2d")]
    cell["source"] = "check(conv1d)\nget_ipython().run_line_magic('pip', 'x')\n" + cell["source"]
    assert opened()[1] == ALL


def test_reordered_cells(book, opened):
    book["cells"].reverse()
    _, found, said = opened()
    assert found == ALL and "in another order" in said


def test_retagged_cells(book, opened):
    first, second = at(book, "conv1d"), at(book, "conv2d")
    cells = book["cells"]
    cells[first]["metadata"], cells[second]["metadata"] = cells[second]["metadata"], {"tags": ["experiment"]}
    _, found, said = opened()
    assert found == ALL and "conv1d was found by its name" in said


def test_edited_check_cells(book, opened):
    book["cells"][at(book, "check_conv2d")]["source"] = "conv2d = lambda *a: 0\nprint('passed')"
    book["cells"][at(book, "check_conv1d")]["source"] = "check(conv1d, points=100)"
    _, found, said = opened()
    assert found == ALL and "check cells were edited, which changes nothing: conv1d, conv2d" in said


@pytest.mark.parametrize(
    "magic",
    ["%matplotlib inline", "!pip install \\\n  numpy", "%time x = 1", "files = !ls", "?np.sum", "pip install numpy"],
)
def test_magics_and_shell_lines(book, opened, magic):
    cell = book["cells"][at(book, "conv2d")]
    cell["source"] = f"{magic}\n{cell['source']}"
    _, found, said = opened()
    assert found == ALL and f"magics and shell lines were left out of cell {at(book, 'conv2d') + 1}" in said


def test_a_timed_cell_and_a_cell_in_another_language(book, opened):
    cell = book["cells"][at(book, "conv2d")]
    cell["source"] = f"%%time\n{cell['source']}"
    assert opened()[1] == ALL
    cell["source"] = cell["source"].replace("%%time", "%%writefile conv.py")
    handin, found, _ = opened()
    assert found == ALL - {"conv2d"} and "is not run as Python" in why_missing(handin, "conv2d")


def test_another_kernel_name(book, opened):
    book["metadata"]["kernelspec"]["name"] = "conda-env-cnn"
    assert opened()[1] == ALL and "another kernel ('conda-env-cnn')" in opened()[2]
    book["metadata"]["kernelspec"]["language"] = "R"
    assert "its language is said to be 'R'" in opened()[2]
    book["metadata"] = {"kernelspec": {"name": ["x"], "language": 7}}
    assert opened()[1] == ALL


@pytest.mark.parametrize(
    ("encode", "words"),
    [
        (lambda text: b"\xef\xbb\xbf" + text.encode(), "byte-order mark"),
        (lambda text: text.encode("utf-16"), "UTF-16"),
        (lambda text: text.encode() + b"\0" * 512, "null bytes"),
        (lambda text: text.replace("import", "\0import").encode(), "null bytes"),
        (lambda text: text.replace("\\n", "\\r\\n").encode(), "line ends of Windows"),
        (lambda text: text.replace("\\n", "\\r").encode(), "line ends of Windows"),
        (lambda text: text.replace("photograph", "photo\xe9").encode("latin-1"), "not UTF-8"),
    ],
)
def test_encodings_and_line_ends(opened, encode, words):
    _, found, said = opened(encode)
    assert found == ALL and words in said


def test_file_line_ends_of_windows(book, opened):
    assert opened(lambda text: json.dumps(json.loads(text), indent=1).replace("\n", "\r\n").encode())[1] == ALL


@pytest.mark.parametrize("minor", [0, 1, 2, 3, 4, 5, 6, 99, "x", None])
def test_minor_formats(book, opened, minor):
    book["nbformat_minor"] = minor
    _, found, said = opened()
    assert found == ALL and ("newer notebook format" in said) == (minor in (6, 99))


def test_format_three(book, opened):
    cells = [
        {"cell_type": "code", "input": cell["source"].splitlines(keepends=True), "language": "python", "metadata": {}}
        for cell in book["cells"]
        if cell["cell_type"] == "code"
    ]
    book.update(worksheets=[{"cells": cells}], nbformat=3, nbformat_minor=0)
    del book["cells"]
    _, found, said = opened()
    assert found == ALL and "an old notebook format (3)" in said


def test_an_answer_in_a_text_cell_is_named(book, opened):
    cell = book["cells"][at(book, "conv2d")]
    for kind in ("markdown", "raw"):
        cell["cell_type"] = kind
        handin, found, _ = opened()
        assert found == ALL - {"conv2d"}
        assert f"stands in cell {at(book, 'conv2d') + 1}, which is a text cell" in why_missing(handin, "conv2d")


def test_an_untouched_stub_merged_with_other_code_loses_against_the_answer(book, opened, stubs):
    book["cells"][0] = code(book["cells"][at(book, "conv2d")]["source"])
    book["cells"][at(book, "conv2d")] = code(f"# notes\n{stubs['conv2d']}\nmore = 1")
    assert opened()[1] == ALL


def test_a_broken_copy_loses_against_an_answer_that_is_python(book, opened):
    book["cells"].append(code("def conv2d(x\n    return"))
    for cell in book["cells"]:
        cell["metadata"] = {}
    assert opened()[1] == ALL


def test_scratch_cells_that_use_the_answers_local_names_are_not_run(book, opened, solved):
    book["cells"].append(code("out = window = padded = y = length = 1\nraise SystemExit"))
    handin, found, _ = opened()
    assert found == ALL
    assert len(program(handin, find_answer(handin, "conv2d", ""), [("g", "import numpy as np")]).cells) == 2


HELPERS = {
    "helper in the next cell": ["def conv2d(*a):\n    return helper(*a)", "def helper(*a):\n    return good(*a)"],
    "decorator in the next cell": [
        "@loud\ndef conv2d(*a, **k):\n    return good(*a, **k)",
        "def loud(f):\n    return lambda *a, **k: f(*a, **k)",
    ],
    "reassigned in the next cell": [
        "def conv2d(*a, **k):\n    return good(*a, **k) + 1",
        "def less(f):\n    return lambda *a, **k: f(*a, **k) - 1\nconv2d = less(conv2d)",
    ],
    "another name": ["def my_conv(*a, **k):\n    return good(*a, **k)", "conv2d = my_conv"],
    "a class": ["class Conv:\n    def __call__(self, *a, **k):\n        return good(*a, **k)\nconv2d = Conv()"],
    "tabs": ["def conv2d(*a, **k):\n\tif True:\n\t\treturn good(*a, **k)"],
    "tabs and spaces": ["def conv2d(*a, **k):\n    if True:\n\treturn good(*a, **k)"],
    "given in a default": ["conv2d = lambda *a, f=good: f(*a)"],
}


@pytest.fixture
def grade(jails, course, book, solved, tmp_path):
    plan = make_plan(course, "01_convolution", b"changed notebooks")

    def grade(cells, content=None):
        good = solved["conv2d"].replace("def conv2d", "def good")
        place = at(book, "conv2d")
        first, *others = cells
        book["cells"][place]["source"] = first
        book["cells"][place + 1 : place + 1] = [code(each) for each in others]
        book["cells"].append(code(good))
        path = tmp_path / "convolution.ipynb"
        path.write_bytes(content or json.dumps(book).encode())
        result = grade_submission(jails, plan, Submission("ada", "01_convolution", path))
        return {each.question: each for each in result.questions}, result

    return grade


@pytest.mark.jail
@pytest.mark.parametrize("what", HELPERS)
def test_answers_in_several_cells_earn_their_points(grade, what, full):
    questions, result = grade(HELPERS[what])
    assert questions["conv2d"].score == 10, questions["conv2d"].message
    assert result.score == full


@pytest.mark.jail
def test_an_async_answer_fails_alone_and_in_words(grade, full):
    questions, result = grade(["async def conv2d(*a, **k):\n    return good(*a, **k)"])
    assert questions["conv2d"].score == 0 and questions["conv2d"].message and result.score == full - 10


@pytest.mark.jail
def test_an_answer_in_a_text_cell_is_missing_and_says_why(grade, book, full):
    book["cells"][at(book, "conv2d")]["cell_type"] = "markdown"
    questions, result = grade([book["cells"][at(book, "conv2d")]["source"]])
    assert str(questions["conv2d"].status) == "missing" and "is a text cell" in questions["conv2d"].message
    assert result.score == full - 10


SIZED = """
import resource, sys, time
from pathlib import Path
from autograder.handin.notebook import UnreadableError, read_notebook
before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
try:
    print(len(read_notebook(Path(sys.argv[1])).cells))
except UnreadableError as problem:
    print(problem)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, time.process_time() - start)
"""
MIB = 2**20
EVERY_CELL = "the number of the notebook's code cells"


def _with_outputs(book, outputs):
    book["cells"][1]["outputs"] = "HERE"
    return json.dumps(book).replace('"HERE"', outputs).encode()


def _many(cell, count):
    return f'{{"cells": [{",".join([json.dumps(cell)] * count)}], "nbformat": 4}}'.encode()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda book: _with_outputs(book, '[{"text": "' + "x" * 50 * MIB + '"}]'), EVERY_CELL),
        (lambda book: _with_outputs(book, '[{"text": [' + '"a line\\n",' * (5 * MIB) + '"end"]}]'), EVERY_CELL),
        (lambda book: _with_outputs(book, "[" + '{"a": [1, 2]},' * (300_000) + "{}]"), EVERY_CELL),
        (lambda book: _with_outputs(book, "[" + "[]," * (30 * MIB) + "{}]"), "too many parts"),
        (lambda book: b'{"cells": [' + b"{}," * (16 * MIB), "too many parts"),
        (lambda book: b'{"metadata": [' + b"1," * (25 * MIB), "too many parts"),
        (lambda book: b'{"metadata": "' + b'\\"' * (25 * MIB), "not valid JSON"),
        (lambda book: _many(code("x = 1"), 6000), "more than 5000 cells"),
        (lambda book: _many(code("x = 1\n" * 40_000), 30), "MiB of code"),
        (lambda book: _many(code("x = 1\n" * 50_000), 3), "3"),
    ],
)
def test_large_notebooks_are_read_in_bounded_time_and_memory(book, tmp_path, make, words):
    path = tmp_path / "convolution.ipynb"
    path.write_bytes(make(book))
    run = subprocess.run([sys.executable, "-c", SIZED, path], capture_output=True, text=True, check=True, timeout=120)
    said, used = run.stdout.splitlines()
    words = str(sum(cell["cell_type"] == "code" for cell in book["cells"])) if words == EVERY_CELL else words
    mebibytes, seconds = map(float, used.split())
    assert words in said and mebibytes < 400 and seconds < 12, (said, mebibytes, seconds)


def test_thousands_of_cells_are_matched_in_bounded_time():
    chain = [code(f"def f{n}(x):\n    return f{n + 1}(x)\nshared = f{n}") for n in range(4_900)]
    handin = parse_notebook(
        json.dumps({"cells": [*chain, code("def f(x):\n    return f0(x)")], "nbformat": 4}).encode()
    )
    start = time.process_time()
    assert len(program(handin, find_answer(handin, "f", ""), [], "f").cells) == 4_901
    assert time.process_time() - start < 10
