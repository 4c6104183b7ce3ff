"""Python code as lines of HTML: escaped, with keywords, strings, numbers and comments told apart."""

from __future__ import annotations

import keyword
import re

from markupsafe import Markup, escape

KEYWORD = rf"(?:{'|'.join(keyword.kwlist)})\b"
PREFIX = "[rbfuRBFU]{1,2}"
STRING = (
    rf"(?:{PREFIX})?(?:\"\"\"[\s\S]*?(?:\"\"\"|\Z)|'''[\s\S]*?(?:'''|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*(?:\"|$)|'(?:\\.|[^'\\\n])*(?:'|$))"
)
# What lies between tokens is taken in one bite, word by word: looking for each kind at each letter takes far longer.
BETWEEN = rf"(?:[^\w\#\"']++|(?!{KEYWORD}|{PREFIX}[\"'])[^\W\d]\w*+)*+"
# One pass, no backtracking over more than one line or one string, and no parser: code that does not parse is shown too.
# A group's name is its class in the style sheet. The last two are a quote that begins no string, and the end.
TOKEN = re.compile(
    rf"({BETWEEN})(?:(?P<k>{KEYWORD})|(?P<n>\d[\w.]*)|(?P<c>\#[^\n]*)|(?P<s>{STRING})|(?:{PREFIX})?[\"']|\Z)",
    re.MULTILINE,
)
# Where a token begins and ends is marked in the text, which is then escaped as a whole, and only then given tags.
MARK = "\0"
END = f"{MARK}/"
TAGS = {f"{MARK}{kind}": f'<span class="{kind}">' for kind in "kncs"} | {END: "</span>"}


def code_lines(lines: list[str]) -> list[Markup]:
    """Each line of the code as HTML."""
    return [Markup(line) for line in _html(lines).split("\n")]


def code_block(lines: list[str]) -> Markup:
    """The lines of the code as one piece of HTML, each in an element of its own."""
    begin, end = '<span class="line">', "\n</span>"
    return Markup(begin + _html(lines).replace("\n", end + begin) + end)


def _html(lines: list[str]) -> str:
    code = "\n".join(lines).replace(MARK, "")
    html = str(escape(TOKEN.sub(_marked, code)))
    for mark, tag in TAGS.items():
        html = html.replace(mark, tag)
    return html


def _marked(match: re.Match[str]) -> str:
    """A token between marks, and what lies before it without; each line of a token by itself."""
    kind = match.lastgroup
    if kind is None:
        return match[0]
    begin, text = f"{MARK}{kind}", match[kind]
    if "\n" not in text:
        return f"{match[1]}{begin}{text}{END}"
    return match[1] + "\n".join(f"{begin}{line}{END}" if line else "" for line in text.split("\n"))


def with_code(text: str) -> Markup:
    """A sentence in which `names between backticks` are set as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner is only a backtick
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )
