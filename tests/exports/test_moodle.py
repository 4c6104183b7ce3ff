"""Moodle's files come back filled in, as its importers read them, whose rules stand here as second readers.

They are those of Moodle's public source: assignfeedback_offline for the worksheet, gradeimport_csv for the table.
"""

import csv
import io
import re

import pytest
from hostile_marks import mark, texts
from hypothesis import given, settings

from autograder.exports.cells import FORMULA, as_csv
from autograder.exports.mark import ExportError
from autograder.exports.moodle import moodle_csv, read_sheet

WORKSHEET = ("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed",
             "Last modified (submission)", "Last modified (grade)", "Feedback comments")  # fmt: skip
ADA = ("Participant 501", "Ada Lovelace", "ada@example.org", "Submitted for grading", "", "10.00", "Yes",
       "Friday, 23 October 2026, 8:00 PM", "-", "")  # fmt: skip
BEN = ("Participant 502", "Ben Nguyễn", "ben@example.org", "", "3.00", "10.00", "Yes", "-",
       "Monday, 26 October 2026, 9:00 AM", "-2 for style")  # fmt: skip
TABLE = ("First name", "Last name", "ID number", "Institution", "Email address", "Assignment: Convolution (Real)",
         "Course total (Real)", "Last downloaded from this course")  # fmt: skip
ADA_ROW = ("Ada", "Lovelace", "S-1", "", "ada@example.org", "-", "12.00", "1792000000")
TITLES = {"01_convolution": "Convolution", "02_pooling": "Pooling"}


def worksheet_reader(text):
    """Grades by participant, as the worksheet's importer takes them: three columns, found by their names."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    at, grade, changed = (header.index(name) for name in ("Identifier", "Grade", "Last modified (grade)"))
    found = {}
    for row in rows:
        assert len(row) == len(header), "csvweirdcolumns"
        number = row[at][len("Participant ") :]
        assert row[at].startswith("Participant ") and number.isdigit()
        assert row[changed] == "-" or re.match(r"\w+day, ", row[changed])
        found[number] = float(row[grade])
    return found


def table_reader(text, key, item):
    """Grades by what identifies a student, mapped by hand as on Moodle's page."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    found = {}
    for row in rows:
        assert len(row) == len(header), "csvweirdcolumns"
        value = row[header.index(item)].replace(" ", "").replace(",", ".")
        if value not in ("", "-"):
            found[row[header.index(key)]] = float(value)
    return found


def filled(*marks, rows=(WORKSHEET, ADA, BEN), column=None, scale=False, earned=False):
    return moodle_csv(read_sheet(rows, "grades.csv"), marks, TITLES, column, scale, earned)


def test_a_worksheet_takes_the_score_of_its_participant():
    text, notes = filled(mark("ada@example.org"))
    assert worksheet_reader(text) == {"501": 7.5} and notes == []


def test_comments_and_rows_without_a_score_are_not_in_the_file():
    text, _ = filled(mark("ada@example.org"))
    header = next(csv.reader(io.StringIO(text)))
    assert header == ["Identifier", "Full name", "Email address", "Grade", "Maximum Grade", "Last modified (grade)"]


@pytest.mark.parametrize("student", ["Ada_Lovelace_501", "501", "ada@example.org", "Ada Lovelace", "Ada_Lovelace"])
def test_a_student_is_found_by_each_name_that_a_hand_in_may_have(student):
    assert worksheet_reader(filled(mark(student))[0]) == {"501": 7.5}


def test_the_gradebooks_table_takes_scores_by_address():
    text, notes = filled(mark("S-1"), rows=(TABLE, ADA_ROW))
    assert table_reader(text, "Email address", "Assignment: Convolution (Real)") == {"ada@example.org": 7.5}
    assert next(csv.reader(io.StringIO(text))) == [
        "First name", "Last name", "ID number", "Email address", "Assignment: Convolution (Real)",
    ]  # fmt: skip
    assert notes == []


def test_an_address_that_is_a_formula_is_left_to_a_person():
    formula = ("Eve", "Evil", "S-9", "", "=1+1@example.org", "-", "", "")
    text, notes = filled(mark("S-1"), mark("S-9"), rows=(TABLE, ADA_ROW, formula))
    assert table_reader(text, "Email address", "Assignment: Convolution (Real)") == {"ada@example.org": 7.5}
    assert notes == ["S-9: a spreadsheet takes '=1+1@example.org for a formula. Type the score in by hand."]


def test_other_points_there_are_refused_or_converted_on_request():
    rows = (WORKSHEET, (*ADA[:5], "100,00", *ADA[6:]))
    with pytest.raises(ExportError, match="worth 100 points there"):
        filled(mark("501"), rows=rows)
    assert worksheet_reader(filled(mark("501"), rows=rows, scale=True)[0]) == {"501": 75}


def test_a_worksheet_is_of_one_assignment():
    with pytest.raises(ExportError, match="--assignment: 01_convolution, 02_pooling"):
        filled(mark("501"), mark("501", assignment="02_pooling"))


def test_hand_ins_without_a_score_are_in_nobodys_way():
    broken = mark("dora", assignment="no_such", status="unknown_assignment")
    assert worksheet_reader(filled(mark("501"), broken)[0]) == {"501": 7.5}
    with pytest.raises(ExportError, match="Nobody has a score"):
        filled(broken)


@pytest.mark.parametrize(
    ("header", "why"),
    [(("Teilnehmer", "Bewertung"), "neither a grading worksheet"), (("Identifier", "Grade"), "Last modified"),
     (("First name", "Last name"), "in English")],
)  # fmt: skip
def test_another_file_is_refused_in_a_sentence(header, why):
    with pytest.raises(ExportError, match=why):
        read_sheet([header], "grades.csv")


@given(name=texts, number=texts)
@settings(max_examples=60, deadline=None)
def test_hostile_rows_come_back_as_one_harmless_row_with_the_right_score(name, number):
    row = ("Participant 501", name, number, *ADA[3:])
    text = as_csv([WORKSHEET, row, BEN]).encode(errors="replace").decode()
    written, _ = filled(mark("501"), mark("502"), rows=list(csv.reader(io.StringIO(text, newline=""))))
    assert worksheet_reader(written) in ({"501": 7.5, "502": 7.5}, {"502": 7.5})  # the number may be 502 as well
    for line in csv.reader(io.StringIO(written, newline="")):
        assert not any(cell.lstrip().startswith(FORMULA) and cell != "-" for cell in line if not _is_number(cell))


def _is_number(cell):
    return bool(re.fullmatch(r"\s*[+-]?[\d.]+\s*", cell))


@pytest.mark.jail
@pytest.mark.nbgrader
def test_a_really_graded_class_goes_into_moodle(course_in, graded):
    rows = [WORKSHEET, ("Participant 1", "Emil E", "emil", "", "", "3.00", "Yes", "-", "-", "")]
    (graded.parent / "moodle-in.csv").write_text("\ufeff" + as_csv(rows))
    done = course_in("export", "--format", "moodle", "--roster", "moodle-in.csv", "--assignment", "09_written",
                     "--to", "-")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert worksheet_reader(done.stdout) == {"1": 2.0}
    assert "note: frida is not in it." in done.stderr
    assert "frida: 1 of 09_written to be marked by a person." in done.stderr
