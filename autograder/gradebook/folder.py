"""A class folder: gradebook, graded notebooks, pages and results of one class, ready for nbgrader and a browser."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course import Course
from autograder.feedback.files import (
    CLASS_PAGE,
    class_stands,
    feedback_path,
    page_names,
    write_class_page,
    write_feedback,
)
from autograder.feedback.similar import Given
from autograder.feedback.words import lateness
from autograder.gradebook.feedback import laid_out, lay_out
from autograder.grading.kept import FILE as KEPT
from autograder.grading.kept import Kept, key, this_program
from autograder.grading.plan import Plan
from autograder.grading.result import Before, ClassResult, SubmissionResult, SubmissionStatus, result_as_json
from autograder.rubric.trained import Trained
from autograder.rubric.written import Written

if TYPE_CHECKING:
    from autograder.deadlines.lateness import TimeRules
    from autograder.grading.classroom import OnResult
    from autograder.handin.inbox import Submission

CONFIG = '''"""Written by `course grade`, so that nbgrader and its formgrader work in this folder."""

import os

from autograder.gradebook.configure import configure

c = get_config()

configure(c)
c.GradingExporter.course_root = {root!r}
c.CourseDirectory.source_directory = {source!r}
c.CourseDirectory.release_directory = {release!r}
c.CourseDirectory.db_url = {url!r}
c.Exchange.root = os.environ.get("NBGRADER_EXCHANGE", {exchange!r})
'''


@dataclass(frozen=True)
class ClassFolder:
    """An open class folder: how to write what a run finds."""

    write: OnResult
    settle: Callable[[TimeRules, Sequence[Submission]], None]  # put the time rules to the whole gradebook
    report: Callable[[ClassResult], Path]  # write the class page and results.json
    before: dict[tuple[str, str], Mapping[str, Before]]  # of hand-ins with questions that a new grading changed

    def marked(self, result: SubmissionResult) -> SubmissionResult:
        """The result with what its questions had before."""
        return dataclasses.replace(result, before=self.before.get((result.student, result.assignment), {}))


@contextmanager
def open_class_folder(
    course: Course,
    plans: Mapping[str, Plan],
    submissions: Sequence[Submission],
    folder: Path,
    url: str | None,
    reuse: bool = True,
) -> Iterator[ClassFolder]:
    """Make the folder and its gradebook, or open what is there. With `reuse` off all of it is written anew."""
    from autograder.gradebook.notebook import graded_notebook, graded_path, read_release, write_graded_notebook
    from autograder.gradebook.record import agrees, declared, record, recorded_scores
    from autograder.gradebook.settle import settle_class
    from autograder.gradebook.tables import open_tables

    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "report"
    url = url or f"sqlite:///{folder.resolve() / 'gradebook.db'}"
    _write_config(course, folder, url)
    releases = {
        name: read_release(course.assignments / name / f"{plan.assignment.notebook}.ipynb")
        for name, plan in plans.items()
    }
    with open_tables(url) as engine, Kept(folder / KEPT, reuse) as kept:
        new = {name: plan for name, plan in plans.items() if not declared(engine, plan.assignment, releases[name])}
        if new:
            from autograder.gradebook.store import declare, open_gradebook  # imports nbgrader: a second

            with open_gradebook(url) as gradebook:
                for name, plan in new.items():
                    declare(gradebook, url, plan.assignment, releases[name])

        scores = recorded_scores(engine)
        unchanged: set[tuple[str, str]] = set()  # hand-ins whose result stood here already, their pages with it
        before: dict[tuple[str, str], Mapping[str, Before]] = {}
        names = {
            (each.student, each.assignment): name
            for each, name in zip(submissions, page_names(submissions), strict=True)
        }

        def show(submission: Submission, result: SubmissionResult) -> None:
            """Write the feedback page, beside the class page and where nbgrader has it."""
            plan = plans.get(result.assignment)
            title = plan.assignment.rubric.title if plan else result.assignment
            page = write_feedback(result, title, report, names[result.student, result.assignment])
            if plan:
                lay_out(page, folder, submission, plan.assignment.notebook)

        def write(submission: Submission, result: SubmissionResult) -> None:
            """Write what is not here yet. It is marked last: where the grader is killed before, it is written again."""
            if result.status is not SubmissionStatus.GRADED:
                show(submission, result)
                return
            place = (result.student, result.assignment)
            if regraded := kept.before(result):
                before[place] = regraded
                result = dataclasses.replace(result, before=regraded)
            plan = plans[result.assignment]
            notebook = plan.assignment.notebook
            # Lateness is settled apart from scores, and a zip is unpacked at another place each time.
            graded = dataclasses.replace(without_times(result), path=Path(result.path).name)
            content = key(this_program(), json.dumps(result_as_json(graded)), url)
            whole = f"{content} {key(lateness(result))}"  # with what its page says besides
            stood = kept.written(result)
            recorded = graded_path(folder, result, notebook).exists() and agrees(scores, result)
            shown = feedback_path(report, names[place]).exists() and laid_out(folder, submission, notebook).exists()
            if recorded and shown and stood == whole:
                unchanged.add(place)
                return
            if not recorded or stood.split()[:1] != [content]:  # or a person may have marked it since: it is left alone
                write_graded_notebook(folder, graded_notebook(releases[result.assignment], result), result, notebook)
                record(engine, result, notebook)
                kept.note(result, dict(plan.digests), plan.secret_id)
            show(submission, result)
            kept.mark_written(result, whole)

        yield ClassFolder(
            write,
            functools.partial(settle_class, engine, folder),
            lambda result: write_report(result, folder, unchanged, plans),
            before,
        )


def write_report(
    result: ClassResult, folder: Path, unchanged: Collection[tuple[str, str]], plans: Mapping[str, Plan]
) -> Path:
    """Write results.json and the class page; return its path. What shows unchanged hand-ins stays as it is."""
    given, results, report = _given(plans), folder / "results.json", folder / "report"
    if results.exists() and class_stands(result, report, unchanged, given):
        return report / CLASS_PAGE
    _write_results(result, results)
    return write_class_page(result, report, given)


def _write_results(result: ClassResult, path: Path) -> None:
    # No times in it: the same class graded twice gives the same bytes.
    timeless = [without_times(each).as_json() for each in result.submissions]
    for each in timeless:
        del each["seconds"]
    draft = path.with_suffix(".json.new")
    draft.write_text(json.dumps({"submissions": timeless}, indent=1), encoding="utf-8")
    draft.replace(path)


def _given(plans: Mapping[str, Plan]) -> dict[tuple[str, str], Given]:
    """Of each question that is answered in code: the cell as it was handed out, and known right answers."""
    found = {}
    for name, plan in plans.items():
        for question in plan.questions:
            if isinstance(question, Written | Trained):
                continue
            known = [plan.assignment.reference.source(question.name)]
            known += [inspect.getsource(variant) for variant in question.variants]
            found[name, question.name] = Given(plan.stubs.get(question.name, ""), tuple(known))
    return found


def without_times(result: SubmissionResult) -> SubmissionResult:
    """A result as it is whenever it is made."""
    questions = tuple(dataclasses.replace(question, seconds=0.0) for question in result.questions)
    return dataclasses.replace(result, seconds=0.0, questions=questions)


def _write_config(course: Course, folder: Path, url: str) -> None:
    exchange, config = folder.resolve() / "exchange", folder / "nbgrader_config.py"
    if config.exists() and not config.read_text(encoding="utf-8").startswith(CONFIG[:30]):
        return  # the course's own, where a class is graded into the course's folder
    exchange.mkdir(exist_ok=True)
    rooms = {"root": str(course.root.resolve()), "source": str(course.sources), "release": str(course.assignments)}
    text = CONFIG.format(**rooms, url=url, exchange=str(exchange))
    config.write_text(text, encoding="utf-8")
