"""Frozen cases are plain data, come back as they were, and are the same bytes each time."""

import zipfile

import numpy as np

from common.cases import Case, KnownMistake, Outcome, Raised, Sheet
from common.cases.frozen import freeze, thaw

X = np.arange(6, dtype=">f4").reshape(2, 3)
INPUTS = {"x": X, "size": (2, 3), "names": ["a", None], "table": {"k": 1.5}, "flag": True}
CASES = (
    Case("values", "one", INPUTS, Outcome((X, 3)), terms=9),
    Case("raises", "one", {"x": np.zeros((0, 3))}, Outcome(raised=Raised("ValueError"))),
    Case("a number", "two", {"x": np.float32(3)[...]}, Outcome(X, modified=("x",))),
)
SHEET = Sheet("f", {"one": 1.0, "two": 2.0}, CASES, (KnownMistake("secret name", "Hint.", (Outcome(X),) * 3),))


def test_what_was_frozen_comes_back(tmp_path):
    freeze(tmp_path / "cases.npz", "a", [SHEET])
    back = thaw(tmp_path / "cases.npz")["f"]
    assert back.points == SHEET.points
    for before, after in zip(SHEET.cases, back.cases, strict=True):
        assert (after.probes, after.group, after.terms) == (before.probes, before.group, before.terms)
        assert repr(after.inputs) == repr(dict(before.inputs))
        assert repr(after.expected) == repr(before.expected)
    assert back.cases[0].inputs["x"].dtype == ">f4"
    assert back.mistakes[0].say == "Hint."


def test_the_bytes_are_the_same_each_time(tmp_path):
    freeze(tmp_path / "one", "a", [SHEET])
    freeze(tmp_path / "two", "a", [SHEET])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_np_load_opens_it_without_pickle_and_a_mistake_travels_without_its_name(tmp_path):
    freeze(tmp_path / "cases.npz", "a", [SHEET])
    with np.load(tmp_path / "cases.npz", allow_pickle=False) as archive:
        assert all(isinstance(archive[name], np.ndarray | bytes) for name in archive.files)
    with zipfile.ZipFile(tmp_path / "cases.npz") as archive:
        assert b"secret name" not in archive.read("manifest.json")
