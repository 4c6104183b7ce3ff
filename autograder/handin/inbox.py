"""Find hand-ins: a notebook, a folder submitted/<student>/<assignment>/<notebook>.ipynb, or a zip of a class."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograder.deadlines.receipts import Receipts, folder_receipt, read_record
from autograder.handin.names import SUBMITTED
from autograder.handin.submission import InboxError, Submission, safe_name
from autograder.handin.zipped import in_zip

SUFFIX = ".zip"
__all__ = ["InboxError", "Submission", "find_submissions", "holds_many", "open_inbox", "safe_name"]


@contextmanager
def open_inbox(
    paths: Sequence[Path],
    notebooks: Mapping[str, str],
    assignment: str | None = None,
    files: Collection[str] = (),
) -> Iterator[list[Submission]]:
    """All hand-ins below the paths, as find_submissions has it; what zips hold is there until the end of the block.

    `files` are the names of files that count beside a notebook, and are taken out of a zip with it.
    """
    if not any(map(is_zip, paths)):
        yield find_submissions(paths, notebooks, assignment)
        return
    with tempfile.TemporaryDirectory(prefix="course-hand-ins-") as scratch:
        yield find_submissions(paths, notebooks, assignment, Path(scratch), files)


def holds_many(path: Path) -> bool:
    """Whether a path is a class, not one notebook: a folder or a zip."""
    return path.is_dir() or is_zip(path)


def is_zip(path: Path) -> bool:
    """Whether a path is named as a zip of a class."""
    return path.suffix.lower() == SUFFIX


def find_submissions(
    paths: Sequence[Path],
    notebooks: Mapping[str, str],
    assignment: str | None = None,
    scratch: Path | None = None,
    files: Collection[str] = (),
) -> list[Submission]:
    """All hand-ins below the paths, by student and assignment. `notebooks` maps assignments to their notebook's name.

    `assignment` grades single notebooks as that assignment, and of a folder only the hand-ins of that one.
    Notebooks in a zip are copied below `scratch`, an empty folder that belongs to the caller.
    """
    found: dict[tuple[str, str], Submission] = {}
    for number, path in enumerate(paths, 1):
        if not path.exists():
            raise InboxError(f"There is no file or folder {str(path)!r}.")
        if is_zip(path) and path.is_file():
            here = _zipped(path, notebooks, assignment, scratch / f"zip-{number}" if scratch else None, files)
        elif path.is_dir():
            here = list(_in_folder(path, notebooks, assignment))
        else:
            here = [_single(path, notebooks, assignment)]
        if not here:
            raise InboxError(f"No hand-ins in {str(path)!r}. Expected {SUBMITTED}/<student>/<assignment>/*.ipynb.")
        for submission in here:
            if assignment in (None, submission.assignment):
                found.setdefault((submission.assignment, submission.student), submission)
    if not found:
        raise InboxError(f"No hand-in of {assignment!r} was found.")
    return [found[key] for key in sorted(found)]


def _zipped(
    path: Path, notebooks: Mapping[str, str], assignment: str | None, scratch: Path | None, files: Collection[str]
) -> list[Submission]:
    if scratch is None:
        raise InboxError(f"{path.name!r} is a zip, and there is no folder to unpack it to.")
    scratch.mkdir(mode=0o700)
    return in_zip(path, notebooks, assignment, scratch, files)


def _single(path: Path, notebooks: Mapping[str, str], assignment: str | None) -> Submission:
    parents = [parent.name for parent in path.resolve().parents]
    if len(parents) > 2 and parents[2] == SUBMITTED:
        place = path.resolve().parent
        receipt = folder_receipt(place, read_record(place.parents[2]))
        return Submission(safe_name(parents[1]), assignment or parents[0], path, receipt=receipt)
    guessed = next((name for name, notebook in notebooks.items() if notebook == path.stem or name in parents[:1]), "")
    return Submission(safe_name(path.stem), assignment or guessed or path.stem, path)


def _in_folder(folder: Path, notebooks: Mapping[str, str], assignment: str | None) -> Iterator[Submission]:
    """Student folders with assignment folders in them, or a flat folder of notebooks."""
    root = folder / SUBMITTED if (folder / SUBMITTED).is_dir() else folder
    if root.name != SUBMITTED and (flat := sorted(root.glob("*.ipynb"))):
        yield from (_single(path, notebooks, assignment) for path in flat)
        return
    record = read_record(root.parent)
    for student in _folders(root):
        for place in _folders(student):
            yield _from_place(student.name, place, notebooks, record)


def _from_place(student: str, place: Path, notebooks: Mapping[str, str], record: Receipts) -> Submission:
    expected = place / f"{notebooks.get(place.name, '')}.ipynb"
    others = sorted(place.glob("*.ipynb"))
    path = expected if expected in others else others[0] if len(others) == 1 else None
    problem = (
        "" if path else "No notebook was handed in." if not others else "Several notebooks, none with the right name."
    )
    return Submission(safe_name(student), place.name, path, problem, receipt=folder_receipt(place, record))


def _folders(folder: Path) -> Iterable[Path]:
    return sorted(
        each for each in folder.iterdir() if each.is_dir() and not each.is_symlink() and not each.name.startswith(".")
    )
