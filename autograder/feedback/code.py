"""Python code as lines of HTML: escaped, with keywords, strings, numbers and comments told apart."""

from __future__ import annotations

import keyword
import re

from markupsafe import Markup, escape

# One pass, no backtracking over more than one line or one string, and no parser: code that does not parse is shown too.
# A group's name is its class in the style sheet.
TOKEN = re.compile(
    r"(?P<c>\#[^\n]*)"
    r"|(?P<s>(?:\b[rbfuRBFU]{1,2})?(?:\"\"\"[\s\S]*?(?:\"\"\"|\Z)|'''[\s\S]*?(?:'''|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*(?:\"|$)|'(?:\\.|[^'\\\n])*(?:'|$)))"
    r"|(?P<n>\b\d[\w.]*)"
    rf"|(?P<k>\b(?:{'|'.join(keyword.kwlist)})\b)",
    re.MULTILINE,
)


def code_lines(lines: list[str]) -> list[Markup]:
    """Each line of the code as HTML."""
    code, end = "\n".join(lines), 0
    html: list[str] = []
    for match in TOKEN.finditer(code):
        html += [escape(code[end : match.start()]), _marked(match[0], match.lastgroup)]
        end = match.end()
    html.append(escape(code[end:]))
    return [Markup(line) for line in "".join(html).split("\n")]


def _marked(text: str, kind: str | None) -> str:
    """Each line of a token in a span of its own."""
    return "\n".join(f'<span class="{kind}">{escape(line)}</span>' if line else "" for line in text.split("\n"))


def with_code(text: str) -> Markup:
    """A sentence in which `names between backticks` are set as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner is only a backtick
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )
