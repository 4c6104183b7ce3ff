"""Canvas' own export comes back filled in, as its importer reads it, whose rules stand here as a second reader.

They are those of GradebookImporter in Canvas' public source: where its columns stand, which rows are students, how a
number is read, by what a student is found.
"""

import csv
import io
import re

import pytest
from hostile_marks import NASTY, mark, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.exports.canvas import canvas_csv, read_gradebook
from autograder.exports.cells import FORMULA, as_csv, read_csv
from autograder.exports.mark import ExportError
from autograder.handin.submission import safe_name

HEADER = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Convolution (1234)", "Pooling (1235)",
          "Homework Current Score", "Final Score")  # fmt: skip
POINTS = ("    Points Possible", "", "", "", "", "10.00", "20.00", "(read only)", "(read only)")
ADA = ("Lovelace, Ada", "4711", "S-1", "ada@example.org", "Section 1", "", "18.00", "90.00", "90.00")
BEN = ("Nguyễn, Ben", "4712", "S-2", "ben@example.org", "Section 1", "3.00", "", "30.00", "30.00")
TEST = ("Student, Test", "9999", "", "f00", "Section 1", "", "", "", "")
TITLES = {"01_convolution": "Convolution", "02_pooling": "Pooling"}


class Importer:
    """What Canvas takes from a file: points by assignment, scores by student and assignment."""

    def __init__(self, text):
        rows = list(csv.reader(io.StringIO(text, newline="")))
        header = rows[0]
        assert "Student" in header[0] and "ID" in header[1] and len(header) > 3
        about = 3
        if re.search(r"SIS\s+Login\s+ID", header[2]):
            about += 1
        elif re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3]):
            about += 2 + bool(re.search(r"Integration\s+ID", header[4]))
            about += bool(re.search(r"Root\s+Account", header[about - 1]))
        assert "Section" in header[about - 1], "Invalid header row"
        self.assignments = [re.fullmatch(r"(.*) \((\d+)\)", each)[2] for each in header[about:]]
        self.points, self.scores = {}, {}
        for row in rows[1:]:
            assert len(row) == len(header)
            if "Points Possible" in row[0]:
                assert not self.scores, "a student was taken for the row of points"
                self.points = dict(zip(self.assignments, map(self.number, row[about:]), strict=True))
            else:
                assert row[1].isdigit()
                self.scores[row[1]] = dict(zip(self.assignments, map(self.number, row[about:]), strict=True))

    @staticmethod
    def number(cell):
        if re.fullmatch(r"-?[0-9.,]+%?", cell):
            *first, last = re.split(r"[,.]", cell)
            cell = f"{''.join(first)}.{last}" if first else last
        return cell.strip()


def filled(*marks, rows=(HEADER, POINTS, ADA, BEN, TEST), column=None, scale=False, earned=False):
    text, notes = canvas_csv(read_gradebook(rows, "grades.csv"), marks, TITLES, column, scale, earned)
    return Importer(text), notes, text


def test_a_score_goes_to_its_student_and_its_column():
    found, notes, text = filled(mark("S-1", 7.5))
    assert found.scores == {"4711": {"1234": "7.5"}} and found.points == {"1234": "10"} and notes == []
    header = next(csv.reader(io.StringIO(text)))
    assert header == list(HEADER[:6])


def test_what_is_not_changed_is_not_in_the_file():
    found, _, _ = filled(mark("S-1", 7.5), mark("S-2", 9, 20, "02_pooling"))
    assert found.scores == {"4711": {"1234": "7.5", "1235": "18.00"}, "4712": {"1234": "3.00", "1235": "9"}}
    assert "9999" not in found.scores


@pytest.mark.parametrize(
    "student",
    ["4711", "S-1", "ada@example.org", "ADA@example.org", "lovelaceada_4711", safe_name("Lovelace, Ada_4711"),
     "Ada_Lovelace_S-1", "Ada Lovelace", "Ada_Lovelace", "LovelaceAda"],
)  # fmt: skip
def test_a_student_is_found_by_each_name_that_a_hand_in_may_have(student):
    assert filled(mark(student))[0].scores == {"4711": {"1234": "7.5"}}


def test_the_gradebooks_own_address_of_a_student_counts():
    assert filled(mark("someone", aliases=("ben@example.org",)))[0].scores == {"4712": {"1234": "7.5"}}


@pytest.mark.parametrize("student", ["ada", "group_4711", "471", "4711x", "Lovelace", "S-", ""])
def test_nobody_is_guessed(student):
    found, notes, _ = filled(mark(student), mark("S-2"))
    assert set(found.scores) == {"4712"} and any("is not in it" in note for note in notes)


