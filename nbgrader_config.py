"""nbgrader's view of this course: sources are built from `solutions`, releases are `assignments`; docs/nbgrader.md."""

import os

from autograder.gradebook.configure import configure

c = get_config()  # noqa: F821  # given by traitlets

configure(c)
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "assignments"

# Where assignments are fetched from and handed in to: a folder that all students of this machine can write to.
c.Exchange.root = os.environ.get("NBGRADER_EXCHANGE", "/usr/local/share/nbgrader/exchange")
