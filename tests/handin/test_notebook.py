"""Whatever bytes are handed in, the answer is a notebook or one sentence."""

import json
import subprocess
import sys
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.handin.code import names_in
from autograder.handin.notebook import UnreadableError, parse, parse_notebook, plain_python, read_notebook


def notebook(*sources, **more):
    cells = [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\0\0\0", "is empty"),
        (b"\x89PNG\r\n", "not valid JSON"),
        (b'{"cells": [', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "holds no notebook"),
        (b'{"cells": 3}', "no list of cells"),
        (b'{"worksheets": [{"cells": 3}], "nbformat": 2}', "format 2"),
        (b'{"cells": [], "nbformat": 5}', "format 5"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence(content, words):
    with pytest.raises(UnreadableError, match=words):
        parse_notebook(content, "x.ipynb")


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "real.ipynb").write_bytes(notebook("x = 1"))
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "real.ipynb")
    with pytest.raises(UnreadableError, match="is a link"):
        read_notebook(tmp_path / "link.ipynb")


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + notebook("def f():\n    return 1"),
        notebook(["def f():\n", "    return 1"]),
        notebook("def f():\r\n    return 1"),
        notebook("def f():\n\0    return 1"),
        notebook("%%time\ndef f():\n    return 1"),
        notebook("def f():\n    return 1", nbformat_minor=99),
        json.dumps(
            {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": "def f():\n    return 1"}]}]}
        ).encode(),
    ],
)
def test_what_can_be_repaired_is_read(content):
    (cell,) = parse_notebook(content).cells
    namespace = {}
    exec(cell.python, namespace)
    assert namespace["f"]() == 1


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("x = 1", "x = 1"),
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("if True:\n    !ls\n    x = 1", "if True:\n    pass\n    x = 1"),
        ("files = !ls\nx = 1", "files = None\nx = 1"),
        ("np.sum?\nx = 1", "pass\nx = 1"),
        ("%%time\nx = 1", "\nx = 1"),
        ("%%bash\nls", None),
        ("y = 7 \\\n% 4", "y = 7 \\\n% 4"),
    ],
)
def test_magics_and_shell_lines_are_taken_out_and_lines_keep_their_numbers(source, plain):
    assert plain_python(source) == plain


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
)
cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown"]) | json_values,
        "source": st.text() | st.lists(st.text()) | json_values,
        "metadata": json_values | st.fixed_dictionaries({"nbgrader": json_values, "tags": json_values}),
    },
)


@given(
    data=st.fixed_dictionaries(
        {}, optional={"cells": st.lists(cells | json_values), "nbformat": st.just(4) | json_values}
    )
)
def test_any_json_is_read_or_refused_in_words(data):
    try:
        handin = parse_notebook(json.dumps(data).encode())
    except UnreadableError as problem:
        assert str(problem)
    else:
        assert all(isinstance(cell.source, str) for cell in handin.cells)


@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(content):
    with pytest.raises(UnreadableError):
        parse_notebook(content)


DEEP = ["-" * 200_000 + "1", "a" + ".b" * 200_000, "(" * 200_000, "1" + "+1" * 200_000, "lambda:" * 100_000 + "1"]


def test_code_nested_without_end_does_not_bring_the_reader_down():
    code = "import json, sys; from autograder.handin.notebook import parse; [parse(s) for s in json.load(sys.stdin)]"
    run = subprocess.run([sys.executable, "-c", code], input=json.dumps(DEEP), text=True, check=False)
    assert run.returncode == 0
    assert parse(DEEP[0]) is None


def test_what_is_kept_of_many_long_cells_does_not_fill_the_memory():
    """Short cells are the same all over a class and are read once; a hostile class has long ones, all different."""
    names_in("answer = 0")
    tracemalloc.start()
    try:
        for number in range(20):
            assert f"answer_{number}" in names_in(f"answer_{number} = 1\n" + "x = [1, 2, 3]\n" * 1_000).binds
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 2**20
