"""Hostile text made plain: nothing invisible, nothing that turns the reading direction, nothing endless."""

from __future__ import annotations

import re

# Control characters, bidirectional overrides, invisible and unpaired ones. Tab and line feed stay, and so do the
# joiners U+200C and U+200D, which Persian and Indian names need. A test compares this list with the Unicode tables.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# Marks pile up on one letter without end and then cover the lines above. No language needs more than four.
PILE = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
                  "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip
NEWLINE = re.compile("\r\n?")
COLOUR = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")
MOST_READ = 200_000  # characters of one text that are looked at


def plain(text: str) -> str:
    """Text in which every character can be seen: unseen ones are named, "‹U+202E›"."""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():  # as most code is
        return text
    return PILE.sub(r"\1", UNSEEN.sub(_name, NEWLINE.sub("\n", text)))


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where some are missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def one_line(text: str, limit: int) -> str:
    """Plain text on one line, cut."""
    return cut(" ".join(plain(text[: 4 * limit]).split()), limit)


def printed(text: str) -> str:
    """Output as a terminal would leave it: colours dropped, progress bars in their last state."""
    text = COLOUR.sub("", text[:MOST_READ]).replace("\x08", "")
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))


def first_lines(text: str, lines: int, width: int) -> tuple[list[str], str]:
    """The first lines, each cut to a width, and a sentence on what is missing, or ""."""
    every = plain(text[:MOST_READ]).expandtabs(4).strip("\n").split("\n")
    shown = [cut(line, width) for line in every[:lines]]
    if len(every) > lines:
        return shown, f"{len(every) - lines} more lines are not shown."
    return shown, "Long lines were cut." if any(len(line) > width for line in every) else ""


def _name(match: re.Match[str]) -> str:
    return f"‹U+{ord(match[0]):04X}›"
