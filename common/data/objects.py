"""Ten things built of convex parts. Coordinates (down, right) in a frame whose unit disc holds the whole thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Polygon:
    """A convex polygon, its corners clockwise as seen."""

    corners: tuple[tuple[float, float], ...]

    def edges(self) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
        """Each corner with the next one."""
        return zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True)


@dataclass(frozen=True)
class Ellipse:
    """An ellipse with its axes down and across."""

    middle: tuple[float, float]
    radii: tuple[float, float]


Shape = Polygon | Ellipse


@dataclass(frozen=True)
class Part:
    """A named part. Its keypoint is the middle of its first shape.

    Its paint is "body" (the thing's colour and texture), "accent" (its second colour) or "dark".
    """

    name: str
    shapes: tuple[Shape, ...]
    paint: str = "body"


@dataclass(frozen=True)
class Thing:
    """A class of objects: parts from back to front. One that looks left or right can be mirrored."""

    name: str
    parts: tuple[Part, ...]
    mirrored: bool = False


def block(top: float, left: float, bottom: float, right: float) -> Polygon:
    """A rectangle."""
    return Polygon(((top, left), (top, right), (bottom, right), (bottom, left)))


def wheel(right: float) -> tuple[Shape, ...]:
    """A wheel of a car or truck."""
    return (Ellipse((0.4, right), (0.25, 0.25)),)


PETALS = tuple(
    Ellipse(middle, (0.25, 0.25)) for middle in ((-0.7, 0.0), (-0.5, 0.3), (-0.13, 0.2), (-0.13, -0.2), (-0.5, -0.3))
)

THINGS = (
    Thing(
        "house",
        (
            Part("wall", (block(-0.1, -0.6, 0.75, 0.6),)),
            Part("roof", (Polygon(((-0.9, 0.0), (-0.1, 0.85), (-0.1, -0.85))),), paint="accent"),
            Part("door", (block(0.25, -0.45, 0.75, -0.1),), paint="accent"),
            Part("window", (block(0.1, 0.1, 0.45, 0.42),), paint="accent"),
        ),
    ),
    Thing(
        "tree",
        (
            Part("trunk", (block(0.1, -0.13, 0.95, 0.13),), paint="accent"),
            Part("crown", (Ellipse((-0.35, 0.0), (0.6, 0.65)),)),
        ),
    ),
    Thing(
        "boat",
        (
            Part("mast", (block(-0.95, -0.13, 0.35, 0.0),), paint="accent"),
            Part("sail", (Polygon(((-0.85, 0.05), (0.2, 0.75), (0.2, 0.05))),), paint="accent"),
            Part("hull", (Polygon(((0.3, -0.9), (0.3, 0.9), (0.75, 0.5), (0.75, -0.5))),)),
        ),
        mirrored=True,
    ),
    Thing(
        "car",
        (
            Part("cabin", (Polygon(((-0.45, -0.35), (-0.45, 0.25), (0.0, 0.55), (0.0, -0.6))),), paint="accent"),
            Part("chassis", (block(-0.05, -0.9, 0.35, 0.9),)),
            Part("back wheel", wheel(-0.5), paint="dark"),
            Part("front wheel", wheel(0.5), paint="dark"),
        ),
        mirrored=True,
    ),
    Thing(
        "truck",
        (
            Part("load", (block(-0.65, -0.75, 0.3, 0.2),)),
            Part(
                "cabin", (Polygon(((-0.3, 0.28), (-0.3, 0.6), (0.05, 0.85), (0.3, 0.85), (0.3, 0.28))),), paint="accent"
            ),
            Part("back wheel", wheel(-0.45), paint="dark"),
            Part("front wheel", wheel(0.55), paint="dark"),
        ),
        mirrored=True,
    ),
    Thing(
        "fish",
        (
            Part("tail", (Polygon(((0.0, -0.35), (0.45, -0.88), (-0.45, -0.88))),), paint="accent"),
            Part("body", (Ellipse((0.0, 0.2), (0.45, 0.72)),)),
            Part("eye", (Ellipse((-0.12, 0.6), (0.12, 0.12)),), paint="dark"),
        ),
        mirrored=True,
    ),
    Thing(
        "bird",
        (
            Part("tail", (Polygon(((0.05, -0.5), (0.3, -0.5), (0.35, -0.9), (0.05, -0.95))),), paint="accent"),
            Part("body", (Ellipse((0.2, -0.05), (0.42, 0.6)),)),
            Part("head", (Ellipse((-0.35, 0.45), (0.3, 0.3)),)),
            Part("beak", (Polygon(((-0.45, 0.7), (-0.3, 0.95), (-0.2, 0.7))),), paint="accent"),
            Part("wing", (Ellipse((0.38, -0.22), (0.16, 0.3)),), paint="accent"),
        ),
        mirrored=True,
    ),
    Thing(
        "flower",
        (
            Part("stem", (block(0.0, -0.07, 0.98, 0.07),), paint="accent"),
            Part("petals", PETALS),
            Part("heart", (Ellipse((-0.4, 0.0), (0.18, 0.18)),), paint="accent"),
        ),
    ),
    Thing(
        "person",
        (
            Part("left leg", (Polygon(((0.2, -0.22), (0.2, 0.0), (0.95, -0.1), (0.95, -0.3))),), paint="accent"),
            Part("right leg", (Polygon(((0.2, 0.0), (0.2, 0.22), (0.95, 0.3), (0.95, 0.1))),), paint="accent"),
            Part("left arm", (Polygon(((-0.35, -0.22), (-0.15, -0.22), (0.1, -0.6), (-0.05, -0.7))),)),
            Part("right arm", (Polygon(((-0.35, 0.22), (-0.05, 0.7), (0.1, 0.6), (-0.15, 0.22))),)),
            Part("torso", (block(-0.4, -0.25, 0.25, 0.25),)),
            Part("head", (Ellipse((-0.65, 0.0), (0.27, 0.24)),), paint="accent"),
        ),
    ),
    Thing(
        "rocket",
        (
            Part("left fin", (Polygon(((0.2, -0.25), (0.8, -0.25), (0.8, -0.58))),), paint="accent"),
            Part("right fin", (Polygon(((0.2, 0.25), (0.8, 0.58), (0.8, 0.25))),), paint="accent"),
            Part("fuselage", (block(-0.4, -0.28, 0.7, 0.28),)),
            Part("nose", (Polygon(((-0.98, 0.0), (-0.4, 0.28), (-0.4, -0.28))),), paint="accent"),
            Part("window", (Ellipse((-0.1, 0.0), (0.17, 0.17)),), paint="accent"),
        ),
    ),
)

PARTS = tuple(dict.fromkeys(part.name for thing in THINGS for part in thing.parts))
