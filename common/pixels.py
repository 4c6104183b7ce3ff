"""Pixels as a network sees them."""

from __future__ import annotations

import numpy as np


def as_input(images: np.ndarray) -> np.ndarray:
    """Images in float32. Bytes become 0 to 1, other numbers stay as they are. (N, …) -> (N, …)."""
    return images.astype(np.float32) / np.float32(255) if images.dtype == np.uint8 else images.astype(np.float32)
