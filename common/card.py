"""A card: what check() shows, as text for a terminal and as HTML for a notebook."""

from __future__ import annotations

import html
import re
import textwrap
from dataclasses import dataclass

from common.cases.verdict import QuestionResult, Status, Verdict

WIDTH = 110
MARKS = {True: "ok", False: "NO"}
CLOSING = "Grading uses fresh inputs of other sizes."
CLOSINGS = {
    "value": "Grading looks at these same entries.",
    "trained": "Grading uses other data of the same kind.",
}

# Colours with a contrast of 4.5 and more, for the light and dark themes of Jupyter, VS Code and Colab. The symbols say
# the same without them.
STYLE = """
.course-card{border:1px solid #8888;border-left:4px solid var(--tone);border-radius:6px;padding:.6em .9em;margin:.3em 0;
 max-width:62em;line-height:1.45;font-size:13px;color:inherit}
.course-card.course-card table{border-collapse:collapse;margin:.4em 0;table-layout:auto;width:auto;font-size:13px}
.course-card.course-card td{border:0;padding:.15em 1.2em .15em 0;text-align:left;vertical-align:top;background:none;
 white-space:normal;overflow-wrap:anywhere;max-width:none}
.course-card.course-card tr{background:none}
.course-card.course-card .mark{font-weight:700;white-space:nowrap;overflow-wrap:normal}
.course-card.course-card .case{min-width:14em}
.course-card .head{display:flex;justify-content:space-between;gap:1em;font-weight:600}
.course-card .ok{color:#1b7a34}.course-card .no{color:#b3243b}
:is([data-jp-theme-light=false],.vscode-dark,html[theme=dark]) .course-card .ok{color:#58c473}
:is([data-jp-theme-light=false],.vscode-dark,html[theme=dark]) .course-card .no{color:#f08090}
.course-card .helps{font-weight:600}
.course-card .soft{opacity:.75}
.course-card p{margin:.4em 0}
"""


@dataclass(frozen=True)
class Card:
    """The result of one check, ready to be shown. Jupyter picks the HTML, everything else the text."""

    result: QuestionResult
    kind: str = "function"

    def __repr__(self) -> str:
        return as_text(self.result, self.kind)

    def _repr_html_(self) -> str:
        return as_html(self.result, self.kind)


def points(result: QuestionResult) -> str:
    """ "2 of 6 points so far"."""
    return f"{result.score:g} of {result.max_score:g} points{'' if result.status is Status.PASSED else ' so far'}"


def note(verdict: Verdict) -> str:
    """What one row says beside the name of its case."""
    if not verdict.passed:
        return verdict.why
    if verdict.error is None or verdict.tolerance is None:
        return "as it should be"
    return "exactly right" if verdict.tolerance == 0 else f"error {verdict.error:.2g} (allowed {verdict.tolerance:.0e})"


def notes(result: QuestionResult, kind: str = "function") -> list[str]:
    """The note of every row. What the failure above it said is not said again, but in a table nothing stands above."""
    above, shown = "", []
    for verdict in result.verdicts:
        text = note(verdict)
        shown.append("as above" if not verdict.passed and text == above and kind != "value" else text)
        above = above if verdict.passed else text
    return shown


def words(result: QuestionResult) -> list[str]:
    """The first failure, in words: where it was, what was seen, what it probably is."""
    first = next((verdict for verdict in result.verdicts if not verdict.passed), None)
    if first is None or result.status is Status.MISSING:
        return []
    lines = [f"{first.probes} ({first.inputs})." if first.inputs else f"{first.probes}."]
    lines += [result.advice] if result.advice else []
    lines += [first.detail] if first.detail else []
    return lines if first.inputs or len(lines) > 1 else []  # the row above has said its name already


def as_text(result: QuestionResult, kind: str = "function") -> str:
    """The card for a terminal, a log file or a screen reader."""
    head = f"{result.question:<50}{points(result):>30}"
    widest = max((len(verdict.probes) for verdict in result.verdicts), default=0)
    lines = [head]
    for verdict, text in zip(result.verdicts, notes(result, kind), strict=True):
        start = f"  {MARKS[verdict.passed]}   {verdict.probes:<{widest}}   "
        lines.append(textwrap.fill(text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start)))
    if explained := words(result):
        lines += ["", *(textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="  ") for line in explained)]
    return "\n".join([*lines, "", f"  {CLOSINGS.get(kind, CLOSING)}"])


def as_html(result: QuestionResult, kind: str = "function") -> str:
    """The card for a notebook, light or dark."""
    tone = "#2a8a3e" if result.status is Status.PASSED else "#d1495b" if result.score == 0 else "#b7791f"
    rows = "".join(_row(*row) for row in zip(result.verdicts, notes(result, kind), strict=True))
    explained = "".join(
        f"<p{' class=helps' if line == result.advice else ''}>{_with_code(line)}</p>" for line in words(result)
    )
    return (
        f"<style>{STYLE}</style>"
        f'<div class="course-card" style="--tone:{tone}">'
        f'<div class="head"><span>{html.escape(result.question)}</span><span>{html.escape(points(result))}</span></div>'
        f"<table>{rows}</table>{explained}"
        f'<p class="soft">{CLOSINGS.get(kind, CLOSING)}</p></div>'
    )


def _with_code(text: str) -> str:
    """Escaped text with what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _row(verdict: Verdict, text: str) -> str:
    mark, name = ("ok", "ok") if verdict.passed else ("no", "NO")
    return (
        f'<tr><td class="mark {mark}">{"✓" if verdict.passed else "✗"} {name}</td>'
        f'<td class="case">{html.escape(verdict.probes)}</td>'
        f'<td class="soft">{_with_code(text)}</td></tr>'
    )
