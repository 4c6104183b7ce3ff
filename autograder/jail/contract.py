"""What the jail promises its callers: the limits of a session, what loading reports, what a probe found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the first stage of the server imports this with nothing but the standard library at hand
    from common.cases.case import Raised

ENGINES = ("namespaces", "landlock", "none")
# What the jailed processes have imported before they are forked, by what a question needs.
NUMPY, KERAS = ("numpy",), ("numpy", "keras")


class JailUnavailable(Exception):
    """No jail can be had on this machine; the message says what is missing and what to do."""


@dataclass(frozen=True)
class Limits:
    """The budget of one session: one question of one hand-in."""

    load_seconds: float = 10.0
    call_seconds: float = 10.0
    cpu_seconds: float = 120.0  # a backstop for the whole session; the wall clock decides
    memory_mib: int = 1024  # beyond what the preloaded process has mapped already
    scratch_mib: int = 64
    output_kib: int = 64
    reply_mib: int = 64

    def as_message(self) -> dict[str, Any]:
        """The limits as plain numbers, for the process that sets them."""
        return asdict(self)


@dataclass(frozen=True)
class CellReport:
    """One cell of a hand-in after it was run: its label, and what it raised."""

    label: str
    raised: Raised | None = None


@dataclass(frozen=True)
class Guarantee:
    """One promise of the jail as found by trying to break it; `fix` says what to do when it does not hold."""

    held: bool
    what: str
    fix: str = ""
