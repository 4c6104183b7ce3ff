"""A sealed answer: a value can be tried against it, but it cannot simply be read.

Public cases of a value question would otherwise be the answers themselves. An answer is stored as slow, salted digests.
This keeps an honest student from seeing it by accident; it is no secret against somebody who tries all numbers.
"""

from __future__ import annotations

import functools
import hashlib
import math
from dataclasses import dataclass

import numpy as np

from common.cases.case import Value

COST = 2**11  # of scrypt: some milliseconds a try


@dataclass(frozen=True)
class Sealed:
    """Digests of a value, or of the step of a logarithmic ladder that a number with a tolerance stands on."""

    kind: str  # "int", "float", "str", "bool" or "shape"
    salt: str
    digest: str
    rtol: float = 0.0


def seal(value: Value, salt: str, rtol: float = 0.0) -> Sealed:
    """Seal an int, float, bool, string or tuple of ints."""
    kind = _kind(value)
    if kind is None:
        raise ValueError(f"{value!r} is no value that can be sealed")
    step = _steps(value, rtol)[0] if kind == "float" else _canonical(value)
    return Sealed(kind, salt, _digest(step, salt), rtol)


def opens(sealed: Sealed, value: Value) -> bool:
    """Whether a value is the sealed one, within its tolerance."""
    value = _plain(value)
    kind = _kind(value)
    if sealed.kind == "float" and kind in ("int", "float"):
        candidates = _steps(float(value), sealed.rtol) if abs(value) < 1e300 else []
    else:
        candidates = [_canonical(value)] if kind == sealed.kind else []
    return any(_digest(candidate, sealed.salt) == sealed.digest for candidate in candidates)


def same_kind(sealed: Sealed, value: Value) -> bool:
    """Whether a value could be the sealed one."""
    kind = _kind(_plain(value))
    return kind == sealed.kind or (sealed.kind == "float" and kind == "int")


def _plain(value: Value) -> Value:
    """NumPy numbers as Python's, lists and short arrays as tuples."""
    if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "biuf":
        return value.item()
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.size <= 16 and value.dtype.kind in "iu":
        value = value.tolist()
    return tuple(_plain(each) for each in value) if isinstance(value, list | tuple) else value


def _kind(value: Value) -> str | None:
    if isinstance(value, tuple):
        return "shape" if all(type(each) is int for each in value) else None
    names = {bool: "bool", int: "int", str: "str", float: "float"}
    return names.get(type(value)) if not isinstance(value, float) or math.isfinite(value) else None


def _canonical(value: Value) -> str:
    return repr(value)[:1000]


def _steps(value: float, rtol: float) -> list[str]:
    """The step a number stands on, then its neighbours: a step is as wide as the tolerance."""
    if value == 0:
        return ["0"]
    step = round(math.log(abs(value)) / math.log1p(max(rtol, 1e-9)))
    sign = "-" if value < 0 else ""
    return [f"{sign}{each}" for each in (step, step - 1, step + 1)]


@functools.lru_cache(maxsize=4096)  # one value is tried against the right answer and every known mistake's
def _digest(text: str, salt: str) -> str:
    return hashlib.scrypt(text.encode("utf-8", "replace"), salt=salt.encode(), n=COST, r=8, p=1, dklen=16).hex()
