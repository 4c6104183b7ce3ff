"""The scripts that time things write their pages; here on so little that it takes a minute."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from page import ROOT, read

pytestmark = pytest.mark.slow


def test_speed_py_writes_all_tables(tmp_path: Path) -> None:
    script, often = read("docs/speed.py"), "ROUNDS, SLOW_ROUNDS = 15, 3"
    assert often in script
    script = script.replace(often, "ROUNDS, SLOW_ROUNDS = 1, 1")
    (tmp_path / "speed.py").write_text(script, encoding="utf-8")
    subprocess.run([sys.executable, tmp_path / "speed.py"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    made, committed = (tmp_path / "speed.md").read_text(encoding="utf-8"), read("docs/speed.md")
    for line in committed.splitlines():
        if line.startswith("#"):
            assert line in made


@pytest.mark.nbgrader
@pytest.mark.jail
def test_bench_writes_the_page(tmp_path: Path) -> None:
    few = ["--rounds", "1", "--numpy", "2", "--keras", "1", "--sizes", "3", "--page", str(tmp_path / "performance.md")]
    subprocess.run([sys.executable, "docs/bench", *few], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    assert "| `course grade` |" in (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert (tmp_path / "images" / "performance.svg").is_file()
