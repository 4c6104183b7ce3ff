"""Where it is planted: every place of a student folder that can hold a text or some bytes."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Files = dict[str, bytes]
Plant = Callable[[Files, Any], str]  # changes one file, returns its name


def notebook_name(files: Files) -> str:
    """The name of the folder's notebook."""
    return next(name for name in files if name.endswith(".ipynb"))


def wheel_name(files: Files) -> str:
    """The name of the folder's wheel."""
    return next(name for name in files if name.endswith(".whl"))


def in_notebook(change: Callable[[dict[str, Any], Any], None]) -> Plant:
    """Plant by changing the parsed notebook."""

    def plant(files: Files, what: Any) -> str:
        name = notebook_name(files)
        data = json.loads(files[name])
        change(data, what)
        files[name] = json.dumps(data, indent=1).encode()
        return name

    return plant


def in_zip(of: Callable[[Files], str], change: Callable[[dict[str, bytes], Any], None], comment: bool = False) -> Plant:
    """Plant by changing the members of an archive, or by giving it a comment."""

    def plant(files: Files, what: Any) -> str:
        name = of(files)
        with zipfile.ZipFile(io.BytesIO(files[name])) as archive:
            members = {each: archive.read(each) for each in archive.namelist()}
        if not comment:
            change(members, what)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for each, content in members.items():
                archive.writestr(zipfile.ZipInfo(each), content, zipfile.ZIP_DEFLATED)
            if comment:
                archive.comment = what.encode()[:60000]
        files[name] = packed.getvalue()
        return name

    return plant


def append(of: Callable[[Files], str]) -> Plant:
    """Plant at the end of a file."""

    def plant(files: Files, what: Any) -> str:
        name = of(files)
        files[name] += b"\n" + (what if isinstance(what, bytes) else what.encode()) + b"\n"
        return name

    return plant


def code_cell(data: dict[str, Any]) -> dict[str, Any]:
    """A code cell in the middle of a notebook."""
    cells = [cell for cell in data["cells"] if cell["cell_type"] == "code"]
    return cells[len(cells) // 2]


def text_cell(data: dict[str, Any]) -> dict[str, Any]:
    """A text cell in the middle of a notebook."""
    cells = [cell for cell in data["cells"] if cell["cell_type"] == "markdown"]
    return cells[len(cells) // 2]


def _cases(files: Files) -> str:
    return "cases.npz"


def _source(cell: dict[str, Any], text: str) -> None:
    cell["source"] = "".join(cell["source"]) + "\n\n" + text


def _attached(data: dict[str, Any], what: str) -> None:
    content = base64.b64encode(what.encode()).decode()
    text_cell(data)["attachments"] = {"notes.txt": {"text/plain": content}}


def _new_cell(data: dict[str, Any], what: str) -> None:
    cell = {"cell_type": "raw", "id": "notes", "metadata": {}, "source": what.splitlines(keepends=True)}
    data["cells"].append(cell)


def _manifest(members: dict[str, bytes], what: str) -> None:
    data = json.loads(members["manifest.json"])
    data["questions"][0]["cases"][0]["probes"] = what
    members["manifest.json"] = json.dumps(data).encode()


def _say(members: dict[str, bytes], what: str) -> None:
    data = json.loads(members["manifest.json"])
    data["questions"][0]["mistakes"][0]["say"] = what
    members["manifest.json"] = json.dumps(data).encode()


def _docstring(members: dict[str, bytes], what: str) -> None:
    members["common/card.py"] = f'r"""{what}"""\n'.encode() + members["common/card.py"]


def _codes(members: dict[str, bytes], what: str) -> None:
    name = next(name for name in members if name.endswith(".npy"))
    file = io.BytesIO()
    np.save(file, np.frombuffer(what.encode(), np.uint8).astype(np.float64))
    members[name] = file.getvalue()


def _header(members: dict[str, bytes], what: str) -> None:
    name = next(name for name in members if name.endswith("METADATA"))
    members[name] += b"\n" + what.encode()


def _member(name: str) -> Callable[[dict[str, bytes], Any], None]:
    def change(members: dict[str, bytes], what: Any) -> None:
        members[name] = what if isinstance(what, bytes) else what.encode()

    return change


# For a text.
TEXT_PLACES: dict[str, Plant] = {
    "README.md": append(lambda files: "README.md"),
    "AGENTS.md": append(lambda files: "AGENTS.md"),
    "requirements.txt": append(lambda files: "requirements.txt"),
    "a text cell": in_notebook(lambda data, what: _source(text_cell(data), what)),
    "a code cell": in_notebook(lambda data, what: _source(code_cell(data), what)),
    "a raw cell": in_notebook(_new_cell),
    "a cell's tags": in_notebook(lambda data, what: code_cell(data)["metadata"].update(tags=[what])),
    "a cell's id": in_notebook(lambda data, what: text_cell(data).update(id=what)),
    "a cell's attachment": in_notebook(_attached),
    "a cell's metadata": in_notebook(lambda data, what: text_cell(data)["metadata"].update(name=what)),
    "the notebook's metadata": in_notebook(lambda data, what: data["metadata"].update(authors=[{"name": what}])),
    "the kernel's name": in_notebook(lambda data, what: data["metadata"]["kernelspec"].update(display_name=what)),
    "an output": in_notebook(
        lambda data, what: code_cell(data).update(
            outputs=[{"output_type": "stream", "name": "stdout", "text": what.splitlines(keepends=True)}]
        )
    ),
    "a docstring in the wheel": in_zip(wheel_name, _docstring),
    "a module of the wheel": in_zip(wheel_name, _member("common/notes.py")),
    "the wheel's metadata": in_zip(wheel_name, _header),
    "the wheel's comment": in_zip(wheel_name, _header, comment=True),
    "the name of a case": in_zip(_cases, _manifest),
    "a sentence in cases.npz": in_zip(_cases, _say),
    "an array of cases.npz": in_zip(_cases, _codes),
    "the comment of cases.npz": in_zip(_cases, _manifest, comment=True),
}
# For some bytes.
BYTE_PLACES: dict[str, Plant] = {
    "a member of cases.npz": in_zip(_cases, _member("notes.dat")),
    "a data file of the wheel": in_zip(wheel_name, _member("common/notes.dat")),
    "the end of the wheel": append(wheel_name),
    "a file of its own": lambda files, what: files.update({"notes.dat": what}) or "notes.dat",
}


def read_folder(folder: Path) -> Files:
    """The files of a student folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
