"""`course release` publishes clean folders, all of them or none."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

from autograder.building.release import build
from autograder.course import Course

NAME, OTHER = "10_average_pooling", "09_written"


def test_a_release_is_the_built_notebook_with_all_it_needs_and_the_same_bytes_each_time(small: Course, course_command):
    to = small.root.parent / "published"
    report = json.loads(course_command("release", NAME, OTHER, "--to", str(to), "--json").stdout)
    assert report == {"ok": True, "published": [str(to / NAME), str(to / OTHER)], "leaks": []}
    folder = to / NAME
    wheel = next(folder.glob("*.whl")).name
    names = {"AGENTS.md", "README.md", "SHA256SUMS", "cases.npz", "average_pooling.ipynb", "requirements.txt", wheel}
    assert {path.name for path in folder.iterdir()} == names
    for file in build(small, small.load(NAME)):
        if file.path.parts[0] == "assignments":
            assert (folder / file.path.name).read_bytes() == file.content
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert hashlib.sha256((folder / wheel).read_bytes()).hexdigest() in (folder / "requirements.txt").read_text()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    course_command("release", NAME, "--to", str(to))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert sorted(path.name for path in to.parent.iterdir()) == ["course", "published"]
    in_the_wheel(folder / wheel)


def in_the_wheel(path: Path) -> None:
    """`common` and nothing of the grader; no author, no date."""
    with zipfile.ZipFile(path) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
        assert tops == {"common", path.name.removesuffix("-py3-none-any.whl") + ".dist-info"}
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        metadata = next(archive.read(name).decode() for name in archive.namelist() if name.endswith("METADATA"))
        modules = {name for name in archive.namelist() if name.startswith("common/") and name.endswith(".py")}
    source = Path(__file__).resolve().parents[2]
    assert modules == {path.relative_to(source).as_posix() for path in (source / "common").rglob("*.py")}
    assert "autograder" not in metadata and "Author" not in metadata
    assert "nbgrader" not in metadata and "ipykernel" not in metadata  # Colab has a kernel of its own


def test_the_pages_say_two_commands_and_explain_do_not_solve(small: Course, course_command):
    course_command("release", NAME, "--to", "published")
    folder = small.root.parent / "published" / NAME
    readme, agents = (folder / "README.md").read_text(), (folder / "AGENTS.md").read_text()
    for needed in ("pip install -r requirements.txt", "Colab", "JupyterHub", "average_pooling.ipynb", "AGENTS.md"):
        assert needed in readme
    assert len(readme.splitlines()) <= 60
    assert "explain, don't solve" in agents
    for question in small.load(NAME).rubric.questions:
        assert f"`{question.name}`" in agents


def test_a_solution_left_in_the_open_ends_all_releases_and_nothing_is_half_published(small: Course, course_command):
    master = next((small.solutions / NAME).glob("average*.py"))
    text = master.read_text()
    body = text.split("### BEGIN SOLUTION\n")[1].split("    ### END SOLUTION")[0]
    pasted = "".join(f"# {line}\n" for line in body.splitlines())
    master.write_text(f"{text}\n# %% [markdown]\n# Another look:\n#\n{pasted}")
    done = course_command("release", OTHER, NAME, "--to", "published", status=1)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("course: Nothing was published. 10_average_pooling/average_pooling.ipynb, cells ")
    assert "solution text" in last
    assert list((small.root.parent / "published").iterdir()) == []
    assert not list(small.root.parent.glob(".published*"))


def test_what_earns_the_points_of_a_written_answer_stays_here(small: Course, course_command):
    master = small.solutions / OTHER / "written.py"
    master = (
        master if master.exists() else next(p for p in (small.solutions / OTHER).glob("*.py") if p.stem != "rubric")
    )
    with master.open("a") as file:
        file.write("\n# %% [markdown]\n# Points: the weights are learned, so the flipped kernel is learned instead.\n")
    done = course_command("release", OTHER, "--to", "published", status=1)
    assert "the answer to a written question" in done.stderr


def test_a_folder_that_no_release_wrote_is_never_replaced(small: Course, course_command):
    place = small.root.parent / "published" / NAME
    place.mkdir(parents=True)
    (place / "my notes.txt").write_text("keep me")
    done = course_command("release", NAME, "--to", "published", status=1)
    assert "my notes.txt, which no release wrote; move it away." in done.stderr
    assert [path.name for path in place.iterdir()] == ["my notes.txt"]
    course_command("release", NAME, "--to", str(small.solutions), status=1)
    assert (small.solutions / NAME / "rubric.py").is_file()


def test_an_unknown_assignment_is_one_sentence(course_command):
    done = course_command("release", "99_nothing", "--to", "published", status=1)
    assert done.stderr.startswith("course: There is no assignment '99_nothing'.")
