"""The jail starts wherever Python happens to be installed."""

import shutil
import subprocess
import sys
from pathlib import Path

import msgpack
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
ASKS = """
import sys
sys.path.insert(0, sys.argv[1])
from autograder.jail import Jail
with Jail.start() as jail, jail.session() as session:
    session.load([("<cell 1>", "import os\\ndef look(): return sorted(os.listdir('/tmp'))")])
    print(jail.engine, session.call("look", []).value)
"""


@pytest.mark.jail
def test_python_may_lie_below_tmp_and_nothing_else_of_it_is_seen(jail, tmp_path):
    if not str(tmp_path).startswith("/tmp/"):
        pytest.skip("the temporary folder is not below /tmp")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    packages = next((tmp_path / "venv/lib").glob("python3.*/site-packages"))
    for package in (np, msgpack):
        folder = Path(package.__file__).parent
        shutil.copytree(folder, packages / folder.name)
        if (libraries := folder.with_name(f"{folder.name}.libs")).is_dir():
            shutil.copytree(libraries, packages / libraries.name)
    run = subprocess.run(
        [tmp_path / "venv/bin/python", "-c", ASKS, ROOT], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split(" ", 1)[1].strip() == repr([tmp_path.relative_to("/tmp").parts[0]])
