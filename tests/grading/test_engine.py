"""An engine gets bytes and gives a result, the same one wherever it runs."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.classroom import grade_class
from autograder.grading.engine import Local, RequestRefused, grade, plan_for
from autograder.grading.kept import Kept
from autograder.grading.request import Request, request_for
from autograder.grading.result import (
    SubmissionResult,
    SubmissionStatus,
    result_as_json,
    result_from_json,
)
from autograder.grading.steady import steadily
from autograder.grading.submission import grade_submission
from autograder.handin.inbox import Submission
from autograder.handin.written import write_notebook
from autograder.jail import Jails, JailUnavailable
from autograder.jail.channel import KILLED
from common.cases import Outcome, QuestionResult, Status, Verdict
from common.cases.case import Ended

NAME, SECRET = "01_convolution", b"a secret of the tests \xff"

text = st.text(st.characters(exclude_categories=()), max_size=20)  # halves of characters too
numbers = st.floats(0, 100)
verdicts = st.builds(
    Verdict, text, text, st.booleans(), st.sampled_from(Status), text, text, text, st.none() | numbers, st.none()
)
questions = st.builds(
    QuestionResult, text, st.sampled_from(Status), numbers, numbers, text, text, text,
    st.lists(verdicts, max_size=2).map(tuple), text, text, numbers,
)  # fmt: skip
results = st.builds(
    SubmissionResult, text, text, st.sampled_from(SubmissionStatus), st.lists(questions, max_size=2).map(tuple),
    numbers, text, st.lists(text, max_size=2).map(tuple), numbers, st.booleans(), text,
)  # fmt: skip
files = st.dictionaries(text, st.binary(max_size=50), max_size=2)
requests = st.builds(
    Request, text, text, st.binary(), st.binary(), text, files, st.dictionaries(text, text, max_size=2),
    st.none() | text,
)  # fmt: skip


def sent(data):
    return json.loads(json.dumps(data))


@given(requests)
def test_a_request_survives_being_sent(request):
    assert Request.from_json(sent(request.as_json())) == request


@given(results)
def test_a_result_survives_being_sent(result):
    assert result_from_json(sent(result_as_json(result))) == result


def test_a_request_shows_neither_the_secret_nor_the_work_in_a_log():
    shown = repr(Request("a", "d", b"the secret", b"the work"))
    assert "the secret" not in shown and "the work" not in shown


@pytest.fixture
def plan(course):
    return plan_for(course, NAME, SECRET, None)


@pytest.fixture
def request_of(plan, released, solved, tmp_path):
    def request_of(answers=solved):
        write_notebook(tmp_path / "convolution.ipynb", released, answers)
        return request_for(plan, tmp_path / "convolution.ipynb")

    return request_of


def timeless(data):
    return data | {"seconds": 0, "questions": [each | {"seconds": 0} for each in data["questions"]]}


@pytest.mark.jail
def test_another_process_gets_bytes_only_and_gives_the_same_bytes(course, jails, request_of, solved, tmp_path, full):
    request = request_of(solved | {"conv2d": "def conv2d(*a):\n    print('hello')\n    raise ValueError('no')"})
    (tmp_path / "convolution.ipynb").unlink()  # nothing but the bytes is left
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run = subprocess.run(
        [sys.executable, "-m", "autograder.grading.engine"],
        input=json.dumps(request.as_json()), cwd=elsewhere, env={**os.environ, "COURSE_ROOT": str(course.root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    here = result_as_json(grade(course, jails, request))
    assert json.dumps(timeless(json.loads(run.stdout))) == json.dumps(timeless(sent(here)))
    assert result_from_json(json.loads(run.stdout)).score == full - 10


@pytest.mark.jail
def test_a_request_for_another_version_of_the_assignment_is_refused_in_a_sentence(course, jails, request_of):
    request = replace(request_of(), digest="of an older rubric")
    with pytest.raises(RequestRefused, match=f"another version of {NAME} or of the grader"):
        grade(course, jails, request)
    run = subprocess.run(
        [sys.executable, "-m", "autograder.grading.engine"],
        input=json.dumps(request.as_json()), env={**os.environ, "COURSE_ROOT": str(course.root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1 and run.stderr.count("\n") == 1 and "same version" in run.stderr


@pytest.mark.jail
def test_only_what_counts_is_sent(request_of, tmp_path):
    (tmp_path / "diary.txt").write_text("dear")
    request = request_of()
    assert not request.files and request.name == "convolution.ipynb"
    assert str(tmp_path) not in json.dumps(request.as_json())


SLOW = """def conv1d(x, h, mode='full'):
    import time
    time.sleep(0.1)
    return np.convolve(x, h, mode)"""


@pytest.fixture
def slow_class(released, solved, tmp_path):
    """Hand-ins that take long enough to have something killed under them."""
    submissions = [Submission(f"s{n}", NAME, tmp_path / f"s{n}/{NAME}/convolution.ipynb") for n in range(6)]
    for each in submissions:
        write_notebook(each.path, released, solved | {"conv1d": f"{SLOW}\n# {each.student}"})
    return submissions


def below(pid):
    """All living processes below one, the nearest first."""
    children = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = entry.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(entry.parent.name))
    found = list(children.get(pid, []))
    for each in found:
        found += children.get(each, [])
    return found


def running(which):
    """The processes of a kind below this one: workers, the jail's servers, the sessions they have forked."""
    found = {"worker": [], "server": [], "session": []}
    for pid in below(os.getpid()):
        with contextlib.suppress(OSError):
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            if b"c['packages']" in command:  # the program of the server's second stage, which sessions are forked from
                found["session" if parent in found["server"] + found["session"] else "server"].append(pid)
            elif command == Path("/proc/self/cmdline").read_bytes():
                found["worker"].append(pid)
    return found[which]


