"""Real data sets: read where they are cached, downloaded where that can be done, else one sentence; never deleted."""

import dataclasses
import functools
import gzip
import hashlib
import http.server
import threading
import time
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from common.data import NotHere, cifar10, fashion_mnist, files, mnist, real

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "keras" / "datasets" / "mnist.npz"
TRAIN, TEST = 300, 40


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A Keras home of the test's own, for us and for Keras."""
    from keras.src.backend import config

    place = tmp_path / "keras"
    (place / "datasets").mkdir(parents=True)
    monkeypatch.setenv("KERAS_HOME", str(place))
    monkeypatch.setattr(config, "_KERAS_DIR", str(place))
    return place


@pytest.fixture
def offline(monkeypatch):
    """No server answers, and Keras gets nothing."""
    for name, each in files.REAL.items():
        monkeypatch.setitem(files.REAL, name, dataclasses.replace(each, address="http://127.0.0.1:9/nothing"))
    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", refuse)


def refuse(*_):
    raise urllib.error.URLError("no network")


def clothes() -> dict[str, bytes]:
    """Files in the format of Fashion-MNIST, with few images: each filled with its number."""
    made = {}
    for name, count in (("train", TRAIN), ("t10k", TEST)):
        numbers = np.arange(count) % 256
        images = np.repeat(numbers, 784).astype(np.uint8).tobytes()
        made[f"{name}-labels-idx1-ubyte.gz"] = gzip.compress(bytes(8) + (numbers % 10).astype(np.uint8).tobytes())
        made[f"{name}-images-idx3-ubyte.gz"] = gzip.compress(bytes(16) + images)
    return made


@pytest.fixture
def publisher(tmp_path, monkeypatch, home):
    """A server in place of Fashion-MNIST's; yields the list of what was asked for."""
    place = tmp_path / "published"
    place.mkdir()
    for name, content in clothes().items():
        (place / name).write_bytes(content)
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format, *arguments):
            asked.append(self.command + " " + self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(place)))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    sizes = {f"fashion-mnist/{name}": len(content) for name, content in clothes().items()}
    ours = dataclasses.replace(files.REAL["fashion_mnist"], files=sizes, address=address)
    monkeypatch.setitem(files.REAL, "fashion_mnist", ours)
    download = urllib.request.urlretrieve
    monkeypatch.setattr(
        "keras.src.utils.file_utils.urlretrieve",
        lambda url, target, hook: download(address + url.rsplit("/", 1)[1], target, hook),
    )
    yield asked
    server.shutdown()
    server.server_close()


def test_a_set_is_downloaded_once_and_then_read_from_the_cache(publisher):
    assert files.state("fashion_mnist") == "not here"
    data = fashion_mnist(train=200, validation=100, test=30)
    assert files.state("fashion_mnist") == "cached" and len(publisher) == 5
    assert data.classes[9] == "ankle boot" and data.train.images.shape == (200, 28, 28, 1)
    for part in (data.train, data.validation, data.test):
        assert part.images.dtype == np.uint8 and part.labels.dtype == np.int64
        np.testing.assert_array_equal(part.images[:, 3, 5, 0] % 10, part.labels)
    again = fashion_mnist(train=200, validation=100, test=30)
    np.testing.assert_array_equal(data.train.images, again.train.images)
    assert len(publisher) == 5


def test_no_more_is_dealt_than_was_published(publisher):
    with pytest.raises(ValueError, match=r"fashion_mnist has 300 examples to share out; asked for 60 \+ 250"):
        fashion_mnist(train=250, validation=60, test=1)


def test_a_server_that_sends_something_else_is_one_sentence(publisher, home, monkeypatch):
    monkeypatch.setitem(
        files.REAL, "mnist", dataclasses.replace(files.REAL["mnist"], address=files.REAL["fashion_mnist"].address)
    )
    with pytest.raises(NotHere, match=r"mnist could not be loaded: .*404.* Until then use glyphs\(\)"):
        mnist()
    assert not list((home / "datasets").glob("mnist*"))


