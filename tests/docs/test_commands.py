"""Every command in README, CONTRIBUTING and docs/ does what the page says; what a page shows was printed.

A page is run from its top to its end in a copy of a prepared course and class. What depends on the sources alone is run
once for all pages, as long as a page has not changed them.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typed
from class_of_four import environment, make_student
from elsewhere import ELSEWHERE, elsewhere
from page import PAGES, ROOT, Step, block_steps, read, steps
from page import typed as commands_of

SLOW = re.compile(r"course release-solutions ")  # runs a whole notebook: half a minute
OF_THE_SOURCES = re.compile(r"course (list|build --check|selftest|gradescope|release|release-solutions)\b.*")
WRITES = re.compile(r"course (?:export|gradescope) .*")

Known = dict[str, tuple[str, Path]]  # what a command printed, and the course that it ran in

pytestmark = [pytest.mark.jail, pytest.mark.nbgrader]


def run_page(page: str, folder: Path, known: Known, slow: bool) -> None:
    """All steps of a page; `known` holds what commands printed that need not be run again."""
    root = folder / "course"
    make_student(root, folder / "ada")
    printed: dict[str, str] = {}
    changed = False
    shown: list[Step] = []
    for step in steps(page):
        if step.verb == "type" and not elsewhere(step.what) and (slow or not SLOW.match(step.what)):
            if not changed and OF_THE_SOURCES.fullmatch(step.what):
                printed[step.what] = take_over(page, step, root, known)
            else:
                printed[step.what] = type_it(page, step, root)
        elif step.verb == "printed by":
            shown.append(step)
        elif step.verb in ("file", "added to", "before"):
            write(step, root)
            changed = changed or step.where.startswith("solutions/")
        elif step.verb == "python":
            done = subprocess.run([sys.executable, "-c", step.what], capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{page}: {done.stderr}"
    for step in shown:
        if slow or not SLOW.match(step.where):
            assert step.where in printed, f"{page} shows what `{step.where}` prints, and does not say to type it"
            pattern = shown_as(step.what)
            assert pattern.search(printed[step.where]), f"{page}: {step.where}\nprinted\n{printed[step.where]}"


def take_over(page: str, step: Step, root: Path, known: Known) -> str:
    """What a command printed in the same course for another page, and what it wrote; else run it."""
    if step.what not in known:
        known[step.what] = type_it(page, step, root), root
    printed, where = known[step.what]
    if where != root and (target := re.search(r"--to (\S+)", step.what)):
        shutil.copytree(where / target[1], root / target[1], dirs_exist_ok=True)
    return printed


def type_it(page: str, step: Step, root: Path) -> str:
    """Run one command; its files must be where it says."""
    folder = root / step.where
    status, printed = typed.run(step.what, folder, environment(root))
    assert status == 0, f"{page}: {step.what} ended with {status}\n{printed}"
    if WRITES.fullmatch(step.what):
        written = re.search(r"[\w/.-]+\.(?:csv|json|zip)|\S*exports/gradescope", printed)
        assert written and (folder / written[0]).exists(), printed
    return printed


def write(step: Step, root: Path) -> None:
    """Do with a block what its comment says."""
    path = root / step.where
    path.parent.mkdir(parents=True, exist_ok=True)
    before = "" if step.verb == "file" else path.read_text(encoding="utf-8")
    if step.verb == "before":
        at = before.rindex(step.anchor)
        path.write_text(f"{before[:at]}{step.what}\n{before[at:]}", encoding="utf-8")
    else:
        path.write_text(f"{before}\n{step.what}\n".lstrip(), encoding="utf-8")


def shown_as(block: str) -> re.Pattern[str]:
    """What a page shows, as a pattern: … is anything, on a line of its own any lines."""
    lines = [
        r"(?:.*\n)*?" if line.strip() == "…" else re.sub(r"((?:\\ )*)…", _anything, re.escape(line)) + r"[ ]*\n"
        for line in block.splitlines()
    ]
    return re.compile("^" + "".join(lines), re.MULTILINE)


def _anything(found: re.Match[str]) -> str:
    return "[ ]+.*" if found[1] else ".*"  # a column of numbers may be narrower


@pytest.fixture(scope="session")
def known() -> Known:
    return {}


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    shutil.copytree(prepared, tmp_path / "course", symlinks=True)
    return tmp_path


RUN = [page for page in PAGES if any(each.verb != "name" for each in steps(page))]


@pytest.mark.parametrize("page", RUN)
def test_a_page_does_what_it_says(page: str, folder: Path, known: Known) -> None:
    run_page(page, folder, known, slow=False)


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if any(map(SLOW.match, commands_of(page)))])
def test_the_slow_commands_of_a_page_do_too(page: str, folder: Path, known: Known) -> None:
    run_page(page, folder, known, slow=True)


def test_no_command_is_left_out_without_need_or_proof() -> None:
    every = {command for page in PAGES for command in commands_of(page)}
    for each in ELSEWHERE:
        assert any(map(each.fits, every)), f"{each.pattern} stands on no page: take it off the list"
        file, text = each.proof
        assert text in (ROOT / file).read_text(encoding="utf-8"), f"{each.pattern}: {file} does not prove it"


def test_what_is_only_named_exists(prepared: Path) -> None:
    from autograder.cli import COMMANDS

    _, printed = typed.run("nbgrader --help", prepared, environment(prepared))
    of_nbgrader = set(re.findall(r"^([\w_]+)$", printed, re.MULTILINE))
    makefile = read("Makefile")
    named = {tuple(step.what.split()[:2]) for page in PAGES for step in steps(page) if step.verb == "name"}
    targets = set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))
    there = {"course": COMMANDS, "nbgrader": of_nbgrader, "make": targets}
    assert {(program, name) for program, name in named if name not in there[program]} == set()
    made = {command.split()[1] for page in PAGES for command in commands_of(page) if command.startswith("make ")}
    assert made <= targets


def test_excerpts_are_from_where_they_say_and_the_rest_is_python() -> None:
    for page in PAGES:
        for step in steps(page):
            if step.verb == "part of":
                assert "".join(step.what.split()) in "".join(read(step.where).split()), f"{page}: {step.where}"
            elif step.verb == "like":
                ast.parse(step.what)
                assert (ROOT / step.where).exists()


@pytest.mark.parametrize(
    ("said", "block"), [("", "Not graded:"), ("", "course list\nelsewhere"), ("shown", "course list")]
)
def test_a_block_that_is_not_typed_must_say_what_it_is(said: str, block: str) -> None:
    with pytest.raises(AssertionError):
        list(block_steps("a page", said, block))


def test_a_page_that_lies_is_found() -> None:
    printed = "assignment  points\n01_a             5\n02_b             7\n\nAll is well.\n"
    for truth in ("01_a  …  5", "assignment  points\n…\nAll is well.", "01_a             5\n02_b             7"):
        assert shown_as(truth).search(printed)
    for lie in ("01_a             6", "assignment  points\n02_b             7", "All is well.\n…\n02_b", "All is"):
        assert not shown_as(lie).search(printed)
