"""feedback.png, class-page.png and similar.png: a small made-up class, really graded, its pages photographed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from photograph import chromium, photograph

from autograder.course import Course, LoadedAssignment, find_course
from autograder.handin.written import mistaken_cell, solved_cells, write_notebook
from autograder.sample import NAMES

ASSIGNMENT, STUDENTS, SEED = "01_convolution", 40, 4
ALIKE = ("hana", "hugo")
SHOWN, SLIP = "ada", ("conv1d", "same cut from the wrong place")  # whose feedback, and what it is about
# Right, odd, and handed in twice with other names for the same things.
ODD = '''def conv1d({x}, {h}, mode="full"):
    """Every sample leaves a stretched copy of the kernel behind; collect them in a dict first."""
    {bins} = dict.fromkeys(range(len({x}) + len({h}) - 1), 0.0)
    for {i}, sample in enumerate({x}):
        for {j}, weight in enumerate({h}):
            {bins}[{i} + {j}] = {bins}[{i} + {j}] + sample * weight
    result = np.array([{bins}[place] for place in sorted({bins})])
    shorter = {{"full": (0, len(result)), "valid": (len({h}) - 1, len({x})),
               "same": ((len({h}) - 1) // 2, (len({h}) - 1) // 2 + len({x}))}}
    begin, end = shorter[mode]
    return result[begin:end]
'''
WORDS = (
    {"x": "x", "h": "h", "bins": "bins", "i": "i", "j": "j"},
    {"x": "signal", "h": "kernel", "bins": "collected", "i": "at", "j": "tap"},
)


def write_hand_ins(assignment: LoadedAssignment, released: dict[str, object], folder: Path) -> None:
    """Forty people: some mistakes are common, some did not come to the end, one file is broken."""
    dice, solved = random.Random(SEED), solved_cells(assignment)
    rates = {question.name: dice.uniform(0.05, 0.4) for question in assignment.rubric.questions}
    for number, student in enumerate(" ".join(NAMES).split()[:STUDENTS]):
        answers = dict(solved)
        for question in assignment.rubric.questions:
            slips = [each for each in question.mistakes if each.edit]  # others need code that no student writes
            if slips and dice.random() < rates[question.name]:
                (slip,) = dice.choices(slips, [0.6**place for place in range(len(slips))])
                answers[question.name] = mistaken_cell(assignment, question.name, slip)
        done = len(answers) - (dice.randrange(9) if dice.random() < 0.4 else 0)
        answers = dict(list(answers.items())[:done])
        if student == SHOWN:
            answers = solved | {SLIP[0]: _with_slip(assignment, *SLIP)}
        if student in ALIKE:
            answers["conv1d"] = ODD.format(**WORDS[ALIKE.index(student)])
        path = folder / student / assignment.name / f"{assignment.notebook}.ipynb"
        path.parent.mkdir(parents=True)
        write_notebook(path, released, answers)
        if number == STUDENTS - 1:
            path.write_bytes(path.read_bytes()[:2000])


def _with_slip(assignment: LoadedAssignment, question: str, mistake: str) -> str:
    (slip,) = [each for each in assignment.rubric[question].mistakes if each.name == mistake]
    return mistaken_cell(assignment, question, slip)


def _grade(course: Course, home: Path, hand_ins: str, folder: str, *options: str) -> Path:
    """The folder of pages that the command wrote."""
    own = {"COURSE_ROOT": str(course.root), "COURSE_SECRET": "of a picture"}
    command = [sys.executable, "-m", "autograder.cli", "grade", hand_ins, "--to", folder, *options]
    subprocess.run(command, cwd=home, env={**os.environ, **own}, check=True, stdout=subprocess.DEVNULL)
    return home / folder / "report"


def make(images: Path) -> None:
    """Grade the class by the command and photograph what it wrote."""
    course = find_course()
    assignment = course.load(ASSIGNMENT)
    notebook = course.assignments / ASSIGNMENT / f"{assignment.notebook}.ipynb"
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        write_hand_ins(assignment, json.loads(notebook.read_text(encoding="utf-8")), Path(scratch, "submitted"))
        report = _grade(course, Path(scratch), "submitted", "graded")
        shown = f"submitted/{SHOWN}/{ASSIGNMENT}/{assignment.notebook}.ipynb"
        one = _grade(course, Path(scratch), shown, "one", "--question", SLIP[0])
        (feedback,) = (one / "feedback").glob("*.html")
        photograph(browser, feedback, images / "feedback.png", ".question")
        photograph(browser, report / "class.html", images / "class-page.png", ".question:nth-of-type(2)", 2)
        photograph(browser, report / "similar.html", images / "similar.png", ".line.same:last-child")
