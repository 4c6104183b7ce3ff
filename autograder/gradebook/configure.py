"""What every nbgrader_config.py of this course says: `configure(c)`. Dotted names: nothing heavy is imported."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

CODE_STUB = "# Write your code here.\nraise NotImplementedError"
TEXT_STUB = "*Write your answer here.*"
# Never copied between a student's folder and the instructor's. A page of a student's would be released as feedback.
IGNORED = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.py", "*.html", "feedback", ".course-*"]


def configure(c: Any) -> None:
    """Have nbgrader build as `course build` does, and grade and show what was handed in as `course grade` does."""
    # nbgrader asks the `alembic` command for the schema's version; it stands beside the interpreter.
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([beside, os.environ.get("PATH", "")])
    c.CourseDirectory.course_id = "cnn-by-doing"
    c.CourseDirectory.ignore = IGNORED
    c.ClearSolutions.code_stub = {"python": CODE_STUB}
    c.ClearSolutions.text_stub = TEXT_STUB
    c.ExchangeFactory.collect = "autograder.gradebook.exchange.CollectWithoutLinks"
    c.ExchangeFactory.release_feedback = "autograder.gradebook.exchange.ReleaseWhereAsked"
    c.Autograde.exporter_class = "autograder.gradebook.autograde.GradingExporter"
    c.Autograde.sanitize_preprocessors = []
    c.Autograde.autograde_preprocessors = [
        "autograder.gradebook.autograde.GradeInJail",
        "autograder.gradebook.late.LatePenalties",
    ]
    c.ExportApp.plugin_class = "autograder.gradebook.late.ExportInTime"
    c.GenerateFeedback.force = True  # a page that stands there may be older than what a person has marked since
    c.GenerateFeedback.preprocessors = [
        "autograder.gradebook.shown.FeedbackGrades",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]
    c.HTMLExporter.filters = {"markdown2html": "autograder.gradebook.shown.markdown2html"}