class Killer(threading.Thread):
    """Kills a worker, a server or a session's process now and then."""

    def __init__(self, which, times):
        super().__init__()
        self.which, self.left, self.killed, self.done = which, times, [], threading.Event()

    def run(self):
        while self.left and not self.done.wait(0.4):
            for each in running(self.which)[-1:]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
                    self.killed.append(each)
                    self.left -= 1


@pytest.mark.jail
@pytest.mark.parametrize("jail", ["namespaces", "landlock"])
@pytest.mark.parametrize("which", ["worker", "server", "session"])
def test_killing_a_worker_the_jails_server_or_a_session_costs_nobody_a_point(
    course, plan, slow_class, tmp_path, which, jail, full
):
    try:
        made = Jails(jail)
    except JailUnavailable as missing:
        pytest.skip(str(missing))
    with made as jails:
        killer = Killer(which, 2)
        killer.start()
        try:
            outcome = grade_class(Local(course, jails, 2, tmp_path / "kept.db"), {NAME: plan}, slow_class)
        finally:
            killer.done.set()
            killer.join()
        assert len(killer.killed) == 2 and not running("worker")
        assert [(each.score, each.reason) for each in outcome.submissions] == [(full, "")] * 6
        jails.close()
        # All of it is kept: no jail is needed to grade it again.
        with Kept(tmp_path / "kept.db") as kept:
            assert [grade_submission(jails, plan, each, kept).score for each in slow_class] == [full] * 6


LOST = Outcome(ended=Ended.OUT_OF_MEMORY, reason=f"{KILLED}, most likely for want of memory")


def test_what_is_killed_every_time_is_tried_three_times_and_then_named_and_not_kept():
    tries = []
    outcomes, steady = steadily(lambda: tries.append(1) or [LOST], lambda outcomes: outcomes)
    assert (len(tries), outcomes, steady) == (3, [LOST], False)


@pytest.mark.parametrize("reason", ["was stopped after 10 s", "crashed (SIGSEGV)", "left the program (exit status 0)"])
def test_what_a_students_code_did_itself_is_not_tried_again(reason):
    tries = []
    ended = Outcome(ended=Ended.CRASHED, reason=reason)
    assert steadily(lambda: tries.append(1) or [ended], lambda outcomes: outcomes) == ([ended], True)
    assert len(tries) == 1


def test_a_server_that_cannot_be_had_is_tried_again_and_then_said():
    tries = []

    def fail():
        tries.append(1)
        raise JailUnavailable("fork: too many processes")

    with pytest.raises(JailUnavailable, match="too many processes"):
        steadily(fail, lambda outcomes: outcomes)
    assert len(tries) == 3
