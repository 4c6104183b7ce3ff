"""Open a handed-in notebook. Whatever the bytes are, the answer is a notebook or one sentence why it cannot be read."""

from __future__ import annotations

import codecs
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.handin.cells import HandIn, HandInCell, HandInText
from autograder.handin.code import parse, plain, plain_python
from autograder.handin.outputs import TooManyPartsError, without_outputs
from autograder.handin.split import join_split

MAX_BYTES = 100 * 1024 * 1024
MAX_SOURCE = 256 * 1024  # characters of one cell
MAX_CODE = 4 * 1024 * 1024  # characters of all code together
MOST_CELLS = 5_000
OLDEST, NEWEST, NEWEST_MINOR = 3, 4, 5  # versions of the notebook format
MOST_NAMED = 8  # cells named in one note

__all__ = [
    "MAX_BYTES",
    "MOST_CELLS",
    "HandIn",
    "HandInCell",
    "HandInText",
    "UnreadableError",
    "notebook_bytes",
    "parse",
    "parse_notebook",
    "plain_python",
    "read_notebook",
]


class UnreadableError(Exception):
    """A hand-in that cannot be read, in one sentence."""


def read_notebook(path: Path) -> HandIn:
    """Read a notebook file; UnreadableError says why it cannot be."""
    return parse_notebook(notebook_bytes(path), path.name)


def notebook_bytes(path: Path) -> bytes:
    """The bytes of a notebook file of bounded size; UnreadableError says why they cannot be had."""
    if path.is_symlink():
        raise UnreadableError(f"{path.name} is a link, not a file.")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableError(f"{path.name} is too large ({size / 2**20:.0f} MiB; at most {MAX_BYTES // 2**20}).")
        return path.read_bytes()
    except OSError as problem:
        raise UnreadableError(f"{path.name} cannot be opened: {problem.strerror}.") from problem


def parse_notebook(content: bytes, name: str = "The file") -> HandIn:
    """Read a notebook's bytes."""
    repairs: list[str] = []
    data = _json(_text(content, name, repairs), name)
    raw = _raw_cells(data, name, repairs)
    if sum(len(_source(cell)) for cell in raw if isinstance(cell, dict) and cell.get("cell_type") == "code") > MAX_CODE:
        raise UnreadableError(f"{name} holds more than {MAX_CODE // 2**20} MiB of code.")
    seen = [_read_cell(number, cell, repairs) for number, cell in enumerate(raw, 1)]
    code = [cell for cell in seen if isinstance(cell, HandInCell)]
    code, notes = join_split(code)
    texts = tuple(cell for cell in seen if isinstance(cell, HandInText))
    return HandIn(tuple(code), (*_about_ids(code), *repairs, *notes, *_about_code(code)), texts)


