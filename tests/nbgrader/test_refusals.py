"""What nbgrader must not do here is refused in one sentence, and the rest of the class goes on."""

from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from .conftest import NAME, hand_in, make_course, run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def course(tmp_path, empty_gradebook):
    course = make_course(tmp_path, ROOT / "solutions" / NAME, gradebook=empty_gradebook)
    run(course.root, "generate_assignment", NAME, "--force")
    return course


def inbound(course, student):
    folder = course.root / "exchange/cnn-by-doing/inbound" / f"{student}+{NAME}+2027-03-26 10:00:00.000000 UTC+abc"
    folder.mkdir(parents=True)
    (folder / "convolution.ipynb").write_text("{}")
    return folder


def test_a_hand_in_with_a_link_is_not_collected_and_the_others_are(course):
    run(course.root, "release_assignment", NAME)
    secret = course.root / ".course-secret"
    secret.write_text("0123456789abcdef")
    (inbound(course, "eve") / "notes.txt").symlink_to(secret)
    inbound(course, "finn")
    log = run(course.root, "collect", NAME)
    assert "holds links and is not collected: notes.txt" in log
    assert not (course.root / "submitted/eve").joinpath(NAME).exists()
    assert (course.root / "submitted/finn" / NAME / "convolution.ipynb").exists()


def test_a_page_of_a_students_own_is_never_released_as_feedback(course):
    path = hand_in(course, "ada", NAME)
    (path.parent / "evil.html").write_text("<script>alert(1)</script>")
    run(course.root, "autograde", NAME)
    run(course.root, "generate_feedback", NAME)
    assert [each.name for each in (course.root / "feedback/ada" / NAME).glob("*.html")] == ["convolution.html"]


def test_a_rubric_that_changed_under_a_running_server_is_not_graded_by(course):
    hand_in(course, "ada", NAME)
    run(course.root, "autograde", NAME)
    rubric = course.solutions / NAME / "rubric.py"
    rubric.write_text(rubric.read_text(encoding="utf-8") + "\n# one more\n", encoding="utf-8")
    log = run(course.root, "autograde", NAME, "--force", status=1)
    assert log.count("has changed since this program read it") == 1 and "Traceback" not in log
    assert (course.root / "autograded/ada" / NAME / "convolution.ipynb").exists()


def test_a_gradebook_with_other_points_is_named_before_anything_is_graded(course):
    hand_in(course, "ada", NAME)
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        gradebook.find_grade_cell("check_conv2d", "convolution", NAME).max_score = 11
        gradebook.db.commit()
    log = run(course.root, "autograde", NAME, status=1)
    assert f"Run `nbgrader generate_assignment {NAME} --force` first." in log
    run(course.root, "generate_assignment", NAME, "--force")
    run(course.root, "autograde", NAME)


def test_an_assignment_that_the_course_does_not_have_is_one_sentence(course):
    path = course.root / "submitted/ada/77_unheard_of/x.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    assert "There is no assignment '77_unheard_of'" in run(course.root, "autograde", "77_unheard_of", status=1)
