"""What this machine offers a student and a grader: versions, devices, data sets."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from common.data.files import EMBEDDED, REAL, keras_home, state

OLDEST, NEWEST = (3, 11), (3, 13)
STUDENT_PACKAGES = ("numpy", "keras", "tensorflow", "matplotlib", "scikit-learn", "scipy", "ipykernel")
GRADING_PACKAGES = ("nbgrader", "sqlalchemy", "jinja2")
# Drivers of NVIDIA (also inside containers), of AMD, and of either under Windows' Linux.
SIGNS_OF_A_GPU = ("/dev/nvidiactl", "/proc/driver/nvidia", "/dev/kfd", "/dev/dxg")


def python_fits() -> bool:
    """Whether this Python is one the locked packages are made for."""
    return OLDEST <= sys.version_info[:2] <= NEWEST


def versions(names: tuple[str, ...]) -> dict[str, str | None]:
    """Installed versions, None for what is missing. Nothing is imported."""
    found: dict[str, str | None] = {}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = None
    return found


def backend() -> str:
    """The backend that Keras will use: KERAS_BACKEND, else its settings file, else TensorFlow."""
    if named := os.environ.get("KERAS_BACKEND"):
        return named
    try:
        settings = json.loads((keras_home() / "keras.json").read_text(encoding="utf-8"))
        return str(settings.get("backend", "tensorflow"))
    except (OSError, ValueError, AttributeError):
        return "tensorflow"


def may_have_gpu() -> bool:
    """Whether there is any sign of a device beside the CPU. Where there is none, no backend need be asked."""
    if sys.platform == "darwin":  # a Mac's GPU is reached by a plug-in of TensorFlow or JAX, or by PyTorch itself
        return any(versions(("tensorflow-metal", "jax-metal", "torch")).values())
    if sys.platform == "win32":
        return shutil.which("nvidia-smi") is not None
    return any(Path(each).exists() for each in SIGNS_OF_A_GPU)


def cores() -> int:
    """How many cores a training may use: those of a container, not of its host."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def has_gpu(name: str) -> bool:
    """Ask the backend, in a process of its own: importing it takes seconds and prints."""
    questions: Mapping[str, str] = {
        "tensorflow": "import tensorflow as tf; print(len(tf.config.list_physical_devices('GPU')))",
        "jax": "import jax; print(sum(d.platform == 'gpu' for d in jax.devices()))",
        "torch": "import torch; print(torch.cuda.device_count())",
    }
    if not may_have_gpu() or name not in questions or importlib.util.find_spec(name) is None:
        return False
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        answer = subprocess.run(
            [sys.executable, "-c", questions[name]],
            capture_output=True,
            text=True,
            timeout=60,
            env=environment,
            check=False,
        ).stdout.split()
    except subprocess.TimeoutExpired:
        return False
    return bool(answer) and answer[-1].isdigit() and int(answer[-1]) > 0


def datasets() -> dict[str, str]:
    """Each data set: "embedded", "cached" or "not here"."""
    return {name: state(name) for name in (*EMBEDDED, *REAL)}
