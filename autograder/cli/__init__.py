"""The `course` command, one module per subcommand; nothing heavy is imported before it is needed."""

from __future__ import annotations

import gc
import importlib
import sys

import click

# Name and help line of each command; its module is imported only when it is called.
COMMANDS = {
    "doctor": "Say what this machine can do: packages, devices, data, and each guarantee of the jail.",
    "list": "List assignments, questions, kinds and points.",
    "build": "Build student notebooks from the masters.",
    "check": "Run all public checks of one notebook in the terminal.",
    "selftest": "Prove that the rubrics catch every known mistake and pass every right answer.",
    "calibrate": "Train the reference recipes and set the accuracies that students must reach.",
    "deadlines": "Show deadlines and extensions, as they are in force.",
    "grade": "Grade a notebook or a folder of hand-ins.",
    "report": "Open the class page of a graded class.",
    "export": "Write the scores for Canvas, Moodle, Gradescope, a spreadsheet or a script.",
    "gradescope": "Pack an assignment as an autograder for Gradescope.",
    "release": "Publish assignments for students, looked through for leaks.",
    "release-solutions": "Publish executed solutions, once everybody has handed in.",
    "demo": "Go the whole way with a made-up class.",
}


class LazyGroup(click.Group):
    """A group whose subcommands are imported on demand, so that `course --help` is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order one meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"autograder.cli.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table above, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cnn-by-doing", prog_name="course")
def cli() -> None:
    """Write, build and grade a course of notebooks.

    Example: course grade submitted/ --assignment 01_convolution
    """


def main() -> None:
    """Run the command; what cannot be done is one sentence on stderr and exit status 1."""
    _skip_slow_imports()
    gc.set_threshold(50_000, 20, 50)  # imports make many objects that stay: looked for so often, they cost a sixth more
    try:
        status = cli.main(standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        status = problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        status = 1
    except ModuleNotFoundError as problem:
        click.echo(f"course: {_missing_package(problem)}", err=True)
        status = 1
    except BrokenPipeError:  # whoever read our output has stopped reading
        sys.stderr.close()
        status = 1
    except _expected_problems() as problem:
        click.echo(f"course: {problem}", err=True)
        status = 1
    sys.exit(status)


def _skip_slow_imports() -> None:
    """Leave out a parser of internet addresses that nobody here uses: half of what importing nbgrader costs.

    nbformat imports jsonschema, which takes rfc3987_syntax where it is installed, and that builds an Earley parser at
    once. Without it jsonschema checks no format of addresses; notebooks' schemas name none.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def _missing_package(problem: ModuleNotFoundError) -> str:
    """A student's install lacks what grading needs; anything else that is missing is a fault and is shown as one."""
    package = (problem.name or "").split(".")[0]
    if package not in {"nbgrader", "jinja2", "markupsafe", "sqlalchemy", "nbconvert", "rapidfuzz"}:
        raise problem
    return f"This needs {package}, which a student's install leaves out. For grading: pip install -e '.[grade]'"


def _expected_problems() -> tuple[type[Exception], ...]:
    """Problems that come with a sentence for their reader. Only classes already imported can have been raised."""
    names = {
        "autograder.course": "CourseError",
        "autograder.deadlines.clock": "ClockError",
        "autograder.deadlines.rules": "DeadlinesError",
        "autograder.handin.inbox": "InboxError",
        "autograder.handin.notebook": "UnreadableError",
        "autograder.gradebook.tables": "GradebookError",
        "autograder.exports.mark": "ExportError",
        "autograder.jail": "JailUnavailable",
        "autograder.calibration.table": "NotCalibrated",
        "autograder.publish.folder": "NotPublishedError",
        "autograder.cli.output": "CannotDoError",
    }
    loaded = [getattr(sys.modules[module], name, None) for module, name in names.items() if module in sys.modules]
    return tuple(each for each in loaded if each is not None)
