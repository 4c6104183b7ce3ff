"""Pages on disk: safe names, no collisions, no half pages."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_class import made_up_class, typical
from page_structure import Structure
from written_pages import write_pages

from autograder.feedback import write_class_page
from autograder.feedback.files import page_names
from autograder.grading.result import ClassResult

SAFE = re.compile(r"[a-z0-9][a-z0-9-]{0,100}\.html")


@given(st.lists(st.text(st.characters(exclude_categories=())), max_size=6), st.text())
def test_names_are_safe_and_differ(students: list[str], assignment: str) -> None:
    names = page_names([typical(student, assignment=assignment) for student in students])
    assert all(SAFE.fullmatch(name) for name in names)
    assert len(set(names)) == len(names)


def test_names_that_slug_alike_and_second_hand_ins() -> None:
    names = page_names([typical("Ada L."), typical("ada l"), typical("../Ada L"), typical("Ada L.")])
    assert len(set(names)) == 4
    assert all(name.startswith("ada-l-01-convolution-") for name in names)
    assert names[3] == names[0].replace(".html", "-2.html")


def test_every_link_of_the_class_page_leads_to_a_page(tmp_path: Path) -> None:
    result = made_up_class(20)
    path = write_pages(result, tmp_path / "report")
    targets = {each for each in Structure(path.read_text("utf-8")).targets if not each.startswith("#")}
    assert len(targets) == len(result.submissions)
    assert all((path.parent / target).is_file() for target in targets)
    before = {each: each.read_bytes() for each in path.parent.rglob("*.html")}
    write_pages(result, tmp_path / "report")
    assert {each: each.read_bytes() for each in path.parent.rglob("*") if each.is_file()} == before


def test_a_page_that_fails_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = ClassResult((typical(),), 1.0, {})
    path = write_pages(result, tmp_path)
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("autograder.feedback.files.Path.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_pages(replace(result, seconds=2.0), tmp_path)
    assert path.read_bytes() == before
    assert not list(tmp_path.rglob(".*"))


def test_a_link_planted_in_the_folder_is_replaced_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "class.html").symlink_to(victim)
    write_pages(made_up_class(2), tmp_path / "out")
    assert victim.read_text() == "untouched"


def test_what_a_killed_run_left_is_written_over_and_never_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    write_class_page(made_up_class(2), tmp_path / "out")
    (tmp_path / "out" / ".draft-class.html").write_text("<html>half a pa")
    write_class_page(made_up_class(3), tmp_path / "out")
    assert not list((tmp_path / "out").glob(".draft*"))
    (tmp_path / "out" / ".draft-class.html").symlink_to(victim)
    write_class_page(made_up_class(4), tmp_path / "out")
    assert victim.read_text() == "untouched" and not list((tmp_path / "out").glob(".draft*"))
