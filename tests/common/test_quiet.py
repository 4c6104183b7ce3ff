"""What libraries print while they load stays off the screen, and nothing else does."""

import os

import pytest

from common.quiet import quietly


def test_the_error_stream_is_silent_inside_and_heard_again_after(capfd: pytest.CaptureFixture[str]) -> None:
    os.write(2, b"before ")
    with quietly():
        os.write(2, b"noise ")
    os.write(2, b"after")
    assert capfd.readouterr().err == "before after"


def test_an_exception_passes_and_the_stream_comes_back(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ImportError), quietly():
        raise ImportError("no such library")
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"
