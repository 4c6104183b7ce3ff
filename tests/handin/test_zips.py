"""A zip as Canvas, Moodle, Gradescope or a person made it: students told apart, the newest attempt counts."""

import pytest
from zips import GRADESCOPE_METADATA, NOTEBOOKS, notebook, packed

from autograder.handin.inbox import InboxError, find_submissions, holds_many, open_inbox, safe_name


@pytest.fixture
def taken(tmp_path):
    """What a zip of (name, mark) pairs holds: the mark of each student's notebook, or the problem with it."""

    def taken(*members, assignment=None, name="class.zip"):
        path = tmp_path / name
        path.write_bytes(packed((name, mark if isinstance(mark, bytes) else notebook(mark)) for name, mark in members))
        with open_inbox([path], NOTEBOOKS, assignment) as submissions:
            found = {each.student: each for each in submissions}
            assert len(found) == len(submissions)
            taken.assignments = {each.assignment for each in submissions}
            taken.late = {each.student for each in submissions if each.late}
            taken.received = {each.student: each.receipt.at.isoformat(" ") for each in submissions if each.receipt}
            return {student: _mark(each.path) if each.path else each.problem for student, each in found.items()}

    return taken


def _mark(path):
    return path.read_text().split("mark = '")[1].split("'")[0]


def test_canvas(taken):
    assert taken(
        ("lovelaceada_12345_67890_convolution.ipynb", "old"),
        ("lovelaceada_LATE_12345_67999_convolution-1.ipynb", "new"),
        ("smithjo_LATE_222_333_convolution.ipynb", "jo"),
        ("smithjo_223_334_convolution.ipynb", "another jo"),
        ("smithjo_223_335_my_own_1_2_notes.ipynb", "notes"),
        ("o'neilben_300_400_my work-2.ipynb", "ben"),
        ("doe_301_401_report.pdf", b"%PDF"),
        ("roe_302_402_convolution.zip", b"PK"),
    ) == {
        "lovelaceada_12345": "new",
        "smithjo_222": "jo",
        "smithjo_223": "another jo",
        safe_name("o'neilben_300"): "ben",
        "doe_301": "No notebook was handed in.",
        "roe_302": "A zip was handed in, which is not opened: a notebook is needed.",
    }
    assert taken.assignments == {"01_convolution"}
    assert taken.late == {"lovelaceada_12345", "smithjo_222"}


def test_the_newest_canvas_attempt_is_told_by_its_number_where_ids_are_equal(taken):
    for order in (1, -1):
        names = ["a_1_2_convolution.ipynb", "a_1_2_convolution-2.ipynb", "a_1_2_convolution-10.ipynb"][::order]
        assert taken(*((name, name) for name in names)) == {"a_1": "a_1_2_convolution-10.ipynb"}


def test_moodle(taken):
    assert taken(
        ("Ada King Lovelace_123456_assignsubmission_file_/convolution.ipynb", "ada"),
        ("Ada King Lovelace_99_assignsubmission_file_/convolution.ipynb", "the other Ada"),
        ("Ben_7_assignsubmission_file_/scratch.ipynb", "scratch"),
        ("Ben_7_assignsubmission_file_/convolution.ipynb", "ben"),
        ("Ben_7_assignsubmission_onlinetext_/onlinetext.html", b"<script>"),
        ("Chen_8_assignsubmission_file_convolution.ipynb", "chen"),
        ("Łucja Ø_9_assignsubmission_file_/.ipynb_checkpoints/convolution-checkpoint.ipynb", "checkpoint"),
        ("Łucja Ø_9_assignsubmission_file_/convolution.ipynb", "lucja"),
    ) == {
        "Ada_King_Lovelace_123456": "ada",
        "Ada_King_Lovelace_99": "the other Ada",
        "Ben_7": "ben",
        "Chen_8": "chen",
        "Łucja_Ø_9": "lucja",
    }


def test_gradescope(taken):
    export = "assignment_5_export"
    members = [(f"{export}/submission_{each}/convolution.ipynb", str(each)) for each in (11, 12, 13, 19)]
    assert taken((f"{export}/submission_metadata.yml", GRADESCOPE_METADATA), *members) == {
        "Ada_Lovelace_1815": "19",
        safe_name("Ben_O'Neil_ben@example.edu"): "12",
        "Chen_7": "12",
        "submission_13": "13",
    }
    assert taken.received == {
        "Ada_Lovelace_1815": "2026-03-02 18:00:00+00:00",
        safe_name("Ben_O'Neil_ben@example.edu"): "2026-03-01 11:00:00+00:00",
        "Chen_7": "2026-03-01 11:00:00+00:00",
    }
    assert taken(*members) == {f"submission_{each}": str(each) for each in (11, 12, 13, 19)}
    assert taken.received == {}


