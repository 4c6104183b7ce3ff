"""A known mistake: a wrong solution that students really write, and what to say to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from common.cases import Value


@dataclass(frozen=True)
class Mistake:
    """A realistic wrong solution and one sentence for the student who made it.

    It is an `edit` of the reference's source (what stands there, what stands there instead), or a function `by` that
    gets the right function and the arguments of the call.
    """

    name: str
    say: str
    edit: tuple[str, str] | None = None
    by: Callable[..., Value] | None = None

    def __post_init__(self) -> None:
        if (self.edit is None) == (self.by is None):
            raise ValueError(f"mistake {self.name!r}: give either edit=(old, new) or by=function")
