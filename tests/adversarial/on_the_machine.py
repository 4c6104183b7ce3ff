"""Attacks on the machine: leaving, never ending, taking all there is, reaching what lies outside; and accidents."""

from __future__ import annotations

import json

from hand_ins import SCALE, HandIn, Notebook, accident, attack, inside

LEAVING = (
    inside("`os._exit(0)`", "crashed", "os._exit(0)",
           nbgrader="hand-in deleted, grades left open", otter="the run crashes, or 0 of 0"),
    inside("`sys.exit()`", "error", "sys.exit()", nbgrader="0, goes on", otter="**every question lost**"),
    inside("a null pointer", "crashed", "ctypes.string_at(0)"),
    inside("an endless loop", "timeout", "while True: pass", nbgrader="0 after the time limit"),
    inside("a loop that swallows `KeyboardInterrupt`", "timeout", """
        while True:
            try:
                while True: pass
            except BaseException: pass
        """, nbgrader="each later cell waits for its own limit"),
    attack("top-level code that never ends, before the answer", "timeout", """
        step = 0
        while True:
            step += 1
        def scale(x, factor):
            return 7
        """),
    attack("top-level code that leaves the program", "crashed", """
        import os
        os._exit(0)
        def scale(x, factor):
            return 7
        """),
)  # fmt: skip

BOMBS = (
    inside("a memory bomb", "out_of_memory timeout", """
        kept = []
        while True: kept.append(bytearray(2**22))
        """),
    inside("a memory bomb that swallows `MemoryError`", "out_of_memory timeout crashed", """
        kept = []
        while True:
            try: kept.append(bytearray(2**20))
            except MemoryError: pass
        """),
    inside("a fork bomb", "error", "while True: os.fork()"),
    inside("a thread bomb", "error timeout out_of_memory", """
        import threading, time
        while True: threading.Thread(target=time.sleep, args=(60,)).start()
        """),
    inside("files without end", "error", """
        for number in range(10**6):
            with open(f"fill{number}", "wb") as file: file.write(bytes(2**20))
        """),
    inside("24 MB printed", "failed", "print('x' * 24_000_000)", nbgrader="survives, all of it held in memory"),
    inside("output without end on both streams", "timeout", """
        while True: os.write(1, b'x' * 65536); os.write(2, b'y' * 65536)
        """),
)  # fmt: skip

REACHING_OUT = (
    inside("the tests read from the notebook's history", "error", "return get_ipython().user_ns['In'][-1]",
           nbgrader="**hidden tests read**"),
    inside("the rubric and the tests read from their files", "failed", """
        import glob
        for root in ("@SOLUTIONS@", "/proc/1/root@SOLUTIONS@", "/proc/self/cwd", ".", "tests", "../tests"):
            for path in glob.glob(root + "/**", recursive=True):
                try: print(open(path).read())
                except (OSError, UnicodeError): pass
        """, otter="**hidden tests read**"),
    inside("the gradebook read", "error", """
        import sqlite3
        with sqlite3.connect("file:@GRADEBOOK@?mode=ro", uri=True) as book:
            print(book.execute("select source from source_cell").fetchall())
        """, nbgrader="**hidden tests read from it**"),
    inside("a link to the gradebook, made and followed", "error", """
        os.symlink("@GRADEBOOK@", "book")
        print(open("book", "rb").read())
        """),
    inside("a trigger planted in the gradebook", "error", """
        import sqlite3
        with sqlite3.connect("@GRADEBOOK@") as book:
            book.execute("create trigger full after update of auto_score on grade begin "
                         "update grade set auto_score = 5; end")
        """, nbgrader="**full marks, and for all graded later**"),
    inside("another student's hand-in read, also through /proc", "error", """
        import glob
        for path in glob.glob("/proc/*/cmdline") + glob.glob("/proc/*/environ") + glob.glob("/proc/*/root@SIBLING@"):
            try: print(open(path, "rb").read())
            except OSError: pass
        print(open("@SIBLING@").read())
        """),
    inside("another student's hand-in overwritten", "error", "open('@SIBLING@', 'w').write('{}')"),
    inside("a detached process that rewrites the grades later", "error", """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                import sqlite3, time
                for _ in range(100):
                    time.sleep(0.1)
                    sqlite3.connect("@GRADEBOOK@").execute("update grade set auto_score = 5")
            os._exit(0)
        """, nbgrader="**all 96 grades overwritten**"),
    inside("the inputs and results sent over the network", "error", """
        import socket
        socket.create_connection(("127.0.0.1", 9)).send(repr(x).encode())
        """),
    inside("a shell", "failed error", """
        import subprocess
        os.system("touch @SUBMITTED@/pwned")
        subprocess.run(["touch", "@SUBMITTED@/pwned"])
        """),
    inside("its own memory searched for what the grader knows", "failed crashed", """
        found = [repr(each)[:200] for each in gc.get_objects() if type(each).__name__ in ("Sheet", "Case", "Plan")]
        frame = sys._getframe()
        while frame:
            found.append(repr(sorted(frame.f_locals)))
            frame = frame.f_back
        print(found)
        """),
    inside("the grader killed", "error", "os.kill(os.getppid() or 1, 9); os.kill(-1, 9); raise ProcessLookupError"),
)  # fmt: skip


