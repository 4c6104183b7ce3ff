"""deadlines.toml is read as it is meant, and a mistake in it is one sentence that names its place."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from autograder.deadlines.clock import shown
from autograder.deadlines.file import FILE, find_file, read_rules
from autograder.deadlines.rules import DeadlinesError, Policy, Rules

KNOWN = ["01_convolution", "02_pooling"]
PAGE = (Path(__file__).resolve().parents[2] / "docs/deadlines.md").read_text(encoding="utf-8")
HEAD = 'timezone = "Europe/Paris"\n'
DUE = f"{HEAD}[assignments.01_convolution]\ndue = 2026-10-23 23:59\n"


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / FILE
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_rules(path, KNOWN)

    return read


def due(rules, student="ada", assignment="01_convolution"):
    return shown(rules.due(student, assignment))


def test_the_example_of_the_page_is_read(read):
    block = re.search(r"^    timezone.*?(?=^\S)", PAGE, re.MULTILINE | re.DOTALL).group(0)
    rules = read(re.sub(r"^    ", "", block, flags=re.MULTILINE))
    assert rules.zone.key == "Europe/Paris" and not rules.notes
    assert rules.deadlines["01_convolution"].policy == Policy(1, 10, 50, 7, 10)
    assert due(rules, "chen") == "Fri 2026-10-23 23:59 CEST"
    assert due(rules, "ada") == "Fri 2026-10-30 23:59 CET"
    assert due(rules, "ben@example.org") == "Sun 2026-10-25 23:59 CET"
    assert rules.extensions["ada", "01_convolution"].reason == "ill"


def test_without_a_file_there_are_no_deadlines(tmp_path):
    assert find_file(FILE, tmp_path) is None
    assert read_rules(None, KNOWN) == Rules() and Rules().due("ada", "01_convolution") is None


def test_the_class_folders_file_goes_before_the_courses(tmp_path):
    for name in ("class", "course"):
        (tmp_path / name).mkdir()
        (tmp_path / name / FILE).touch()
    assert find_file(FILE, tmp_path / "class", tmp_path / "course") == tmp_path / "class" / FILE
    assert find_file(FILE, tmp_path / "none", tmp_path / "course") == tmp_path / "course" / FILE


@pytest.mark.parametrize(
    "written",
    [
        "2026-10-23 23:59",
        "2026-10-23 23:59:00",
        "2026-10-23T23:59:00",
        '"2026-10-23 23:59"',
        "2026-10-23 23:59 # Friday",
        "2026-10-23T21:59:00Z",
        "2026-10-23 16:59:00-05:00",
        "'2026-10-23 23:59 +0200'",
        "2026-10-23T23:59+02:00",
    ],
)
def test_a_deadline_may_be_written_in_many_ways(read, written):
    for text in (
        DUE.replace("2026-10-23 23:59", written),
        DUE.replace("2026-10-23 23:59", written).replace("\n", "\r\n"),
    ):
        assert due(read(text)) == "Fri 2026-10-23 23:59 CEST"
    assert due(read(b"\xef\xbb\xbf" + DUE.encode())) == "Fri 2026-10-23 23:59 CEST"


def test_an_assignment_may_have_rules_of_its_own(read):
    second = "[assignments.02_pooling]\ndue = 2026-11-01 12:00"
    rules = read(f"{DUE}free_days = 0\n{second}\n[late]\nfree_days = 2\npercent_per_day = 5")
    assert rules.deadlines["01_convolution"].policy == Policy(0, 5)
    assert rules.deadlines["02_pooling"].policy == Policy(2, 5)


def test_days_of_an_extension_keep_the_time_of_day_when_clocks_change(read):
    rules = read(f"{DUE}[extensions.ada]\n01_convolution = 2")
    assert rules.due("ada", "01_convolution") - rules.due("ben", "01_convolution") == timedelta(days=2)
    assert due(rules) == "Sun 2026-10-25 23:59 CET"


def test_an_extension_before_the_deadline_is_a_note_and_the_deadline_counts(read):
    rules = read(f"{DUE}[extensions.ada]\n01_convolution = 2026-10-20 23:59")
    assert due(rules) == "Fri 2026-10-23 23:59 CEST" and "ada" in rules.notes[0]


MISTAKES = {
    "is not TOML: .*line 2": f"{HEAD}[late\n",
    "cannot be read": b"\xff\xfe",
    "timezone is missing": "[late]\nfree_days = 1",
    "timezone is 'Europe/Pari', which is no time zone": 'timezone = "Europe/Pari"',
    r"timezone is '\.\./x'": 'timezone = "../x"',
    "timezone is 2": "timezone = 2",
    "has a key 'asignments', which is not known; did you mean 'assignments'": f"{HEAD}[asignments.a]",
    r"\[late\] has a key 'per_day', which is not known; did you mean 'percent_per_day'": f"{HEAD}[late]\nper_day = 1",
    r"\[late\] must be a table": f"{HEAD}late = 3",
    r"\[late\] free_days must be a whole number": f"{HEAD}[late]\nfree_days = 1.5",
    r"\[late\] closed_after_days must be a whole number": f"{HEAD}[late]\nclosed_after_days = true",
    r"\[late\] percent_per_day must not be negative": f"{HEAD}[late]\npercent_per_day = -1",
    r"\[late\] at_most_percent must not be more than 100": f"{HEAD}[late]\nat_most_percent = 101",
    r"\[late\] grace_minutes must be a number": f"{HEAD}[late]\ngrace_minutes = nan",
    r"\[late\] percent_per_day must be a number": f'{HEAD}[late]\npercent_per_day = "10"',
    r"\[assignments.01_conv\] names '01_conv', .*did you mean '01_convolution'": f"{HEAD}[assignments.01_conv]",
    r"\[assignments.01_convolution\] must be a table": f"{HEAD}[assignments]\n01_convolution = 2026-10-23 23:59",
    r"\[assignments.01_convolution\] has no `due`": f"{HEAD}[assignments.01_convolution]",
    r"\[assignments.01_convolution\] has a key 'until'": f"{DUE}until = 3",
    r"\[assignments.01_convolution\] free_days must not be negative": f"{DUE}free_days = -3",
    r"\[assignments.01_convolution\] due has no time of day; write 2026-10-23 23:59": DUE.replace(" 23:59", ""),
    r"\[assignments.01_convolution\] due is no deadline: 'soon' is no date": DUE.replace("2026-10-23 23:59", '"soon"'),
    r"\[assignments.01_convolution\] due is no deadline: '7' is no date": DUE.replace("2026-10-23 23:59", "7"),
    "due is no deadline: '0026-10-23": DUE.replace("2026", "0026"),
    "due is no deadline: 2026-03-29 02:30 does not exist in Europe/Paris": DUE.replace("10-23 23:59", "03-29 02:30"),
    r"\[extensions.ada\] must be a table": f"{HEAD}[extensions]\nada = 3",
    r"\[extensions.ada\] names 'pooling', .*did you mean '02_pooling'": f"{DUE}[extensions.ada]\npooling = 1",
    r"\[extensions.ada\] 02_pooling extends no deadline": f"{DUE}[extensions.ada]\n02_pooling = 1",
    r"\[extensions.ada\] 01_convolution must not be negative": f"{DUE}[extensions.ada]\n01_convolution = -1",
    r"\[extensions.ada\] 01_convolution must be a whole number": f"{DUE}[extensions.ada]\n01_convolution = true",
    r"\[extensions.ada\] 01_convolution has no time of day": f"{DUE}[extensions.ada]\n01_convolution = 2026-10-30",
    r"\[extensions.ada\] reason must be a text": f"{DUE}[extensions.ada]\nreason = 3",
    r'stands in quotes, \[extensions."ada.l"\]': f"{DUE}[extensions.ada.l]\n01_convolution = 1",
}


@pytest.mark.parametrize("sentence", MISTAKES)
def test_a_mistake_is_one_sentence_that_names_its_place(read, sentence):
    with pytest.raises(DeadlinesError, match=sentence) as problem:
        read(MISTAKES[sentence])
    said = str(problem.value)
    assert said.startswith(FILE) and said[-1] in ".?" and "\n" not in said and len(said) < 250