@pytest.mark.parametrize(("load", "instead"), [(mnist, "glyphs"), (fashion_mnist, "glyphs"), (cifar10, "scenes")])
def test_offline_one_sentence_names_what_to_use_instead(home, offline, load, instead):
    start = time.monotonic()
    with pytest.raises(NotHere, match=rf"{load.__name__} is not on this machine.* use {instead}\(\)"):
        load()
    assert time.monotonic() - start < 5
    assert not list((home / "datasets").iterdir())


def test_a_server_that_never_answers_is_waited_for_a_few_seconds_only(home, monkeypatch):
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setattr(real, "PATIENCE", 0.3)
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        monkeypatch.setitem(files.REAL, "mnist", dataclasses.replace(files.REAL["mnist"], address=address))
        start = time.monotonic()
        with pytest.raises(NotHere, match=r"127\.0\.0\.1 does not answer"):
            mnist()
        assert time.monotonic() - start < 3


@pytest.mark.parametrize("size", [1000, files.REAL["mnist"].size])
def test_a_cached_file_that_is_not_what_was_published_is_named_and_left_alone(home, offline, size):
    """Keras alone would try to download it anew and delete it when that fails."""
    path = home / "datasets" / "mnist.npz"
    path.write_bytes(bytes(size))
    with pytest.raises(NotHere, match=r"mnist.npz is not the file that was published. .* use glyphs\(\)"):
        mnist()
    assert path.read_bytes() == bytes(size)


def test_cifar_s_photographs_become_images_and_plain_labels(home, monkeypatch):
    """The archive has 170 MB; in its place stands what Keras gets when it has unpacked it."""
    dice = np.random.default_rng(0)
    batch = dice.integers(0, 256, (10_000, 3, 32, 32), dtype=np.uint8), list(dice.integers(0, 10, 10_000))
    monkeypatch.setattr("keras.src.datasets.cifar10.get_file", lambda **_: "")
    monkeypatch.setattr("keras.src.datasets.cifar10.load_batch", lambda path: batch)
    monkeypatch.setattr(real, "_answers", lambda address: True)
    data = cifar10(train=30, validation=20, test=10)
    assert data.train.images.shape == (30, 32, 32, 3) and data.train.labels.shape == (30,)
    place = next(n for n, image in enumerate(batch[0]) if (image.transpose(1, 2, 0) == data.test.images[0]).all())
    assert data.test.labels[0] == batch[1][place] and data.classes[data.test.labels[0]] in real.THINGS


@pytest.mark.skipif(not SHARED.is_file(), reason="MNIST itself is not beside this checkout")
def test_mnist_is_read_from_the_cache_offline_and_its_file_stays_as_it_is(home, offline):
    (home / "datasets" / "mnist.npz").symlink_to(SHARED)
    before = hashlib.sha256(SHARED.read_bytes()).hexdigest()
    data = mnist(train=2000, validation=500, test=500)
    assert files.state("mnist") == "cached"
    assert data.train.images.shape == (2000, 28, 28, 1) and 0.12 < data.train.images.mean() / 255 < 0.14
    assert np.bincount(data.test.labels, minlength=10).min() > 30
    assert hashlib.sha256(SHARED.read_bytes()).hexdigest() == before


def test_each_set_is_embedded_cached_or_not_here_and_what_to_do_is_said(home, publisher):
    from autograder.machine import datasets

    assert datasets() == {
        "digits": "embedded", "glyphs": "embedded", "scenes": "embedded",
        "mnist": "not here", "fashion_mnist": "not here", "cifar10": "not here",
    }  # fmt: skip
    assert "Use glyphs(), which needs no download, or call mnist() online once (11 MB)" in files.advice("mnist")
    (home / "datasets" / "cifar-10-batches-py-target_archive").write_bytes(b"half")
    assert "is not whole" in files.advice("cifar10")
    fashion_mnist(10, 10, 10)
    assert datasets()["fashion_mnist"] == "cached"


def test_saying_what_is_here_loads_no_keras():
    import subprocess
    import sys

    code = "import sys; from autograder.machine import datasets; datasets(); sys.exit('keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
