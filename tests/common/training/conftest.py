"""Small trainings, run once for all tests. Modules of this folder are imported by name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def whole() -> tuple[Any, Any]:
    """An uninterrupted training: its run and its model."""
    from small_training import train

    return train(None)
