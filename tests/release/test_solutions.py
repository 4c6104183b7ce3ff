"""`course release-solutions` waits for everybody, and its pages tell nothing of where they were made."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter

from autograder.building.release import release_notebook
from autograder.building.source import source_notebook
from autograder.course import Course, find_course
from autograder.handin.written import solved_cells, write_notebook
from autograder.leaks.forbidden import known_leaks

NAME = "10_average_pooling"
DEADLINES = """timezone = "Europe/Paris"

[late]
closed_after_days = 30

[assignments.10_average_pooling]
due = 2026-01-05 23:59

[extensions.ada]
10_average_pooling = 2199-01-01 12:00

[extensions.ben]
10_average_pooling = 2026-01-06 12:00
"""


def test_solutions_wait_for_the_deadline_and_for_extensions(small: Course, course_command):
    no_deadline = course_command("release-solutions", NAME, "--to", "out", status=1).stderr
    assert "no deadline is known for 10_average_pooling" in no_deadline
    early = course_command("release-solutions", NAME, "--to", "out", "--due", "2199-01-01 12:00 +0000", status=1).stderr
    assert "10_average_pooling is due Tue 2199-01-01 12:00 UTC" in early
    (small.root / "deadlines.toml").write_text(DEADLINES.replace("= 30", "= 3"))
    done = course_command("release-solutions", NAME, "--to", "out", "--json", status=1)
    assert "extensions are still running for 10_average_pooling: ada until Tue 2199-01-01 12:00 CET." in done.stderr
    report = json.loads(done.stdout)
    until = "2199-01-01T12:00:00+01:00"
    assert report["running_extensions"] == [{"student": "ada", "assignment": NAME, "until": until}]
    assert not (small.root.parent / "out").exists()
    assert (
        "'soon' is no date"
        in course_command("release-solutions", NAME, "--to", "out", "--due", "soon", status=1).stderr
    )


def test_a_forced_solution_is_executed_and_says_nothing_of_this_machine(small: Course, course_command, tmp_path: Path):
    (small.root / "deadlines.toml").write_text(DEADLINES)
    done = course_command("release-solutions", NAME, "--to", "out", "--force")
    assert "note: extensions are still running for 10_average_pooling: ada until" in done.stderr
    folder = small.root.parent / "out" / NAME
    assert {path.name for path in folder.iterdir()} == {
        "average_pooling_solution.ipynb",
        "average_pooling_solution.html",
        "SHA256SUMS",
    }
    notebook = json.loads((folder / "average_pooling_solution.ipynb").read_text())
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code) and any(cell["outputs"] for cell in code)
    assert all(set(cell["metadata"]) <= {"tags"} for cell in notebook["cells"])
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    page = (folder / "average_pooling_solution.html").read_text()
    for text in (json.dumps(notebook), page):
        assert str(tmp_path) not in text and "site-packages" not in text and "/tmp/" not in text
        assert "SOLUTION" not in text.replace("average_pooling_solution", "")
    question = small.load(NAME).rubric.questions[0].name
    assert question in re.sub(r"<[^>]+>", "", page)


def test_a_notebook_that_does_not_run_is_not_published(small: Course, course_command):
    master = next((small.solutions / NAME).glob("average*.py"))
    with master.open("a") as file:
        file.write('\n# %% tags=["experiment"]\nraise RuntimeError("out of paint")\n')
    done = course_command("release-solutions", NAME, "--to", "out", "--due", "2026-01-01 12:00", status=1)
    assert "10_average_pooling: the solved notebook does not run: RuntimeError: out of paint" in done.stderr
    assert not list((small.root.parent / "out").glob("*"))


@pytest.mark.parametrize(
    "name",
    [each if each == "06_lenet" else pytest.param(each, marks=pytest.mark.slow) for each in find_course().names()],
)
def test_nothing_forbidden_is_seen_on_the_page_of_a_real_solution(name: str, tmp_path: Path):
    """Without running it: on a page a tag stands before a word, and must not be taken for a part of it."""
    course = find_course()
    assignment = course.load(name)
    solved = tmp_path / "solved.ipynb"
    write_notebook(solved, release_notebook(source_notebook(assignment)), solved_cells(assignment))
    page, _ = HTMLExporter().from_notebook_node(nbformat.read(solved, as_version=4))
    assert list(known_leaks(course, [assignment], [], solved=True).find(page)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["01_convolution", "02_convolution_variants", "03_pooling_normalization"])
def test_every_real_solution_is_published_with_its_figures(name: str, course: Course, tmp_path: Path, monkeypatch):
    from autograder.publish.release import release_solutions

    monkeypatch.setenv("COURSE_MODE", "smoke")
    assert release_solutions(course, [name], tmp_path / "out", print, 600) == []
    assert (next((tmp_path / "out" / name).glob("*.html"))).read_text().count("data:image/png;base64,") >= 3