@pytest.mark.parametrize("line", [b"    :created_at: 2020-01-01 00:00:00 Z", b":created_at: 2020-01-01 00:00:00 Z"])
def test_a_line_that_gradescope_did_not_write_in_its_place_makes_nothing_earlier(taken, line):
    forged = GRADESCOPE_METADATA.replace(b"    :sid: '1815'", b"    :sid: '1815'\n" + line)
    forged = forged.replace(b"  :history:", b"  :created_at: 2020-01-01 00:00:00 Z\n  :history:")
    taken(("x/submission_metadata.yml", forged), ("x/submission_11/convolution.ipynb", "11"))
    assert taken.received == {"Ada_Lovelace_1815": "2026-03-01 10:00:00+00:00"}


@pytest.mark.parametrize("around", ["", "submitted/", "class/submitted/", "./", "class/"])
def test_a_tree(taken, around):
    assert taken(
        (f"{around}ada/01_convolution/convolution.ipynb", "ada"),
        (f"{around}ben/01_convolution/other name.ipynb", "ben"),
        (f"{around}ben/01_convolution/data.csv", b"1,2"),
        (f"{around}chen/01_convolution/report.pdf", b"%PDF"),
        (f"{around}ada/03_pooling/pooling.ipynb", "pooling"),
        assignment="01_convolution",
    ) == {"ada": "ada", "ben": "ben", "chen": "No notebook was handed in."}


@pytest.mark.parametrize("around", ["", "class/"])
def test_flat_notebooks_and_folders_of_students(taken, around):
    noise = [("__MACOSX/class/._ada.ipynb", b"\0"), (f"{around}.DS_Store", b"\0"), (f"{around}README.txt", b"hello")]
    flat = [(f"{around}{name}.ipynb", name) for name in ("ada", "ben")]
    assert taken(*noise, *flat, assignment="01_convolution") == {"ada": "ada", "ben": "ben"}
    folders = [(f"{around}{name}/convolution.ipynb", name) for name in ("ada", "ben")]
    assert taken(*folders) == {"ada": "ada", "ben": "ben"}
    assert taken.assignments == {"01_convolution"}


def test_a_zip_belongs_to_one_assignment_when_that_is_said(taken):
    assert taken(("a_1_2_homework.ipynb", "a"), assignment="03_pooling") == {"a_1": "a"}
    assert taken.assignments == {"03_pooling"}


def test_an_unknown_notebook_of_a_platform_is_of_the_assignment_of_all_others(taken):
    taken(("a_1_2_convolution.ipynb", "a"), ("b_2_3_Untitled.ipynb", "b"))
    assert taken.assignments == {"01_convolution"}
    taken(("b_2_3_Untitled.ipynb", "b"))
    assert taken.assignments == {"Untitled"}


def test_what_was_unpacked_is_private_and_gone_afterwards(tmp_path):
    path = tmp_path / "class.ZIP"
    path.write_bytes(packed([("a_1_2_convolution.ipynb", notebook("a"))]))
    with open_inbox([path], NOTEBOOKS) as (submission,):
        assert submission.path.name == "convolution-000001.ipynb" and "a_1" not in str(submission.path)
        assert all(parent.stat().st_mode & 0o077 == 0 for parent in list(submission.path.parents)[:3])
    assert not submission.path.exists()


def test_a_zip_is_a_class(tmp_path):
    assert holds_many(tmp_path) and holds_many(tmp_path / "x.zip") and not holds_many(tmp_path / "x.ipynb")


def test_an_empty_zip_and_what_is_no_zip_are_one_sentence(tmp_path):
    for content, words in ((packed([]), "No hand-ins"), (b"", "no zip file"), (b"PK\3\4", "no zip file")):
        (tmp_path / "class.zip").write_bytes(content)
        with pytest.raises(InboxError, match=words), open_inbox([tmp_path / "class.zip"], NOTEBOOKS):
            pass
    with pytest.raises(InboxError, match="no folder to unpack"):
        find_submissions([tmp_path / "class.zip"], NOTEBOOKS)


def test_files_beside_a_notebook_are_taken_by_the_names_that_count(tmp_path):
    path = tmp_path / "class.zip"
    members = [
        ("ada_1_2_convolution.ipynb", notebook("ada")),
        ("ada_1_3_digits.npz", b"old"),
        ("ada_1_4_digits-1.npz", b"new"),
        ("ada_1_5_numpy.py", b"no"),
        ("ada_1_5_other.npz", b"no"),
        ("ben_2_6_convolution.ipynb", notebook("ben")),
    ]
    path.write_bytes(packed(members))
    with open_inbox([path], NOTEBOOKS, files=["digits.npz"]) as (ada, ben):
        assert {each.name for each in ada.path.parent.iterdir()} == {"convolution-000001.ipynb", "digits.npz"}
        assert (ada.path.parent / "digits.npz").read_bytes() == b"new"
        assert [each.name for each in ben.path.parent.iterdir()] == ["convolution-000002.ipynb"]
