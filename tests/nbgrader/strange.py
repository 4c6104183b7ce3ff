"""Right answers in notebooks that nbgrader itself cannot grade."""

import json

from .conftest import NAME, released


def as_bytes(notebook):
    return json.dumps(notebook).encode()


def strange_hand_ins(course, solved):
    """The same right answers in notebooks that nbgrader itself cannot grade."""
    notebook = released(course, NAME)
    for cell in notebook["cells"]:
        cell["source"] = solved.get(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"])
    cells = notebook["cells"]
    bare = [{**cell, "metadata": {}} for cell in cells]
    yield "doubled", as_bytes({**notebook, "cells": [each for cell in cells for each in (cell, cell)]})
    yield "stripped", as_bytes({**notebook, "cells": bare})
    yield "reordered", as_bytes({**notebook, "cells": cells[:1] + cells[:0:-1]})
    yield "marked", b"\xef\xbb\xbf" + as_bytes(notebook)
    yield "newer", as_bytes({**notebook, "nbformat_minor": 99})
