"""What `course grade` prints: fitting on a narrow terminal, plain in a log file, whatever students write."""

import contextlib
import os
import pty
import re
import unicodedata
from pathlib import Path

import pytest

from autograder.cli.output import print_line, progress
from autograder.cli.results import print_class, print_results
from autograder.grading.result import ClassResult, SubmissionResult, SubmissionStatus
from common.cases.verdict import QuestionResult, Status, Verdict

HOSTILE = "\x1b[31mred\x1b]0;title\x07 \r\x08\u202e\u2028 \ud800 \0 and words that go on and on " + "x" * 90
PATHS = "Class page   ", "Gradebook    ", "In numbers   "  # never broken, so that they can be copied


def a_class(*names):
    """Hand-ins of these assignments, two of each, and an unreadable one, with names and reasons that are hostile."""
    reason = Verdict("probes", "g", False, Status.FAILED, HOSTILE)
    answers = (
        QuestionResult("convolution_with_a_long_name", Status.PASSED, 5.0, 5.0),
        QuestionResult("same", Status.FAILED, 0.0, 4.0, HOSTILE, "", "taken from the wrong end", (reason,)),
    )
    made = [
        SubmissionResult(HOSTILE + who, name, SubmissionStatus.GRADED, answers, 9.0, repairs=(HOSTILE,))
        for name in names
        for who in "ab"
    ]
    unreadable = SubmissionResult(HOSTILE, names[0], SubmissionStatus.UNREADABLE, reason=HOSTILE)
    return ClassResult((*made, unreadable), 1.0)


def printed(result):
    print_class(result, Path("graded/report/class.html"), Path("graded"))
    print_results(result)


def on_a_terminal(monkeypatch, columns, show):
    """What a terminal so wide is sent by a function on stdout and stderr."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen, os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        with contextlib.redirect_stdout(terminal), contextlib.redirect_stderr(terminal):
            show()
        terminal.flush()
        os.set_blocking(ours, False)
        sent = b""
        while part := screen.read(65536):
            sent += part
    return sent.decode()


def odd(text):
    """Characters that a log file or a terminal should not be given as text."""
    return {each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl") and each != "\n"}


@pytest.mark.parametrize("names", [("01_convolution",), ("01_convolution", "02_more")])
def test_a_log_file_gets_whole_lines_and_no_control_characters(capsys, names):
    printed(a_class(*names))
    out = capsys.readouterr().out
    assert odd(out) == set() and "red" in out
    assert "convolution_with_a_long_name" in out and "taken from the wrong end" in out
    assert ("assignment" in out.splitlines()[0]) == (len(names) > 1)
    assert "2 of 2" in out and "5.0 of 5" in out


@pytest.mark.parametrize("columns", [40, 80])
def test_on_a_narrow_terminal_every_line_fits(monkeypatch, columns):
    shown = on_a_terminal(monkeypatch, columns, lambda: printed(a_class("01_convolution", "02_more")))
    lines = shown.replace("\r\n", "\n").split("\n")
    assert [line for line in lines if len(line) > columns and not line.startswith(PATHS)] == []
    assert odd("\n".join(lines)) == set()
    table = lines[: lines.index("")]
    assert len(table) == 5 and all("2 of 2" in row or "0 of 2" in row for row in table[1:])
    assert ("…" in table[1]) == (columns == 40)


def test_a_broken_line_goes_on_to_the_right(monkeypatch):
    shown = on_a_terminal(monkeypatch, 30, lambda: print_line("  ada: unreadable. The file is no notebook."))
    assert shown.split() == ["ada:", "unreadable.", "The", "file", "is", "no", "notebook."]
    assert shown.split("\r\n")[1].startswith("      ")


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_the_bar_takes_one_line_of_any_terminal(monkeypatch, columns):
    def grade():
        with progress("grading", 300) as advance:
            for _ in range(300):
                advance("901 passed, 47 partial, 21 failed, 13 missing, 4 unreadable, 3 error, 2 out of memory")

    shown = on_a_terminal(monkeypatch, columns, grade)
    assert ("300/300" in shown and "901 passed" in shown.replace("…", "")) or columns == 40
    lines = re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown))
    assert max(map(len, lines)) <= columns
    assert shown.count("\x1b[1A") <= 1  # never more than one line to go back over


def test_a_log_file_gets_no_bar(capsys):
    with progress("grading", 3) as advance:
        for _ in range(3):
            advance("1 passed")
    assert capsys.readouterr().err == ""
