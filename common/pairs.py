"""Run a forward and a backward function together; the cache goes from one to the other and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def run_forward(forward: Callable[..., Any], inputs: Sequence[Any]) -> tuple[Any, Any]:
    """What a forward function returns, (out, cache); TypeError in words where it returns anything else."""
    returned = forward(*inputs)
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        name = getattr(forward, "__name__", "the forward function")
        raise TypeError(f"{name} should return two values, the result and the cache")
    return returned[0], returned[1]


def run_pair(
    forward: Callable[..., Any], inputs: Sequence[Any], backward: Callable[..., Any], gradient: Any
) -> tuple[Any, Any]:
    """The forward function's result and the backward function's gradients, (out, gradients)."""
    out, cache = run_forward(forward, inputs)
    return out, backward(gradient, cache)
