"""What a case may ask besides the right answer, in an author's words: `holds=linear("x")`, `holds=entries("dw")`."""

from __future__ import annotations

from common.cases import Relation


def linear(name: str, a: float = 2.0, b: float = -3.0) -> Relation:
    """f(ax + by) = a f(x) + b f(y). The other arguments are the same in all calls; a bias must be 0."""
    return Relation("linear", {"input": name, "a": a, "b": b})


def shifted(name: str, axis: int, by: int = 1, moves: int | None = None, margin: int = 0) -> Relation:
    """f(x moved round along an axis) = f(x) moved by `moves` (the same by default).

    With margin 0 the result must move round as well. Else only what lies that far inside is looked at: leave out all
    that the border touches, before and after the move.
    """
    settings = {"input": name, "axis": axis, "by": by, "moves": by if moves is None else moves, "margin": margin}
    return Relation("shifted", settings)


def backwards(name: str, axis: int = 0) -> Relation:
    """f(x in reverse order) = f(x) in reverse order. Along axis 0: each image is treated by itself."""
    return Relation("reversed", {"input": name, "axis": axis})


def entries(*which: int, of: tuple[str, ...]) -> Relation:
    """Only these entries of a returned tuple count in this case; `of` names all of them for the student."""
    return Relation("entries", {"which": which, "names": of})
