"""nbgrader's part of the gradebook: it makes the tables, and its own preprocessor declares an assignment in them.

Importing nbgrader takes a second: where rows are read and written the tables alone will do, see `tables`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# Known and harmless: nbgrader's models flush while SQLAlchemy 2.1 links them.
warnings.filterwarnings("ignore", message=".*autoflush.*", module="sqlalchemy.*")
warnings.filterwarnings("ignore", message=".*Object of type <.*> not in session.*")

import nbformat  # noqa: E402
import nbgrader.api  # noqa: E402
from alembic.script import ScriptDirectory  # noqa: E402
from nbgrader.api import Gradebook, InvalidEntry  # noqa: E402
from nbgrader.dbutil import ALEMBIC_DIR  # noqa: E402
from nbgrader.preprocessors import SaveCells  # noqa: E402

from autograder.course import LoadedAssignment  # noqa: E402
from autograder.gradebook.notebook import Notebook  # noqa: E402
from autograder.gradebook.tables import GradebookError, in_one_sentence  # noqa: E402


def _newest_schema() -> str:
    """nbgrader's newest schema; it asks the `alembic` command, which takes two seconds to start."""
    return str(ScriptDirectory(ALEMBIC_DIR).get_current_head())


nbgrader.api.get_alembic_version = _newest_schema


@contextmanager
def open_gradebook(url: str) -> Iterator[Gradebook]:
    """Open a gradebook, SQLite or PostgreSQL, with nbgrader's models, and make its tables when it is new."""
    with in_one_sentence(InvalidEntry), Gradebook(url) as gradebook:
        yield gradebook


def declare(gradebook: Gradebook, url: str, assignment: LoadedAssignment, release: Notebook) -> None:
    """Tell the gradebook the assignment's cells and points, by nbgrader's own preprocessor."""
    gradebook.update_or_create_assignment(assignment.name)
    place = {"notebook": assignment.notebook, "assignment": assignment.name, "db_url": url}
    try:
        SaveCells().preprocess(nbformat.from_dict(release), {"nbgrader": place})
    except RuntimeError as problem:
        raise GradebookError(
            f"{assignment.name} has other questions than the gradebook knows, and it already holds grades. "
            "Grade into a new folder (--to), or remove the assignment from the old gradebook first."
        ) from problem
    gradebook.db.expire_all()
