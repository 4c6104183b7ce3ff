"""The ten digits of matplotlib's own fonts as distance fields: how far each point lies inside the ink."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import numpy as np

CHARACTERS = "0123456789"
FIELD = 64  # side of a field in its own pixels
TALL = 37  # height of a digit in it, about
# Each part has fonts of its own. Those of the test part are bold and slanted; training shows either, never both.
FONTS = {
    "train": (
        "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSansMono-Bold",
        "DejaVuSansMono-Oblique", "DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic", "STIXGeneral",
        "STIXGeneralBol", "STIXGeneralItalic", "cmb10", "cmr10", "cmss10", "cmtt10", "cmti10",
    ),
    "validation": ("DejaVuSansMono-BoldOblique", "DejaVuSerif-BoldItalic"),
    "test": ("DejaVuSans-BoldOblique", "STIXGeneralBolIta"),
}  # fmt: skip


@functools.cache
def fields(part: str) -> np.ndarray:
    """Signed distances to the outline, positive in the ink: (fonts, 10, FIELD, FIELD) float32, in field pixels."""
    from scipy.ndimage import distance_transform_edt

    made = np.empty((len(FONTS[part]), len(CHARACTERS), FIELD, FIELD), np.float32)
    for row, font in zip(made, FONTS[part], strict=True):
        for field, ink in zip(row, _pictures(font), strict=True):
            signed = distance_transform_edt(ink) - distance_transform_edt(~ink)
            # The picture is twice as fine: the mean of four distances, in pixels of twice the size.
            field[:] = (signed[::2, ::2] + signed[1::2, ::2] + signed[::2, 1::2] + signed[1::2, 1::2]) / 8
    made.setflags(write=False)
    return made


@functools.cache
def fingerprint(part: str) -> str:
    """What the fields of a part look like: another one where fonts or their rendering have changed."""
    return hashlib.sha256(fields(part).tobytes()).hexdigest()


def _pictures(font: str) -> list[np.ndarray]:
    """Each digit drawn in the middle of a square of twice FIELD, True where there is ink."""
    import matplotlib
    from matplotlib.ft2font import FT2Font, LoadFlags

    face = FT2Font(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{font}.ttf"))
    face.set_size(2.7 * TALL, 72)
    drawn = []
    for character in CHARACTERS:
        face.set_text(character, 0, flags=LoadFlags.NO_HINTING)
        face.draw_glyphs_to_bitmap(antialiased=True)
        ink = np.asarray(face.get_image()) > 127
        rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
        ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        before = [(2 * FIELD - length) // 2 for length in ink.shape]
        after = [2 * FIELD - length - first for length, first in zip(ink.shape, before, strict=True)]
        drawn.append(np.pad(ink, list(zip(before, after, strict=True))))
    return drawn