def doubled(notebook: Notebook) -> None:
    """The answer's cell stands twice, with the same metadata."""
    cells = notebook["cells"]
    at = next(index for index, cell in enumerate(cells) if f"def {SCALE.question}" in "".join(cell["source"]))
    cells.insert(at, json.loads(json.dumps(cells[at])))


def without_checks(notebook: Notebook) -> None:
    """Every check cell was deleted."""
    notebook["cells"] = [cell for cell in notebook["cells"] if not "".join(cell["source"]).startswith("check(")]


def edited_checks(notebook: Notebook) -> None:
    """The check cells were edited, and so were the points in their metadata."""
    for cell in notebook["cells"]:
        if "".join(cell["source"]).startswith("check("):
            cell["source"] = "raise SystemExit"
        cell["metadata"].get("nbgrader", {})["points"] = 1000


def stripped(notebook: Notebook) -> None:
    """As some editors save it: sources and nothing else, for a kernel that is not here."""
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    notebook["metadata"] = {"kernelspec": {"name": "julia-1.9", "display_name": "Julia", "language": "julia"}}


def version_3(notebook: Notebook) -> None:
    """As a program from before 2015 saves it: worksheets, `input` for source, no metadata."""
    cells = [{"cell_type": cell["cell_type"], "metadata": {}, "source": cell["source"]} for cell in notebook["cells"]]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell |= {"input": cell.pop("source"), "language": "python", "outputs": [], "collapsed": False}
    notebook.clear()
    notebook |= {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    notebook["worksheets"] = [{"metadata": {}, "cells": cells}]


def scripted(notebook: Notebook) -> None:
    """A script stands in an output and in a text cell."""
    script = "<script>document.title = 'pwned'</script>"
    shown = {"output_type": "display_data", "metadata": {}, "data": {"text/html": script}}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [shown]


RIGHT = "def scale(x, factor):\n    return x * factor"

ACCIDENTS = (
    accident("a right answer that warns and writes to stderr", """
        import sys, warnings
        def scale(x, factor):
            warnings.warn("careful")
            print("I tensorflow/core: a start-up line", file=sys.stderr)
            return x * factor
        """, nbgrader="**0 of 5**"),
    accident("the answer's cell stands twice", RIGHT, change=doubled, nbgrader="**the whole batch stops**"),
    accident("the check cells deleted", RIGHT, change=without_checks, nbgrader="0, left for a person for ever"),
    accident("the check cells and their points edited", RIGHT, change=edited_checks, nbgrader="restored"),
    accident("all metadata stripped, another kernel", RIGHT, change=stripped, nbgrader="**0 for everything**"),
    accident("a notebook of 2014, in nbformat 3", RIGHT, change=version_3),
    accident("a byte-order mark at the front", RIGHT, encoding="utf-8-sig"),
    accident("null bytes in a cell", RIGHT + "\n\0\0# end\0"),
    accident("a script in every output and in what is printed", """
        def scale(x, factor):
            print("<script>document.title = 'pwned'</script>")
            return x * factor
        """, change=scripted, nbgrader="**copied into the instructor's page**"),
)  # fmt: skip

ON_THE_MACHINE: tuple[HandIn, ...] = (*LEAVING, *BOMBS, *REACHING_OUT)
