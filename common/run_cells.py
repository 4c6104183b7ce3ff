"""Run a notebook's cells one after the other in this process, as Jupyter would: `python -m common.run_cells FILE`."""

from __future__ import annotations

import json
import linecache
import sys
import traceback
from pathlib import Path


def run_cells(cells: list[tuple[str, str]]) -> None:
    """Execute cells in one namespace. An exception ends its cell, not the notebook."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    for label, source in cells:
        linecache.cache[label] = (len(source), None, source.splitlines(keepends=True), label)
        try:
            exec(compile(source, label, "exec"), namespace)
        except BrokenPipeError:  # whoever read our output has stopped reading
            sys.exit(1)
        except Exception as problem:
            last = traceback.format_exception_only(problem)[-1].strip()
            print(f"{label.strip('<>')}: {last}\n")


if __name__ == "__main__":
    sys.path.insert(0, "")
    run_cells([(label, source) for label, source in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))])
