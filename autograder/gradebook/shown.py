"""What formgrader and feedback render: comments as plain text, Markdown that can neither run nor fetch anything."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbgrader.preprocessors import GetGrades

from autograder.gradebook.comment import for_student
from autograder.gradebook.late import rules_here
from autograder.gradebook.settle import settle
from autograder.gradebook.tables import open_tables


class FeedbackGrades(GetGrades):  # type: ignore[misc]
    """nbgrader's step that reads scores and comments, with our comments as they were written, line by line."""

    def preprocess(self, notebook: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Read scores and comments, with the late penalty as the time rules have it now."""
        place, exporter = resources["nbgrader"], self.parent
        times = rules_here(Path(exporter.parent.coursedir.root), self.config)
        with open_tables(place["db_url"]) as engine:
            settle(engine, times, only=(place["student"], place["assignment"]))
        done: tuple[NotebookNode, dict[str, Any]] = super().preprocess(notebook, resources)
        return done

    def _get_comment(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        comment = self.gradebook.find_comment(
            cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id
        )
        # What a person typed is Markdown; ours may quote a student, and Markdown would run its lines together.
        text = for_student(comment.manual_comment or "") or as_is(for_student(comment.auto_comment or ""))
        cell.metadata.nbgrader["comment"] = text or None


def as_is(text: str) -> str:
    """Text as a Markdown code block: every line on its own, nothing in it means anything."""
    return "".join(f"\n    {line}" for line in text.splitlines())


def markdown2html(source: str) -> str:
    """Markdown for a page that an instructor opens while logged in: nbconvert's, without scripts and fetches."""
    renderer = QuietRenderer(escape=False, allow_harmful_protocols=False, exclude_anchor_links=True)
    return str(MarkdownWithMath(renderer=renderer).render(source))


class QuietRenderer(IPythonRenderer):
    """No picture is fetched from elsewhere and none that is missing breaks the page; no diagram language."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture that is in the page itself, else its name."""
        if url.startswith("data:image/"):
            return str(super().image(text, url, title))
        return f"[picture: {escape(text or url)}]"

    def block_mermaidjs(self, code: str) -> str:
        """Code like any other."""
        return f"<pre><code>{escape(code)}</code></pre>\n"
