"""Python code as lines of HTML: escaped, with keywords, strings, numbers and comments told apart."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

from markupsafe import Markup, escape

# One pass, no backtracking over more than one line or one string, and no parser: code that does not parse is shown too.
TOKEN = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r"|(?P<string>[rbfuRBFU]{0,2}(?:\"\"\"[\s\S]*?(?:\"\"\"|\Z)|'''[\s\S]*?(?:'''|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*(?:\"|$)|'(?:\\.|[^'\\\n])*(?:'|$)))"
    r"|(?P<number>\b\d[\w.]*)"
    r"|(?P<word>[^\W\d]\w*)",
    re.MULTILINE,
)
CLASSES = {"comment": "c", "string": "s", "number": "n", "keyword": "k"}


def code_lines(lines: list[str]) -> list[Markup]:
    """Each line of the code as HTML."""
    html: list[list[str]] = [[]]
    for kind, text in _tokens("\n".join(lines)):
        for number, part in enumerate(text.split("\n")):
            if number:
                html.append([])
            if part:
                shown = str(escape(part))
                html[-1].append(f'<span class="{CLASSES[kind]}">{shown}</span>' if kind else shown)
    return [Markup("".join(parts)) for parts in html]


def with_code(text: str) -> Markup:
    """A sentence in which `names between backticks` are set as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner is only a backtick
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )


def _tokens(code: str) -> Iterator[tuple[str, str]]:
    end = 0
    for match in TOKEN.finditer(code):
        if match.start() > end:
            yield "", code[end : match.start()]
        end = match.end()
        kind = match.lastgroup or ""
        if kind == "word":
            kind = "keyword" if keyword.iskeyword(match[0]) else ""
        yield kind, match[0]
    yield "", code[end:]
