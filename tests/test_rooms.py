"""The rooms and who may import whom."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STANDARD = sys.stdlib_module_names
# What each room may lean on, beside the standard library. The jail's worker is as poor as can be.
ALLOWED = {
    "common": {"common", "numpy", "msgpack", "matplotlib", "scipy", "sklearn", "keras"},
    "autograder/jail": {"autograder.jail", "common", "numpy"},
    "solutions": {"autograder.rubric", "common", "numpy", "scipy", "keras"},
}
TOP_LEVEL = {"assignments", "autograder", "common", "solutions", "tests", "docs", "locks"}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level == 1 and path.name == "rubric.py" and str(node.module).startswith("questions."):
                continue  # a long rubric takes its questions from the folder beside it
            if node.level == 1 and path.parent.name == "questions":
                continue  # and questions of one rubric share what they draw
            assert node.level == 0, f"{path} imports relatively"
            yield from ([node.module] if node.module != "autograder" else [f"autograder.{a.name}" for a in node.names])


def allowed(module, names):
    if module == "autograder":  # the bare package says where it lies, nothing else
        return True
    return module.split(".")[0] in STANDARD or any(module == name or module.startswith(name + ".") for name in names)


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_leans_on_nothing_but_what_it_may(room):
    for path in (ROOT / room).rglob("*.py"):
        foreign = {module for module in imports(path) if not allowed(module, ALLOWED[room])}
        assert not foreign, f"{path.relative_to(ROOT)} imports {sorted(foreign)}"


def test_common_never_imports_autograder():
    for path in (ROOT / "common").rglob("*.py"):
        assert not any(module.startswith("autograder") for module in imports(path)), path


def test_keras_is_at_home_in_few_folders_and_tensorflow_in_none():
    for path in (ROOT / "common").rglob("*.py"):
        named = {module.split(".")[0] for module in imports(path)}
        assert "keras" not in named or path.parent.name in ("data", "given", "models", "training"), path
        assert "tensorflow" not in named, path


# Where a backend is named, and why: gradients outside fit, XLA and half precision, numbers that JAX keeps in float32.
KNOWS_BACKENDS = {"common/training/backend.py", "common/training/precision.py", "common/models/measure.py"}
BACKENDS = {"tensorflow", "tf", "jax", "jnp", "torch"}


def named_backends(path):
    """Backends that code names: imported, as a name, or as text that an import by name would take."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = {getattr(node, "id", None), getattr(node, "module", None), getattr(node, "value", None)}
        if isinstance(node, ast.Import):
            names = {alias.name for alias in node.names}
        yield from BACKENDS & {each.split(".")[0] for each in names if isinstance(each, str)}


def test_masters_rubrics_and_common_name_no_backend_but_in_three_places():
    paths = [path for room in ("common", "solutions") for path in (ROOT / room).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix() for path in paths if any(named_backends(path))}
    assert found == KNOWS_BACKENDS


def test_judging_and_a_numpy_notebook_load_no_keras():
    code = (
        "import sys, common.checks, common.given, common.mode, common.kinds.function, common.kinds.model;"
        "import common.models.words;"
        "sys.exit(bool({'keras', 'tensorflow', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_no_folder_stands_on_the_top_level_that_the_design_does_not_name():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert {path.split("/")[0] for path in tracked if "/" in path and not path.startswith(".")} <= TOP_LEVEL


def test_help_imports_nothing_heavy():
    heavy = "{'numpy', 'nbgrader', 'nbformat', 'rich', 'jinja2', 'matplotlib', 'tensorflow', 'keras', 'sqlalchemy'}"
    code = (
        "import sys; from autograder.cli import cli; sys.argv = ['course', '--help'];"
        f"cli.main(['--help'], standalone_mode=False); sys.exit(bool({heavy} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_no_file_is_so_long_that_it_holds_two_ideas():
    for path in [*ROOT.glob("common/**/*.py"), *ROOT.glob("autograder/**/*.py"), *ROOT.glob("tests/**/*.py")]:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path


def test_grading_builds_no_parser_of_internet_addresses():
    """It costs half of the import of nbgrader, a second on a slow machine, and nothing here uses it."""
    code = (
        "import sys, autograder.cli; autograder.cli._skip_slow_imports();"
        "import nbgrader.api; sys.exit(bool({'lark'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
