"""Plant 200 leaks in the real releases and write what the scan finds into docs/releases.md: `python docs/plantings`."""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # for a test that runs this by its path

from drawn import NAMES, SEED, clean_releases, found, plantings

from autograder.course import Course
from autograder.leaks.leak import Kind

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "releases.md"
MARK = "<!-- written by `python docs/plantings`; everything below it is generated -->"


def page() -> str:
    """The page with its generated half made anew."""
    return f"{PAGE.read_text(encoding='utf-8').split(MARK)[0]}{MARK}\n\n{measured()}"


def measured() -> str:
    """The table of plantings, and how many were found."""
    course, rows, missed, kinds = Course(ROOT), [], 0, Counter[Kind]()
    with tempfile.TemporaryDirectory() as folder:
        clean = clean_releases(course, Path(folder))
        refused = [name for name, release in clean.items() if release.leaks]
        public = clean[NAMES[0]].forbidden.fingerprints.public
        for number, each in enumerate(plantings(course, public), start=1):
            hits = sorted({leak.kind for leak in found(each, clean[each.release])} & set(each.kinds))
            kinds[each.kinds[0]] += 1
            missed += not hits
            what = f"{each.what}, {each.hidden}" if each.hidden else each.what
            verdict = ", ".join(hits) if hits else "**missed**"
            rows.append(f"| {number} | {each.release[:2]} | {what} | {each.where} | {verdict} |")
    counts = ", ".join(f"{count} × {kind}" for kind, count in kinds.most_common())
    score = f"Planted {len(rows)}, found {len(rows) - missed}, missed {missed}."
    head = f"""{score} Clean releases refused: {len(refused)} of {len(clean)}.

By what was planted: {counts}.

The plantings are drawn from the seed {SEED}: each stray, each disguise and each place at least once.

| | release | planted | where | found as |
| --- | --- | --- | --- | --- |
"""
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(re.search(r"Planted .*", PAGE.read_text(encoding="utf-8")).group() + "\n")
