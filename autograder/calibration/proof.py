"""Whether a committed table still says what it must: of this recipe, by this rule, from enough runs."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.calibration.bars import graded_bar, printed_bar
from autograder.calibration.recipe import recipe_digest
from autograder.calibration.table import GRADED_IN, read_table
from autograder.course import LoadedAssignment

FEWEST = 10  # runs of a table that students read


def broken(assignment: LoadedAssignment, question: str) -> Iterator[str]:
    """What is wrong with the table of a question, a sentence each. Nothing is trained."""
    folder = assignment.master.path.parent
    rows = [each for each in read_table(folder) if each.question == question]
    again = f"run `course calibrate {assignment.name} --question {question}`"
    if GRADED_IN not in {each.mode for each in rows}:
        yield f"{question} is not calibrated in the mode {GRADED_IN}: {again}."
    if not assignment.reference.kept(question).is_file():
        yield f"{question} has no kept model: {again}."
    for row in rows:
        what, once_more = f"{question}, {row.mode}", f"{again} --mode {row.mode}"
        if row.recipe != recipe_digest(assignment.master, question):
            yield f"{what}: the recipe has changed since it was calibrated; {once_more}."
        if len(row.seeds) < FEWEST:
            yield f"{what}: {len(row.seeds)} runs are fewer than {FEWEST}; {once_more}."
        bar = printed_bar(row.accuracies, row.images)
        if (row.bar, row.graded) != (bar, graded_bar(bar, row.hidden, row.images, row.hidden_images)):
            yield f"{what}: its bars do not follow from its runs by the rule; {once_more}."
