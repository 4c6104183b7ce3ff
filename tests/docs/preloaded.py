"""What `course` and `nbgrader` import for NumPy assignments; imported once, by the process that typed.py forks."""

from autograder.cli import _skip_slow_imports

_skip_slow_imports()

import nbgrader.apps.nbgraderapp  # noqa: E402, F401

import autograder.building.release  # noqa: E402
import autograder.cli.export  # noqa: E402
import autograder.cli.grade  # noqa: E402
import autograder.exports.class_folder  # noqa: E402
import autograder.feedback.files  # noqa: E402
import autograder.gradebook.folder  # noqa: E402
import autograder.grading.classroom  # noqa: E402
import autograder.publish.release  # noqa: E402
import autograder.selftest  # noqa: E402, F401
import common.checks  # noqa: E402, F401
