"""What a notebook imports. Heavy libraries (matplotlib, Keras) load only when a function that needs them is called."""

from common.checks import check

__all__ = ["check"]
