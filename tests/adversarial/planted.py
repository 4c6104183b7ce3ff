"""A grader that knows what no hand-in may learn: `python planted.py ENGINE FOLDER MARKER [everything] [keras]`.

It loads a course, draws cases, computes answers, reads a hand-in, and then has the searcher look for all of it from
inside a jailed process that was given the inputs of one case. It prints what was found, as JSON.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path

import numpy as np
from graded import small_course
from hand_ins import HERE, SCALE

from autograder.course import Course
from autograder.grading.plan import make_plan
from autograder.handin.notebook import read_notebook
from autograder.jail import Jail, Limits
from common import wire
from common.cases import Sheet

PATIENT = Limits(load_seconds=60, call_seconds=900, cpu_seconds=900, memory_mib=2048)
KNOWN_IN_A_FILE = Path(wire.__file__).read_bytes()[:80]
MARKER = "planted-c7d1e94b-"  # how every marker begins: one thing to look for in the gigabytes of the runtime
RUNTIME, ENDLESS = ("/usr", "/lib"), ("/sys", "/dev")


def marked_course(root: Path, markers: dict[str, str]) -> Course:
    """The small course with a marker in its rubric, in a known mistake's sentence and in its solution."""
    course = small_course(root, [SCALE.assignment])
    text = {path.name: path.read_text() for path in (HERE / "course/solutions" / SCALE.assignment).glob("*.py")}
    (root / "solutions").unlink()
    folder = root / "solutions" / SCALE.assignment
    folder.mkdir(parents=True)
    rubric = text["rubric.py"].replace("The factor is", f"{markers['a known mistake']} The factor is")
    (folder / "rubric.py").write_text(f"{rubric}\nSOURCE = '{markers['the rubric']}'\n")
    solution = f"return x * factor  # {markers['the solution']}"
    (folder / f"{SCALE.notebook}.py").write_text(text[f"{SCALE.notebook}.py"].replace("return x * factor", solution))
    return course


def needles(sheet: Sheet, markers: dict[str, str]) -> dict[str, bytes]:
    """What to look for, by what it is. The first case's inputs are given to the hand-in; nothing else is."""
    found = {name: marker.encode() for name, marker in markers.items()}
    for number, case in enumerate(sheet.cases):
        found[f"expected value {number}"] = case.expected.value.tobytes()
        if number:
            found[f"input {number}, not yet sent"] = case.inputs["x"].tobytes()
    for mistake in sheet.mistakes:
        found[f"what {mistake.name!r} would give"] = mistake.outcomes[0].value.tobytes()
    return found


def hidden(needle: bytes) -> np.ndarray:
    """A needle as the searcher wants it."""
    return np.frombuffer(needle, np.uint8) + np.uint8(1)


def main(engine: str, folder: str, argument: str, *options: str) -> None:
    """Know everything, ask the searcher, say what it found."""
    names = ("a known mistake", "the rubric", "the solution", "another hand-in", "labels")
    markers = {name: f"{MARKER}{secrets.token_hex(16)}" for name in names}
    markers |= {"the secret, in the environment": os.environ["COURSE_SECRET"], "an argument": argument}
    plan = make_plan(marked_course(Path(folder), markers), SCALE.assignment, os.environ["COURSE_SECRET"].encode())
    sheet = plan.sheets[SCALE.question]
    other = Path(folder, "other.ipynb")
    cell = {"cell_type": "code", "source": f"# {markers['another hand-in']}", "metadata": {}}
    other.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    kept = (read_notebook(other), np.frombuffer(markers["labels"].encode(), np.uint8).copy())
    told = {"a text": f"told-{secrets.token_hex(16)}", "an array": np.random.default_rng().random(200_000)}
    wanted = needles(sheet, markers)
    looked_for = [hidden(each) for each in wanted.values()]
    controls = [hidden(told["a text"].encode()), hidden(told["an array"][-500:].tobytes())]
    everything = "everything" in options
    skipped = list(ENDLESS) if everything else [*ENDLESS, *RUNTIME, sys.prefix, sys.base_prefix]
    in_any_file = [hidden(MARKER.encode())] if everything else looked_for
    preload = ("numpy", "keras") if "keras" in options else ("numpy",)
    with Jail.start(engine, preload) as jail, jail.session(PATIENT) as session:
        source = (HERE / "searcher.py").read_text()
        session.load(
            [("searcher", source), ("told", f"text = {told['a text']!r}\ndef keep(*x):\n    globals()['k'] = x")]
        )
        session.call("keep", [told["an array"], *sheet.cases[0].inputs.values()])
        answers = {
            "proc": session.call("proc_is_shut", []),
            "memory": session.call("search_memory", [[*looked_for, *controls]]),
            "files": session.call("search_files", [skipped, [*in_any_file, hidden(KNOWN_IN_A_FILE)]]),
        }
    assert kept
    failed = {name: str(outcome) for name, outcome in answers.items() if not outcome.returned}
    assert not failed, failed
    in_memory, mebibytes = answers["memory"].value
    in_files, files = answers["files"].value
    known = list(wanted)
    report = {
        "looked for": known,
        "in memory": [known[index] for index in in_memory if index < len(known)],
        "controls": [sum(index >= len(known) for index in in_memory), in_files.count(len(in_any_file))],
        "mebibytes": mebibytes,
        "in files": [known[index] for index in in_files if index < len(in_any_file)],
        "files": files,
        "proc": answers["proc"].value,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
