"""What people read after grading: a page for each student, and the class page for the instructor."""

from autograder.feedback.classroom import class_page
from autograder.feedback.files import write_pages
from autograder.feedback.student import feedback_page

__all__ = ["class_page", "feedback_page", "write_pages"]
