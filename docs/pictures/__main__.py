"""Make the pictures in docs/images: `make pictures`, or `python docs/pictures NAME…` for some of them.

A run takes about a minute. Pages are photographed in Chromium as the package manager of the system brings it.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

IMAGES = Path(__file__).resolve().parent.parent / "images"
# Which module beside this one makes which pictures. Its `make` is called with the folder to write to.
MAKERS = {
    "class_pages": ("feedback.png", "class-page.png", "similar.png"),
    "cards": ("card-light.png", "card-dark.png"),
    "contact_sheets": ("data_digits.png", "data_glyphs.png", "data_scenes.png", "data_scenes_labels.png"),
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
    from shrink import shrink

    for maker, names in MAKERS.items():
        if not asked.names or set(names) & set(asked.names):
            importlib.import_module(maker).make(asked.to)
            for name in names:
                shrink(asked.to / name)
                print(f"{name}: {(asked.to / name).stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
