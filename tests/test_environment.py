"""pyproject.toml, the lock files and environment.yml say the same."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
STUDENT = PROJECT["project"]["dependencies"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", re.MULTILINE)


def pins(name):
    found = {}
    for package, version in PIN.findall((ROOT / "locks" / f"{name}.txt").read_text()):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("student", STUDENT),
        ("gpu", STUDENT + EXTRAS["gpu"]),
        ("all", STUDENT + EXTRAS["grade"] + PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_a_lock_pins_all_that_pyproject_asks_for(lock, wanted):
    pinned = pins(lock)
    for requirement in map(Requirement, wanted):
        versions = pinned[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in versions), requirement


@pytest.mark.parametrize("lock", ["gpu", "all"])
def test_what_students_have_is_pinned_alike_everywhere(lock):
    other = pins(lock)
    assert {name: versions for name, versions in pins("student").items() if other.get(name) != versions} == {}


@pytest.mark.parametrize("lock", ["student", "gpu", "all"])
def test_a_lock_has_hashes_and_names_no_registry(lock):
    text = (ROOT / "locks" / f"{lock}.txt").read_text()
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    for entry in re.split(r"\n(?=[\w])", text.strip()):
        assert "--hash=sha256:" in entry, entry[:80]


def test_conda_installs_the_students_lock_on_the_same_pythons():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    (python,) = [each for each in environment["dependencies"] if isinstance(each, str) and each.startswith("python")]
    assert SpecifierSet(python.removeprefix("python")) == SpecifierSet(PROJECT["project"]["requires-python"])
    (by_pip,) = [each["pip"] for each in environment["dependencies"] if isinstance(each, dict)]
    assert by_pip == ["--require-hashes", "-r locks/student.txt"]


def test_a_students_install_has_no_jupyter_server_and_no_nbgrader():
    assert not {"nbgrader", "jupyterlab", "jupyter-server", "notebook"} & set(pins("student"))


def test_keras_is_new_enough_to_refuse_a_lambda_from_a_config():
    (keras,) = [Requirement(each) for each in STUDENT if each.startswith("keras")]
    assert not keras.specifier.contains("3.13.9") and keras.specifier.contains("3.14")
