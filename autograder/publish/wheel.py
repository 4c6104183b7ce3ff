"""The wheel with what a notebook imports: `common`, nothing of the grader. Setuptools builds it without a network."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement

import common
from autograder.course import CourseError

PROJECT, NAME = "cnn-by-doing", "cnn-by-doing-common"
# What `course check` and a kernel need and a notebook does not. Colab has a kernel of its own and pins it.
NOT_IN_NOTEBOOKS = {"click", "ipykernel", "nbformat", "rich"}
NOT_SHIPPED = shutil.ignore_patterns("__pycache__", "*.py[cod]", ".*", "*~", "#*#", "*.orig", "*.rej", "*.bak")
EARLIEST = "315532800"  # 1980, zip's first year: the same sources give the same bytes
PYPROJECT = """[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "{name}"
version = "{version}"
description = "What the notebooks of the course import: checks, cases, data and plots."
requires-python = {python}
dependencies = {requires}
[tool.setuptools.packages.find]
include = ["common*"]
[tool.setuptools.package-data]
"*" = ["*"]
"""
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"


def build_wheel(folder: Path) -> Path:
    """Build the wheel into a folder."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        shutil.copytree(Path(common.__file__).parent, tree / "common", ignore=NOT_SHIPPED)
        project = importlib.metadata.metadata(PROJECT)
        text = PYPROJECT.format(
            name=NAME,
            version=project["Version"],
            python=json.dumps(project["Requires-Python"]),
            requires=json.dumps(requirements()),
        )
        (tree / "pyproject.toml").write_text(text, encoding="utf-8")
        environment = os.environ | {"SOURCE_DATE_EPOCH": EARLIEST}
        run = subprocess.run(
            [sys.executable, "-c", BUILD, os.fspath(folder.resolve())],
            cwd=tree,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if run.returncode:
        raise CourseError(f"The wheel of `common` could not be built: {(run.stderr.strip() or '?').splitlines()[-1]}")
    return folder / run.stdout.split()[-1]


def requirements() -> list[str]:
    """What `common` needs, as the project says it: ranges, so that Colab's own packages fit where they can."""
    named = map(Requirement, importlib.metadata.requires(PROJECT) or ())
    return sorted(str(each) for each in named if not each.marker and each.name not in NOT_IN_NOTEBOOKS)
