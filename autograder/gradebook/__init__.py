"""Scores in nbgrader's gradebook schema, and the notebooks its formgrader shows."""
