"""Prove the jail's guarantees by trying to break each from inside a jailed process, against live targets.

"It was blocked" proves nothing where the same attempt would have failed anyway: attempts on the world outside are also
made without a jail, and count only where they succeed there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.jail import attacks
from autograder.jail.contract import Guarantee, Limits
from autograder.jail.decoys import Decoys, decoys
from autograder.jail.jail import Jail
from autograder.jail.session import Session
from common.cases.case import Ended, Outcome, Value

__all__ = ["Guarantee", "Probe", "probe"]

_LIMITS = Limits(call_seconds=0.4, memory_mib=64, scratch_mib=4, output_kib=4)
_PATIENT = Limits(call_seconds=10.0, memory_mib=64, scratch_mib=4, output_kib=4)
_NAMESPACES = (
    "use the engine 'namespaces': allow unprivileged user namespaces (sysctl user.max_user_namespaces above 0; "
    "on Debian kernel.unprivileged_userns_clone=1, on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0)"
)


@dataclass(frozen=True)
class Probe:
    """What an engine was found to hold, by name of the guarantee."""

    engine: str
    guarantees: Mapping[str, Guarantee]

    @property
    def held(self) -> bool:
        """Whether every guarantee holds."""
        return all(each.held for each in self.guarantees.values())


@dataclass(frozen=True)
class _Attempt:
    """One attack on the world outside, with its arguments."""

    what: str
    function: str
    inputs: tuple[Value, ...]


def probe(engine: str | None = None) -> Probe:
    """Try to break every guarantee of an engine, of the strongest at hand by default."""
    with Jail.start(engine, allow_unsandboxed=engine == "none") as jail, decoys() as targets:
        guarantees = _outside(jail, targets)
        guarantees["nothing_survives"] = _nothing_survives(jail)
        guarantees.update({name: check(jail) for name, check in _WITHIN.items()})
        return Probe(jail.engine, guarantees)


def _found(held: bool, what: str, fix: str) -> Guarantee:
    return Guarantee(held, what, "" if held else fix)


def _attack(session: Session, function: str, inputs: tuple[Value, ...]) -> Outcome:
    session.load([("attack", Path(attacks.__file__).read_text(encoding="utf-8"))])
    return session.call(function, inputs)


def _outside(jail: Jail, targets: Decoys) -> dict[str, Guarantee]:
    """The attempts on the world outside, inside the jail and, as a control, without one."""
    network = (targets.tcp, targets.udp, targets.unix, targets.abstract)
    attempts = {
        "network": _Attempt("no network, no sockets", "reaches_network", network),
        "host_files": _Attempt(
            "no sight of the host's files", "touches_files", (targets.token_file, targets.open_folder)
        ),
        "other_processes": _Attempt("no sight of other processes", "touches_processes", (targets.pid,)),
        "process_creation": _Attempt("no new processes, no programs started", "makes_processes", ()),
    }
    found = {}
    with Jail.start("none", allow_unsandboxed=True) as control:
        for name, attempt in attempts.items():
            with jail.session(_PATIENT) as session:
                inside = _attack(session, attempt.function, attempt.inputs)
            with control.session(_PATIENT) as session:
                outside = _attack(session, attempt.function, attempt.inputs)
            found[name] = _judge(attempt, inside, outside)
    return found


def _judge(attempt: _Attempt, inside: Outcome, outside: Outcome) -> Guarantee:
    blocked = inside.value is False or inside.ended in (Ended.CRASHED, Ended.OUT_OF_MEMORY)
    if not blocked:
        return Guarantee(False, attempt.what, _NAMESPACES)
    if outside.value is not True:
        return Guarantee(False, attempt.what, "not proved: the same attempt fails without a jail too")
    return Guarantee(True, attempt.what)


def _nothing_survives(jail: Jail) -> Guarantee:
    """After a session nobody holds its output pipe any more, though a detached process would have inherited it."""
    session = jail.session(_PATIENT)
    _attack(session, "leaves_a_process", ())
    alone = session.end_leaves_nothing()
    return _found(alone, "all that a session started is dead when it ends", _NAMESPACES)


def _memory(jail: Jail) -> Guarantee:
    with jail.session(_PATIENT) as session:
        outcome = _attack(session, "takes_memory", (2 * _PATIENT.memory_mib,))
    return _found(outcome.ended == Ended.OUT_OF_MEMORY, "memory is bounded", "this needs RLIMIT_AS, which Linux has")


def _wall_time(jail: Jail) -> Guarantee:
    with jail.session(_LIMITS) as session:
        session.load([("attack", Path(attacks.__file__).read_text(encoding="utf-8"))])
        started = time.monotonic()
        outcome = session.call("never_ends", ())
        seconds = time.monotonic() - started
    held = outcome.ended == Ended.TIMEOUT and seconds < _LIMITS.call_seconds + 2
    return _found(held, "time is bounded", "the machine is too slow or too loaded: try again")


def _scratch(jail: Jail) -> Guarantee:
    with jail.session(_PATIENT) as session:
        outcome = _attack(session, "fills_scratch", (2 * _PATIENT.scratch_mib,))
    held = type(outcome.value) is int and outcome.value <= _PATIENT.scratch_mib
    return _found(held, "files written are bounded", _NAMESPACES)


def _output(jail: Jail) -> Guarantee:
    with jail.session(_PATIENT) as session:
        outcome = _attack(session, "floods_output", (2,))
        kept = len(session.output)
    held = outcome.value is True and kept == _PATIENT.output_kib * 1024
    return _found(held, "output kept is bounded, and a flood of it harmless", "report this as an error of the grader")


def _privileges(jail: Jail) -> Guarantee:
    with jail.session(_PATIENT) as session:
        outcome = _attack(session, "has_privileges", ())
    return _found(outcome.value is False, "no privileges, and none to gain", _NAMESPACES)


_WITHIN: dict[str, Callable[[Jail], Guarantee]] = {
    "memory": _memory,
    "wall_time": _wall_time,
    "scratch_size": _scratch,
    "output_size": _output,
    "no_privileges": _privileges,
}
