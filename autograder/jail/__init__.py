"""The jail: a student's code runs in a process of its own that gets inputs, gives arrays, and can do nothing else.

Only light names are imported here, so that this package imports on every system; the rest loads when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.jail.contract import KERAS, NUMPY, CellReport, Guarantee, JailUnavailable, Limits

if TYPE_CHECKING:
    from autograder.jail.jail import Jail
    from autograder.jail.jails import Jails
    from autograder.jail.session import Session

__all__ = ["KERAS", "NUMPY", "CellReport", "Guarantee", "Jail", "JailUnavailable", "Jails", "Limits", "Session"]


def __getattr__(name: str) -> Any:
    """Load what needs Linux or NumPy only when it is asked for."""
    if name == "Jail":
        from autograder.jail.jail import Jail

        return Jail
    if name == "Jails":
        from autograder.jail.jails import Jails

        return Jails
    if name == "Session":
        from autograder.jail.session import Session

        return Session
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
