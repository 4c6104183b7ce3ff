"""Make a picture's file small, so that the repository stays small."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

COLOURS = (256, 128, 64)
MOST = 150 * 1024  # bytes


def shrink(path: Path) -> None:
    """Keep the commonest colours, as many as fit, without dots in between. Text stays sharp."""
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    for colours in COLOURS:
        few = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        if path.stat().st_size < MOST:
            return
    raise ValueError(f"{path.name} has {path.stat().st_size // 1024} KiB; show less of it")