def test_two_that_fit_are_as_bad_as_none():
    twin = ("Lovelace, Ada", "4713", "S-3", "ada2@example.org", "Section 2", "", "", "", "")
    found, notes, _ = filled(mark("Ada Lovelace"), mark("S-2"), rows=(HEADER, POINTS, ADA, twin, BEN))
    assert set(found.scores) == {"4712"} and notes == ["Ada Lovelace could be any of 2 in it."]
    found, notes, _ = filled(mark("S-1", 1), mark("4711", 9), mark("S-2"))
    assert set(found.scores) == {"4712"} and notes == ["S-1, 4711 are one and the same in it."]


def test_one_who_is_excused_stays_excused():
    excused = (*ADA[:5], "EX", *ADA[6:])
    found, notes, _ = filled(mark("S-1"), mark("S-2"), rows=(HEADER, POINTS, excused, BEN))
    assert set(found.scores) == {"4712"} and "excused" in notes[0]


def test_other_points_there_are_refused_or_converted_on_request():
    rows = (HEADER, (*POINTS[:5], "100", *POINTS[6:]), ADA)
    with pytest.raises(ExportError, match="worth 100 points there and 01_convolution 10 here"):
        filled(mark("S-1"), rows=rows)
    found, _, _ = filled(mark("S-1"), rows=rows, scale=True)
    assert found.scores == {"4711": {"1234": "75"}} and found.points == {"1234": "100"}


def test_a_column_is_found_by_title_or_named():
    other = (*HEADER[:5], "Homework 1 (77)", *HEADER[6:])
    with pytest.raises(ExportError, match="No column fits 01_convolution"):
        filled(mark("S-1"), rows=(other, POINTS, ADA))
    for column in ("Homework 1", "Homework 1 (77)"):
        assert filled(mark("S-1"), rows=(other, POINTS, ADA), column=column)[0].scores == {"4711": {"77": "7.5"}}
    with pytest.raises(ExportError, match="0 columns are called"):
        filled(mark("S-1"), rows=(other, POINTS, ADA), column="Homework 2")


@pytest.mark.parametrize("header", [("Name", "ID", "Section"), ("Student", "ID", "SIS Login ID"), ("x",)])
def test_another_file_is_refused_in_a_sentence(header):
    with pytest.raises(ExportError, match="no gradebook as Canvas exports it"):
        read_gradebook([header], "grades.csv")


def test_semicolons_and_decimal_commas_are_read(tmp_path):
    text = ";".join(HEADER[:6]) + '\n    Points Possible;;;;;10,00\n"Lovelace, Ada";4711;S-1;a@b.c;S;\n'
    (tmp_path / "grades.csv").write_text("\ufeff" + text)
    found, _, _ = filled(mark("S-1"), rows=read_csv(tmp_path / "grades.csv"))
    assert found.scores == {"4711": {"1234": "7.5"}} and found.points == {"1234": "10"}


@given(name=texts, login=texts, section=texts, score=st.floats(-5, 20).map(lambda each: round(each, 4)))
@settings(max_examples=60, deadline=None)
def test_hostile_rows_come_back_as_one_harmless_row_with_the_right_score(name, login, section, score):
    row = (name, "4711", "S-1", login, section, "", "", "", "")
    text = as_csv([list(HEADER), list(POINTS), list(row), list(BEN)]).encode("utf-8", "replace").decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    found, _, written = filled(mark("4711", score), mark("S-2"), rows=rows)
    assert float(found.scores["4711"]["1234"]) == pytest.approx(score, abs=1e-4)
    assert found.points == {"1234": "10"} and len(found.scores) == 2
    for line in csv.reader(io.StringIO(written, newline="")):
        assert not any(cell.lstrip().startswith(FORMULA) and cell not in ("-", str(score)) for cell in line[:5])


def test_a_student_called_points_possible_changes_no_points():
    for name in NASTY:
        name = name.encode(errors="replace").decode()
        rows = (HEADER, (name, "4711", *ADA[2:]), POINTS, BEN)
        found, _, _ = filled(mark("4711"), rows=rows)
        assert found.points == {"1234": "10"} and found.scores == {"4711": {"1234": "7.5"}}


@pytest.mark.jail
@pytest.mark.nbgrader
def test_a_really_graded_class_goes_into_canvas(course_in, graded):
    header = [*HEADER[:5], "Scaling (88)"]
    people = [["Lovelace, Ada", "4711", "", "lovelace", "S", ""], ["Ada, A", "1", "", "ada", "S", ""],
              ["Ben, B", "2", "", "ben", "S", ""], ["Dora, D", "3", "", "dora", "S", "5"]]  # fmt: skip
    (graded.parent / "canvas-in.csv").write_text(as_csv([header, ["    Points Possible", "", "", "", "", 10], *people]))
    done = course_in(
        "export", "--format", "canvas", "--roster", "canvas-in.csv", "--json", "--assignment", "01_scaling"
    )
    assert done.returncode == 0, done.stderr
    found = Importer((graded / "exports" / "canvas.csv").read_text())
    assert {student: float(each["88"]) for student, each in found.scores.items()} == {"4711": 10, "1": 10, "2": 6.4}
    assert '"notes"' in done.stdout and "dora: 01_scaling is not graded (unreadable)" in done.stdout