def _text(content: bytes, name: str, repairs: list[str]) -> str:
    """The file as text: byte-order marks, other encodings and null bytes are read over."""
    if not content.strip(b"\0 \t\r\n"):
        raise UnreadableError(f"{name} is empty.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        repairs.append("it was saved as UTF-16")
        return content.decode("utf-16", "replace")
    if content.startswith(codecs.BOM_UTF8):
        content = content.removeprefix(codecs.BOM_UTF8)
        repairs.append("a byte-order mark was skipped")
    if b"\0" in content:
        content = content.replace(b"\0", b"")
        repairs.append("null bytes were removed")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        repairs.append("letters that are not UTF-8 were replaced")
        return content.decode("utf-8", "replace")


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(without_outputs(text), strict=False)
    except TooManyPartsError as problem:
        raise UnreadableError(f"{name} is no notebook: it is made of too many parts.") from problem
    except (ValueError, RecursionError) as problem:
        raise UnreadableError(f"{name} is no notebook: it is not valid JSON.") from problem


def _raw_cells(data: Any, name: str, repairs: list[str]) -> list[Any]:
    if not isinstance(data, dict):
        raise UnreadableError(f"{name} is no notebook: its JSON holds no notebook.")
    major, minor = data.get("nbformat", NEWEST), data.get("nbformat_minor", 0)
    if not isinstance(major, int) or not OLDEST <= major <= NEWEST:
        raise UnreadableError(f"{name} has notebook format {str(major)[:20]}; formats {OLDEST} and {NEWEST} are read.")
    if major == NEWEST and isinstance(minor, int) and minor > NEWEST_MINOR:
        repairs.append(f"a newer notebook format ({NEWEST}.{min(minor, 9999)}) was read as {NEWEST}.{NEWEST_MINOR}")
    cells = data.get("cells")
    if cells is None and isinstance(data.get("worksheets"), list):
        sheets = (sheet.get("cells") for sheet in data["worksheets"] if isinstance(sheet, dict))
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
        repairs.append("an old notebook format (3) was read")
    if not isinstance(cells, list):
        raise UnreadableError(f"{name} is no notebook: it has no list of cells.")
    if len(cells) > MOST_CELLS:
        raise UnreadableError(f"{name} has more than {MOST_CELLS} cells.")
    repairs += _about_kernel(_dict(data.get("metadata")))
    if any("\r" in _source(cell) for cell in cells):
        repairs.append("line ends of Windows were changed")
    if any("\0" in _source(cell) for cell in cells) and "null bytes were removed" not in repairs:
        repairs.append("null bytes were removed")
    return cells


def _source(cell: Any) -> str:
    raw = cell.get("source", cell.get("input", "")) if isinstance(cell, dict) else ""
    source = "".join(part for part in raw if isinstance(part, str)) if isinstance(raw, list) else raw
    return source if isinstance(source, str) else ""


def _read_cell(number: int, cell: Any, repairs: list[str]) -> HandInCell | HandInText | None:
    """A code or text cell, or None for anything else."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = _source(cell)
    # A lone surrogate cannot be encoded, a null byte cannot be compiled.
    clean = source[:MAX_SOURCE].replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    clean = clean.encode("utf-8", "replace").decode("utf-8")
    metadata = _dict(cell.get("metadata"))
    tags, grade_id = metadata.get("tags"), _dict(metadata.get("nbgrader")).get("grade_id")
    grade_id = grade_id if isinstance(grade_id, str) else None
    if cell["cell_type"] != "code":
        return HandInText(number, clean, grade_id)
    whole = len(source) <= MAX_SOURCE
    if not whole:
        repairs.append(f"cell {number} was not read: it holds more than {MAX_SOURCE // 1024} KiB")
    tags = frozenset(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else frozenset()
    return HandInCell(number, clean, plain_python(clean) if whole else None, tags, grade_id)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _about_kernel(metadata: dict[str, Any]) -> list[str]:
    kernel = _dict(metadata.get("kernelspec"))
    name, language = kernel.get("name"), kernel.get("language")
    if isinstance(language, str) and language.lower() != "python":
        return [f"its language is said to be {language[:40]!r}; it was read as Python"]
    return (
        [f"it was written with another kernel ({name[:40]!r})"] if isinstance(name, str) and name != "python3" else []
    )


def _about_ids(cells: Sequence[HandInCell]) -> list[str]:
    ids = [cell.grade_id for cell in cells if cell.grade_id]
    doubled = sorted({each for each in ids if ids.count(each) > 1})
    notes = [f"cells that stand twice: {', '.join(doubled)}"[:200]] if doubled else []
    if cells and not ids:
        notes.append("the cells' grading metadata was gone; questions were found by their names")
    return notes


def _about_code(cells: Sequence[HandInCell]) -> list[str]:
    mended = {
        cell.number: plain(cell.source)[1] for cell in cells if cell.source[:1] == "%" or cell.python != cell.source
    }
    said = {"magics": "magics and shell lines were left out of", "tabs": "tabs were read as spaces in"}
    numbers = {kind: [number for number, what in mended.items() if what == kind] for kind in said}
    return [f"{words} {_cells(numbers[kind])}" for kind, words in said.items() if numbers[kind]]


def _cells(numbers: Sequence[int]) -> str:
    named = ", ".join(map(str, numbers[:MOST_NAMED]))
    more = f" and {len(numbers) - MOST_NAMED} more" if len(numbers) > MOST_NAMED else ""
    return f"cell{'s' if len(numbers) > 1 else ''} {named}{more}"
