"""Gradescope's results.json, written down from the page "Autograder Specifications" of its documentation."""

from autograder.exports import VISIBILITIES

NUMBER = (int, float)
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
# Autograder Specifications, "Output format": every field, its type, and its words where it has a fixed list.
TOP = {"score": NUMBER, "execution_time": NUMBER, "output": str, "output_format": FORMATS,
       "test_output_format": FORMATS, "test_name_format": FORMATS, "visibility": set(VISIBILITIES),
       "stdout_visibility": set(VISIBILITIES),
       "extra_data": dict, "tests": list, "leaderboard": list}  # fmt: skip
TEST = {"score": NUMBER, "max_score": NUMBER, "status": {"passed", "failed"}, "name": str, "name_format": FORMATS,
        "number": str, "output": str, "output_format": FORMATS, "tags": list, "visibility": set(VISIBILITIES),
        "extra_data": dict}  # fmt: skip


def insist(data, schema):
    for name, value in data.items():
        assert name in schema, f"the specification knows no {name}"
        wanted = schema[name]
        assert value in wanted if isinstance(wanted, set) else isinstance(value, wanted), (name, value)
        assert not isinstance(value, bool)


def insist_on_the_specification(data):
    """What Gradescope documents: fields, types, words, and a score above or on each test."""
    insist(data, TOP)
    for test in data.get("tests", []):
        insist(test, TEST)
    assert "score" in data or (data.get("tests") and all("score" in test for test in data["tests"]))
