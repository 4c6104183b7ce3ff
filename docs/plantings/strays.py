"""What else may slip in: results, counts, files of tools, history. Each is planted as it really occurs."""

from __future__ import annotations

import io
import json
import marshal
import pickle
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from payloads import HOME, USER
from places import Files, code_cell, in_notebook, in_zip, text_cell, wheel_name

from autograder.leaks.leak import Kind

SOURCE = "def conv1d(x, h):\n    return [sum(x)]\n"
Stray = tuple[str, str, tuple[Kind, ...], Callable[[Files], str]]  # what, where, what the scan calls it, how


def bytecode() -> bytes:
    """A compiled module, with the header of Python 3.12."""
    return b"\xcb\r\r\n" + bytes(12) + marshal.dumps(compile(SOURCE, "conv1d.py", "exec"))


def hidden_array() -> bytes:
    """An array as a fresh case has it."""
    file = io.BytesIO()
    np.save(file, np.arange(35.0).reshape(7, 5) / 64 - 0.25)
    return file.getvalue()


def database() -> bytes:
    """A database with a table in it."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(path := Path(folder) / "any")
        connection.execute("create table grade (student, score)")
        connection.commit()
        connection.close()
        return path.read_bytes()


def executed(data: dict[str, Any], _: Any) -> None:
    """As a notebook looks that was run and saved."""
    code_cell(data)["execution_count"] = 7


def timed(data: dict[str, Any], _: Any) -> None:
    """Times of execution, as JupyterLab writes them."""
    code_cell(data)["metadata"]["execution"] = {"iopub.execute_input": "2026-11-21T08:15:02.123Z"}


def coloured(data: dict[str, Any], _: Any) -> None:
    """What Colab notes of who ran a cell."""
    data["metadata"]["colab"] = {"provenance": []}
    code_cell(data)["metadata"]["executionInfo"] = {"user": {"displayName": USER}, "elapsed": 12}


def pictured(data: dict[str, Any], _: Any) -> None:
    """An output with a picture."""
    code_cell(data)["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {"image/png": "aGFsbG8="}}]


def failed(data: dict[str, Any], _: Any) -> None:
    """A traceback in an output."""
    trace = [f'File "{HOME}/convolution.py", line 3']
    code_cell(data)["outputs"] = [{"output_type": "error", "ename": "E", "evalue": "", "traceback": trace}]


def author(members: dict[str, bytes], _: Any) -> None:
    """The author of a wheel."""
    name = next(name for name in members if name.endswith("METADATA"))
    members[name] = members[name].replace(b"Summary:", f"Author-email: {USER}@example.org\nSummary:".encode())


def file(name: str, content: bytes = b"nothing to see") -> Callable[[Files], str]:
    """A file of its own."""

    def plant(files: Files) -> str:
        files[name] = content
        return name

    return plant


def member(of: str, name: str, content: bytes = b"nothing to see") -> Callable[[Files], str]:
    """A member of cases.npz or of the wheel."""

    def change(members: dict[str, bytes], _: Any) -> None:
        members[name] = content

    place = wheel_name if of == "the wheel" else (lambda files: "cases.npz")
    return lambda files: in_zip(place, change)(files, None)


def cell(change: Callable[[dict[str, Any], Any], None]) -> Callable[[Files], str]:
    """A change of the notebook."""
    return lambda files: in_notebook(change)(files, None)


def _strange_kernel(data: dict[str, Any], _: Any) -> None:
    data["metadata"]["kernelspec"]["name"] = f"{USER}-env"


def _widgets(data: dict[str, Any], _: Any) -> None:
    data["metadata"]["widgets"] = {"state": {}}


def _versions(data: dict[str, Any], _: Any) -> None:
    data["metadata"]["language_info"]["version"] = "3.12.4"


def _collapsed(data: dict[str, Any], _: Any) -> None:
    text_cell(data)["metadata"]["jupyter"] = {"source_hidden": True}


def _author(files: Files) -> str:
    return in_zip(wheel_name, author)(files, None)


def _zip(name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"nothing to see")
    return packed.getvalue()


NOTEBOOK, CASES, WHEEL, FOLDER = "the notebook", "cases.npz", "the wheel", "the folder"
ELF = b"\x7fELF\x02\x01\x01" + bytes(60)
CHECKPOINT = "common/.ipynb_checkpoints/card-checkpoint.py"
LOCKED = _zip("a.txt").replace(b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0")
BLOB = zlib.compress(b"blob 44\0" + SOURCE.encode())
BUNDLE = b"# v2 git bundle\n" + b"1" * 40 + b" refs/heads/main\n\n"
PATCH = b"diff --git a/convolution.py b/convolution.py\nindex 0000000..1111111 100644\n"
TREE = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()

STRAYS: list[Stray] = [
    ("an execution count", NOTEBOOK, (Kind.COUNT,), cell(executed)),
    ("times of execution", NOTEBOOK, (Kind.METADATA,), cell(timed)),
    ("what Colab notes of its user", NOTEBOOK, (Kind.METADATA,), cell(coloured)),
    ("a picture as an output", NOTEBOOK, (Kind.OUTPUT,), cell(pictured)),
    ("a traceback as an output", NOTEBOOK, (Kind.OUTPUT,), cell(failed)),
    ("a kernel named after its user", NOTEBOOK, (Kind.METADATA,), cell(_strange_kernel)),
    ("the state of widgets", NOTEBOOK, (Kind.METADATA,), cell(_widgets)),
    ("the version of a kernel", NOTEBOOK, (Kind.METADATA,), cell(_versions)),
    ("a cell's fold", NOTEBOOK, (Kind.METADATA,), cell(_collapsed)),
    ("bytecode", FOLDER, (Kind.CODE,), file("__pycache__/conv1d.cpython-312.pyc", bytecode())),
    ("bytecode by another name", FOLDER, (Kind.CODE,), file("notes.txt", bytecode())),
    ("bytecode", WHEEL, (Kind.CODE,), member("the wheel", "common/__pycache__/conv1d.cpython-312.pyc", bytecode())),
    ("bytecode", CASES, (Kind.CODE,), member("cases.npz", "weights.dat", bytecode())),
    ("a marshalled function", WHEEL, (Kind.CODE,), member("the wheel", "common/data.bin", bytecode()[16:])),
    ("a pickle", FOLDER, (Kind.CODE,), file("model.bin", pickle.dumps({"conv1d": SOURCE}))),
    ("a pickle", CASES, (Kind.CODE,), member("cases.npz", "model.npy", pickle.dumps([1, 2, 3]))),
    ("machine code", FOLDER, (Kind.CODE,), file("conv1d.so", ELF)),
    (
        "machine code by another name",
        WHEEL,
        (Kind.CODE,),
        member("the wheel", "common/fast.dat", ELF),
    ),
    ("Jupyter's checkpoint", FOLDER, (Kind.LEFTOVER,), file(".ipynb_checkpoints/convolution-checkpoint.ipynb", TREE)),
    (
        "Jupyter's checkpoint",
        WHEEL,
        (Kind.LEFTOVER,),
        member("the wheel", CHECKPOINT),
    ),
    ("Emacs's backup", FOLDER, (Kind.LEFTOVER,), file("README.md~")),
    ("Emacs's lock", FOLDER, (Kind.LEFTOVER,), file(".#README.md")),
    ("Emacs's autosave", WHEEL, (Kind.LEFTOVER,), member("the wheel", "common/#card.py#")),
    ("Vim's swap file", FOLDER, (Kind.LEFTOVER,), file(".README.md.swp")),
    ("Vim's swap file by another name", FOLDER, (Kind.LEFTOVER,), file("notes", b"b0VIM 9.0" + bytes(40))),
    ("an editor's folder", FOLDER, (Kind.LEFTOVER,), file(".vscode/settings.json", b"{}")),
    ("an editor's folder", FOLDER, (Kind.LEFTOVER,), file(".idea/workspace.xml")),
    ("a merge's leftover", FOLDER, (Kind.LEFTOVER,), file("convolution.ipynb.orig", TREE)),
    ("macOS's folder view", FOLDER, (Kind.LEFTOVER,), file(".DS_Store")),
    ("macOS's twin of a file", CASES, (Kind.LEFTOVER,), member("cases.npz", "__MACOSX/._manifest.json")),
    ("a cache of tests", FOLDER, (Kind.LEFTOVER,), file(".pytest_cache/README.md")),
    ("git's folder", FOLDER, (Kind.HISTORY,), file(".git/HEAD", b"ref: refs/heads/main\n")),
    ("git's object by another name", FOLDER, (Kind.HISTORY,), file("notes.dat", BLOB)),
    ("git's pack by another name", FOLDER, (Kind.HISTORY,), file("notes.dat", b"PACK\0\0\0\2" + bytes(40))),
    ("a bundle of the repository", FOLDER, (Kind.HISTORY,), file("course.dat", BUNDLE)),
    ("a patch", FOLDER, (Kind.HISTORY,), file("notes.txt", PATCH)),
    ("a patch in an archive", FOLDER, (Kind.HISTORY,), file("notes.zip", _zip("0001-Fix.patch"))),
    ("git's settings", WHEEL, (Kind.HISTORY,), member("the wheel", "common/.gitignore")),
    ("the grader", WHEEL, (Kind.RUBRIC,), member("the wheel", "autograder/__init__.py")),
    ("a rubric's file", FOLDER, (Kind.RUBRIC,), file("rubric.py")),
    ("the masters' folder", FOLDER, (Kind.RUBRIC,), file("solutions/notes.txt")),
    ("the gradebook", FOLDER, (Kind.RECORD,), file("gradebook.db", database())),
    ("the gradebook by another name", FOLDER, (Kind.RECORD,), file("notes.dat", database())),
    ("deadlines with names of students", FOLDER, (Kind.RECORD,), file("deadlines.toml")),
    ("the secret's file", FOLDER, (Kind.RECORD,), file(".course-secret", b"moved away\n")),
    ("a fresh case's array", CASES, (Kind.CASES,), member("cases.npz", "0123456789abcdef.npy", hidden_array())),
    ("an author", WHEEL, (Kind.PERSON,), _author),
    (
        "a locked archive",
        FOLDER,
        (Kind.OPAQUE,),
        file("notes.zip", LOCKED),
    ),
    ("half an archive", FOLDER, (Kind.OPAQUE,), file("notes.zip", _zip("a.txt")[:50])),
    ("any other file", FOLDER, (Kind.STRANGE,), file("todo.txt")),
]
