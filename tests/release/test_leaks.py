"""The scan finds every planted leak, and refuses no clean release however its words vary."""

from __future__ import annotations

import json
import runpy
import string
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course import find_course
from autograder.leaks.fingerprints import compact
from autograder.leaks.leak import Kind
from autograder.leaks.scan import scan
from autograder.leaks.traces import by_name

PAGE = find_course().root / "docs" / "plantings" / "__main__.py"


@pytest.fixture(scope="module")
def clean(plantings, tmp_path_factory):
    """The releases of the real assignments, as they are, made and looked through once."""
    return plantings.clean_releases(find_course(), tmp_path_factory.mktemp("releases"))


def test_no_real_release_is_refused(clean):
    assert {name: release.leaks for name, release in clean.items()} == dict.fromkeys(clean, ())


def test_all_200_plantings_are_found_and_the_page_says_so(plantings, clean, monkeypatch):
    page = runpy.run_path(str(PAGE), run_name="page")
    written = page["PAGE"].read_text(encoding="utf-8").split(page["MARK"])[1].strip()
    monkeypatch.setitem(page["measured"].__globals__, "clean_releases", lambda *_: clean)
    assert page["measured"]().strip() == written, "run `python docs/plantings`"
    assert "Planted 200, found 200, missed 0. Clean releases refused: 0 of 3." in written


@pytest.mark.parametrize("name", [".course-secret", ".course-drawn/06_lenet.lenet5.0123", "Kept.db", "kept.db-wal"])
def test_what_a_grader_keeps_is_known_by_its_name(name):
    assert {kind for kind, _ in by_name(name)} == {Kind.RECORD}


WORDS = st.text(alphabet=string.ascii_letters + " .,:()*_#-äöüßé\n", min_size=1, max_size=300)
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PICTURE = f"![a figure](data:image/png;base64,{PIXEL})"
SNIPPETS = st.sampled_from(
    [
        "x = np.arange(12).reshape(3, 4)\nprint(x.sum(axis=0))",
        "for i in range(3):\n    show_images([roofs[i:]], titles=['shifted'])",
        "The output is one row and one column smaller than the image.",
        "See https://numpy.org/doc/stable/reference/ and /usr/share/doc, and ask in the forum.",
        PICTURE,
        "$$y[i, j] = \\sum_u \\sum_v x[i+u, j+v]\\; h[u, v]$$",
        "| name | shape | meaning |\n| --- | --- | --- |\n| `x` | (N, H, W, C) | images |",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.one_of(WORDS, SNIPPETS, st.binary(max_size=200).map(bytes.hex)), st.integers(0, 10**6))
def test_harmless_words_and_code_anywhere_are_not_refused(clean, text, where):
    name = sorted(clean)[where % len(clean)]
    release = clean[name]
    path = next(file for file in release.files if file.endswith(".ipynb"))
    data = json.loads(release.files[path])
    cells = [cell for cell in data["cells"] if cell["cell_type"] == ("markdown" if where % 2 else "code")]
    cell = cells[where % len(cells)]
    cell["source"] = "".join(cell["source"]) + "\n" + text
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / path).write_text(json.dumps(data), encoding="utf-8")
        (Path(folder) / "README.md").write_text(release.files["README.md"].decode() + text, encoding="utf-8")
        assert scan(Path(folder), release.forbidden, set(release.seen)) == []


def test_layout_letters_and_direction_do_not_hide_a_text():
    assert compact("y[k : k + taps] += x[k] * h  # add") == compact("Y[K:K+TAPS]+=\u200bx[k]*h,add")
    assert compact("соре") == compact("cope")
