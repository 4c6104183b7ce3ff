"""Time rules in nbgrader's own commands: its steps that settle the gradebook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config

from autograder.course import Course, find_course
from autograder.deadlines.lateness import TimeRules, time_rules
from autograder.deadlines.receipts import claimed_time
from autograder.deadlines.rules import DeadlinesError
from autograder.gradebook.settle import naive, settle
from autograder.gradebook.tables import open_tables

Resources = dict[str, Any]


def rules_here(root: Path, config: Config) -> TimeRules:
    """The time rules of the class whose folder nbgrader works in."""
    named = config["GradingExporter"].get("course_root", "") if "GradingExporter" in config else ""
    return time_rules(Course(Path(named)) if named else find_course(root), root)


def trust_no_stamp(directory: Any) -> None:
    """Have nbgrader read a hand-in's timestamp.txt with care: what is no time there is none, and stops nothing."""

    def read(place: str) -> datetime | None:
        return naive(claimed_time(Path(place)))

    directory.get_existing_timestamp = read


class LatePenalties(NbGraderPreprocessor):  # type: ignore[misc]
    """In `nbgrader autograde`, after the scores of a hand-in: what it loses for being late."""

    def preprocess(self, notebook: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """The notebook passes through."""
        exporter: Any = self.parent
        place, directory = resources["nbgrader"], exporter.converter.coursedir
        person = place["student"], place["assignment"]
        times = rules_here(Path(directory.root), self.config)
        stamp = claimed_time(Path(directory.format_path(directory.submitted_directory, *person)))
        with open_tables(place["db_url"]) as engine:
            settle(engine, times, {person: stamp}, only=person)
        return notebook, resources


class ExportInTime(CsvExportPlugin):  # type: ignore[misc]
    """`nbgrader export`, with penalties as the file has them now and of the scores that people have typed in since."""

    def export(self, gradebook: Gradebook) -> None:
        """Settle, then export."""
        app: Any = self.parent
        try:
            settle(gradebook.engine, rules_here(Path(app.coursedir.root), self.config))
        except DeadlinesError as problem:
            app.fail(str(problem))
        super().export(gradebook)
