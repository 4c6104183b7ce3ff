"""Every hostile hand-in gets its verdict, costs its own question alone, and learns nothing."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hostile import HOSTILE, Attack

from autograder.jail import Jail, Limits, Session
from common.cases.case import Outcome

pytestmark = pytest.mark.jail

LIMITS = Limits(load_seconds=10, call_seconds=5, memory_mib=256, scratch_mib=8, output_kib=4)
SHORT = replace(LIMITS, call_seconds=0.4)  # where the time limit is what must stop it
HONEST = "import numpy as np\ndef answer(x):\n    return 2 * x"
MARKER = "marker-" + os.urandom(12).hex()
ROOT = Path(__file__).resolve().parents[2]
X = np.arange(3.0)


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that everybody on the machine may read, with a marker in it."""
    path = tmp_path_factory.mktemp("host") / "gradebook.db"
    path.write_text(MARKER)
    return path


def word(outcome: Outcome) -> str:
    """The verdict in a word: a plain value counts as wrong unless it is the right one."""
    if outcome.ended:
        return str(outcome.ended)
    if outcome.raised:
        return outcome.raised.type
    return "wrong"


def attempt(session: Session, attack: Attack, planted: Path) -> Outcome:
    source = attack.source.replace("@PLANTED@", str(planted)).replace("@SOLUTIONS@", str(ROOT / "solutions"))
    session.load([("their cell", source)])
    return session.call("answer", [X])


@pytest.mark.parametrize("attack", HOSTILE, ids=lambda attack: re.sub(r"\W+", "-", attack.name))
def test_a_hostile_hand_in_gets_its_verdict_and_an_honest_one_keeps_its_points(
    jail: Jail, attack: Attack, planted: Path
) -> None:
    with jail.session(SHORT if "timeout" in attack.verdicts else LIMITS) as hostile:
        outcome = attempt(hostile, attack, planted)
        hostile.call("answer", [X])
        seen = f"{outcome} {hostile.output}"
    assert word(outcome) in attack.verdicts, outcome
    assert MARKER not in seen and len(hostile.output) <= 4096
    if outcome.raised:
        assert len(outcome.raised.text) <= 2000
    with jail.session(LIMITS) as honest:
        honest.load([("cell", HONEST)])
        assert honest.call("answer", [X]).value.tolist() == [0, 2, 4]
    assert planted.read_text() == MARKER and [each.name for each in planted.parent.iterdir()] == [planted.name]


@pytest.mark.parametrize(
    "number", ["unshare", "mount", "ptrace", "clear the parent-death signal", "keyring", "io_uring"]
)
def test_system_calls_that_answer_with_a_number_answer_minus_one(jail: Jail, number: str, planted: Path) -> None:
    attack = next(each for each in HOSTILE if each.name == number)
    with jail.session(LIMITS) as session:
        assert attempt(session, attack, planted).value == -1


def test_a_program_is_never_started(jail: Jail, planted: Path) -> None:
    attack = next(each for each in HOSTILE if each.name == "a shell")
    with jail.session(LIMITS) as session:
        outcome = attempt(session, attack, planted)
        assert "uid=" not in session.output and outcome.value != 0


def test_a_forger_gains_only_what_return_gives(jail: Jail, planted: Path) -> None:
    attack = next(each for each in HOSTILE if each.name.startswith("a forged answer to every"))
    with jail.session(LIMITS) as session:
        outcomes = [attempt(session, attack, planted), *(session.call("answer", [X]) for _ in range(5))]
    assert all(outcome.value == 7 if outcome.returned else outcome.ended == "refused" for outcome in outcomes)


def test_no_marker_of_the_grader_is_in_a_jailed_process_memory(planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The grader knows the marker by environment, memory and file; a process it starts then must not."""
    monkeypatch.setenv("COURSE_SECRET", MARKER)
    told = "told-" + os.urandom(12).hex()
    with Jail.start() as fresh, fresh.session(LIMITS) as session:
        session.load([("cell", f"known = {told!r}\n{HONEST}")])
        session.call("answer", [X])
        try:
            memory = memory_of(session)
        except PermissionError:
            pytest.skip("only root may read the memory of a process in another user namespace")
    assert told.encode() in memory, "the search itself does not work"
    assert MARKER.encode() not in memory
    assert str(ROOT / "solutions").encode() not in memory


def memory_of(session: Session) -> bytes:
    """Everything readable in the address space of the session's process, read from outside."""
    information = Path(f"/proc/self/fdinfo/{session._channel._status.handle}").read_text()
    process = Path(f"/proc/{information.split('Pid:')[1].split()[0]}")
    found = []
    with (process / "mem").open("rb", buffering=0) as memory:
        for line in (process / "maps").read_text().splitlines():
            span, rights, *_ = line.split()
            start, end = (int(part, 16) for part in span.split("-"))
            if "r" in rights and "w" in rights:
                try:
                    memory.seek(start)
                    found.append(memory.read(end - start))
                except (OSError, ValueError, OverflowError):
                    continue
    return b"".join(found)


LOOK_AROUND = """
import os, sys
def look(folders):
    seen = [folder for folder in folders if os.path.isdir(folder) and os.access(folder, os.R_OK)]
    return seen, sorted(os.environ), [each for each in os.listdir('/dev')], sys.argv
def top():
    return sorted(os.listdir('/')), sorted(os.listdir('/packages')), sorted(os.listdir('/packages/autograder'))
"""


def test_the_jail_shows_the_runtime_and_nothing_of_the_course(jail: Jail) -> None:
    if jail.engine != "namespaces":
        pytest.skip("Landlock cannot hide that a path exists, only what is in it")
    folders = [str(ROOT / name) for name in ("solutions", "assignments", "tests", "docs", "autograder", ".git")]
    with jail.session(LIMITS) as session:
        session.load([("cell", LOOK_AROUND)])
        seen, environment, devices, arguments = session.call("look", [folders]).value
        top, packages, room = session.call("top", []).value
    assert seen == [] and set(devices) <= {"null", "zero", "full", "random", "urandom"} and arguments == [""]
    assert not [name for name in environment if "SECRET" in name or name.startswith(("PYTEST", "SSH", "AWS"))]
    assert {"home", "sys", "run", "var"}.isdisjoint(top)
    assert packages == ["autograder", "common"] and room == ["__init__.py", "jail"]


@pytest.mark.slow
def test_a_batch_of_hostile_and_honest_hand_ins_in_two_threads(jail: Jail, planted: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def grade(number: int) -> bool:
        with jail.session(SHORT if number % 2 else LIMITS) as session:
            if number % 2:
                return word(attempt(session, HOSTILE[number % len(HOSTILE)], planted)) != ""
            session.load([("cell", HONEST)])
            return bool(session.call("answer", [X]).value.tolist() == [0, 2, 4])

    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(grade, range(500)))
