"""Real data sets through `keras.datasets`, when they are cached or can be downloaded."""

from __future__ import annotations

import os
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request

import numpy as np

from common.data.dataset import Dataset, Examples
from common.data.files import REAL, damaged, keras_home, state
from common.data.small import DIGITS, deal

CLOTHES = ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
THINGS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


PATIENCE = 4.0  # seconds in which a publisher must have answered
STALLED = 20.0  # seconds without a byte after which a download is given up


class NotHere(Exception):
    """A real data set is not on this machine and cannot be downloaded now. The message says what to use instead."""


def mnist(train: int = 6000, validation: int = 1000, test: int = 1000, seed: int = 0) -> Dataset:
    """Handwritten digits, images (N, 28, 28, 1): 60,000 to train and validate on, 10,000 to test."""
    return _real("mnist", DIGITS, (train, validation, test), seed)


def fashion_mnist(train: int = 6000, validation: int = 1000, test: int = 1000, seed: int = 0) -> Dataset:
    """Clothes, images (N, 28, 28, 1): 60,000 to train and validate on, 10,000 to test."""
    return _real("fashion_mnist", CLOTHES, (train, validation, test), seed)


def cifar10(train: int = 6000, validation: int = 1000, test: int = 1000, seed: int = 0) -> Dataset:
    """Colour photographs of ten things, images (N, 32, 32, 3): 50,000 to train and validate on, 10,000 to test."""
    return _real("cifar10", THINGS, (train, validation, test), seed)


def _real(name: str, classes: tuple[str, ...], counts: tuple[int, int, int], seed: int) -> Dataset:
    known, unseen = _load(name)
    train, validation, test = counts
    held_out, learned = deal(known, (validation, train), name, seed)
    return Dataset(name, classes, learned, held_out, *deal(unseen, (test,), name, seed))


def _load(name: str) -> tuple[Examples, Examples]:
    """What was published to train on, and to test on. Keras reads it, and downloads it where it is missing."""
    if path := damaged(name, contents=True):
        # Keras would try to download it again, and delete it where that fails. It is not ours to delete.
        raise NotHere(f"{path} is not the file that was published. Delete or rename it; until then {_instead(name)}")
    if state(name) != "cached" and not _answers(REAL[name].address):
        host = urllib.parse.urlsplit(REAL[name].address).hostname
        raise NotHere(f"{name} is not on this machine, and {host} does not answer. Offline, {_instead(name)}")
    from keras import datasets

    if not os.access(keras_home(), os.W_OK):  # Keras would look into a folder that anyone may write
        raise NotHere(
            f"Keras may not write to {keras_home()}: set KERAS_HOME to a folder of yours, or {_instead(name)}"
        )
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(STALLED)
    try:
        (images, labels), (unseen, their_labels) = getattr(datasets, name).load_data()
    except Exception as problem:  # Keras names no exception of its own
        reason = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise NotHere(f"{name} could not be loaded: {reason.rstrip('.')}. Until then {_instead(name)}") from problem
    finally:
        socket.setdefaulttimeout(before)
    return _examples(images, labels), _examples(unseen, their_labels)


def _instead(name: str) -> str:
    return f"use {REAL[name].instead}(): images of the same shape that need no download."


def _answers(address: str) -> bool:
    """Whether a server answers, whatever it says. Names are looked up without a limit of time, hence the thread."""
    answered: list[bool] = []

    def ask() -> None:
        try:
            with urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=PATIENCE):
                answered.append(True)
        except urllib.error.HTTPError:
            answered.append(True)
        except (OSError, ValueError):
            pass

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return bool(answered)


def _examples(images: np.ndarray, labels: np.ndarray) -> Examples:
    """Grey images get a channel; CIFAR's labels lose their second axis."""
    return Examples(images if images.ndim == 4 else images[..., None], labels.reshape(-1).astype(np.int64))
