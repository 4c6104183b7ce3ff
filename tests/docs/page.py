"""A page in Markdown as steps: what is typed, what is written to a file, what a page says was printed.

A block of indented lines is what is typed, unless a comment above it says otherwise; readers do not see comments.

    <!-- in: FOLDER -->              typed in this folder
    <!-- printed by: COMMAND -->     what it printed; … stands for anything, on a line of its own for any lines
    <!-- file: PATH -->              the contents of this file
    <!-- added to: PATH -->          what is added at the end of this file
    <!-- before "TEXT" in: PATH -->  what is put before the last such text of this file
    <!-- python -->                  a script that runs
    <!-- part of: PATH -->           an excerpt of this file
    <!-- like: PATH -->              Python that would take too long; the test that does the same

In a line of text, `course grade submitted/` is typed too; `course grade` or `course grade … --to` only names a command.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))
PROGRAMS = (
    "course", "nbgrader", "make", "python", "pip", "conda", "jupyter", "pytest", "cd", "source", "sha256sum", "git",
    "uv", "sudo", "docker", ".venv/bin/course", ".venv/bin/pre-commit",
)  # fmt: skip
VERBS = ("in", "printed by", "file", "added to", "python", "part of", "like")
BLOCK = re.compile(r"(?:^<!-- (?P<said>.*?) -->\n+)?(?<=\n\n)(?P<block>(?:^    .*\n|^\n)*^    .*\n)", re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Step:
    """One thing that a page says: `verb` is "type", "name" or one of a comment's."""

    verb: str
    what: str  # a command, or the text of a block
    where: str = ""  # a folder, a path, a command
    anchor: str = ""


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def steps(page: str) -> list[Step]:
    """All steps of a page, from its top to its end."""
    text, found, end = read(page), [], 0
    for match in BLOCK.finditer(text):
        found += list(_inline(text[end : match.start()]))
        found += list(block_steps(page, match["said"] or "", textwrap.dedent(match["block"]).strip("\n")))
        end = match.end()
    return [*found, *_inline(text[end:])]


def typed(page: str) -> list[str]:
    """All commands of a page."""
    return [each.what for each in steps(page) if each.verb == "type"]


def _inline(text: str) -> Iterator[Step]:
    for span in INLINE.findall(re.sub(r"<!--.*?-->", "", text)):
        words = span.split()
        if words[0] in PROGRAMS and len(words) > 1:
            only_named = "…" in words or (len(words) == 2 and words[0] in ("course", "nbgrader", "make"))
            yield Step("name" if only_named else "type", span)


def block_steps(page: str, said: str, block: str) -> Iterator[Step]:
    """What a block means, by the comment above it."""
    if anchored := re.fullmatch(r'before "(.*)" in: (\S+)', said):
        yield Step("before", block, anchored[2], anchored[1])
        return
    verb, _, where = said.partition(": ")
    assert not said or verb in VERBS, f"{page}: a comment before a block says {said!r}"
    if said and verb != "in":
        yield Step(verb, block, where)
        return
    for line in block.splitlines():
        command = re.sub(r"(^|\s+)#\s.*", "", line).strip()
        assert command.split()[:1] and command.split()[0] in PROGRAMS, (
            f"{page}: is {line!r} typed? If not, a comment must say what it is"
        )
        yield Step("type", command, where)
