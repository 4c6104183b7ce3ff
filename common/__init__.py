"""What a notebook imports. Heavy libraries (matplotlib, Keras) load only when a function that needs them is called."""

import os

# TensorFlow's start-up messages would fill a notebook with red lines that mean nothing to a student.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from common.checks import check

__all__ = ["check"]
