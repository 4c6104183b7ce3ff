"""Hand-ins are found in a class folder, a student's folder or a single file, and none is lost."""

import pytest

from autograder.handin.inbox import InboxError, find_submissions, safe_name

NOTEBOOKS = {"01_convolution": "convolution", "02_pooling": "pooling"}


@pytest.fixture
def class_folder(tmp_path):
    for student in ("ada", "ben", "Łucja Ø"):
        place = tmp_path / "submitted" / student / "01_convolution"
        place.mkdir(parents=True)
        (place / "convolution.ipynb").write_text("{}")
    (tmp_path / "submitted/ben/02_pooling").mkdir()
    (tmp_path / "submitted/chen/01_convolution").mkdir(parents=True)
    (tmp_path / "submitted/chen/01_convolution/my work.ipynb").write_text("{}")
    return tmp_path


def found(*paths, assignment=None):
    return {(s.student, s.assignment): s for s in find_submissions(paths, NOTEBOOKS, assignment)}


def test_a_class_folder_and_its_parent_give_the_same(class_folder):
    assert found(class_folder).keys() == found(class_folder / "submitted").keys()
    assert ("ada", "01_convolution") in found(class_folder)


def test_a_notebook_under_another_name_is_taken_when_it_is_the_only_one(class_folder):
    assert found(class_folder)["chen", "01_convolution"].path.name == "my work.ipynb"


def test_an_empty_place_is_a_hand_in_with_a_problem(class_folder):
    assert found(class_folder)["ben", "02_pooling"].problem == "No notebook was handed in."


def test_one_assignment_can_be_picked(class_folder):
    assert set(found(class_folder, assignment="02_pooling")) == {("ben", "02_pooling")}


def test_a_single_notebook_knows_its_student_and_assignment(class_folder, tmp_path):
    path = class_folder / "submitted/ada/01_convolution/convolution.ipynb"
    assert set(found(path)) == {("ada", "01_convolution")}
    (tmp_path / "pooling.ipynb").write_text("{}")
    assert set(found(tmp_path / "pooling.ipynb")) == {("pooling", "02_pooling")}


def test_links_to_folders_are_not_followed(class_folder):
    (class_folder / "submitted/eve").symlink_to(class_folder / "submitted/ada")
    assert ("eve", "01_convolution") not in found(class_folder)


def test_a_missing_path_and_an_empty_folder_are_one_sentence(tmp_path):
    with pytest.raises(InboxError, match="There is no file or folder"):
        found(tmp_path / "nowhere")
    with pytest.raises(InboxError, match="No hand-ins"):
        found(tmp_path)


def test_names_become_file_names_and_stay_different():
    names = ["ada", "a/b", "a_b", "../../etc", "a b", "a\nb", "é", ""]
    safe = [safe_name(name) for name in names]
    assert len(set(safe)) == len(names)
    assert not any("/" in name or name.startswith(".") or not name for name in safe)
