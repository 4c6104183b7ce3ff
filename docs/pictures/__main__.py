"""Make the pictures in docs/images: `make pictures`, or `python docs/pictures NAME…` for some of them.

A run takes about a minute. Pages are photographed in Chromium as the package manager of the system brings it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import cards
import class_pages
import contact_sheets
import feedback
from shrink import shrink

IMAGES = Path(__file__).resolve().parent.parent / "images"
# What makes which pictures. Each is called with the folder to write to.
MAKERS: dict[Callable[[Path], None], Sequence[str]] = {
    feedback.make: ("feedback.png",),
    class_pages.make: ("class-page.png", "similar.png"),
    cards.make: ("card-light.png", "card-dark.png"),
    contact_sheets.make: ("data_digits.png", "data_glyphs.png", "data_scenes.png", "data_scenes_labels.png"),
}


def main() -> None:
    """Make all pictures, or those that are named; then make their files small."""
    every = [name for names in MAKERS.values() for name in names]
    parser = argparse.ArgumentParser(prog="docs/pictures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(every)}")
    parser.add_argument("--to", type=Path, default=IMAGES, help="the folder to write to (default docs/images)")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(every):
        parser.error(f"There is no picture {', '.join(sorted(unknown))}.")
    asked.to.mkdir(parents=True, exist_ok=True)
    for make, names in MAKERS.items():
        if not asked.names or set(names) & set(asked.names):
            make(asked.to)
            for name in names:
                shrink(asked.to / name)
                print(f"{name}: {(asked.to / name).stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
