"""What is kept on disk is never wrong: two processes at once, a killed one, a full disk, a damaged file."""

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from common.data import glyphs
from common.data.kept import FROM, MOST_FILES, STALE, folder, kept

KEY = ("numbers", 1)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return folder()


class Made:
    """Makes arrays and counts how often."""

    def __init__(self, factor: int = 1) -> None:
        self.times, self.factor = 0, factor

    def __call__(self) -> dict[str, np.ndarray]:
        self.times += 1
        return {"labels": self.factor * np.arange(FROM)}


def python(code: str, *arguments: object, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    command = [*before, sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_what_was_made_once_is_read_the_next_time(cache):
    made = Made()
    for _ in range(3):
        np.testing.assert_array_equal(kept(KEY, FROM, made)["labels"], np.arange(FROM))
    assert made.times == 1 and len(list(cache.iterdir())) == 1
    assert cache.stat().st_mode & 0o077 == 0


def test_another_key_is_another_file(cache):
    assert kept(KEY, FROM, Made())["labels"][1] == 1 and kept((*KEY, 2), FROM, Made(5))["labels"][1] == 5


def test_few_examples_never_reach_the_disk(cache):
    made = Made()
    kept(KEY, FROM - 1, made), kept(KEY, FROM - 1, made)
    glyphs(train=0, validation=0, test=600, seed=9)
    assert made.times == 2 and not cache.exists()


def test_glyphs_read_from_disk_are_the_glyphs_that_were_drawn(cache):
    drawn, read = (glyphs(train=FROM, validation=0, test=0, seed=6).train for _ in range(2))
    assert len(list(cache.glob("glyphs-*.npz"))) == 1
    np.testing.assert_array_equal(drawn.images, read.images)
    np.testing.assert_array_equal(drawn.labels, read.labels)
    np.testing.assert_array_equal(drawn.images[:20], glyphs(20, 0, 0, seed=6).train.images)


def damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    middle = len(content) // 2
    if how == "a flipped bit":
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    elif how == "cut short":
        path.write_bytes(content[:middle])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "text":
        path.write_text("no array", encoding="utf-8")
    elif how == "pickled objects":
        np.savez(path, labels=np.array([{}] * FROM, dtype=object))
    elif how == "too few":
        np.savez(path, labels=np.arange(FROM - 1))
    elif how == "nothing in it":
        with zipfile.ZipFile(path, "w"):
            pass


@pytest.mark.parametrize(
    "how", ["a flipped bit", "cut short", "empty", "text", "pickled objects", "too few", "nothing in it"]
)
def test_a_damaged_file_is_drawn_anew_and_replaced(cache, how):
    made = Made()
    kept(KEY, FROM, made)
    (path,) = cache.iterdir()
    damage(path, how)
    for _ in range(2):
        np.testing.assert_array_equal(kept(KEY, FROM, made)["labels"], np.arange(FROM))
    assert made.times == 2  # the second time it is read again


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    made = Made()
    for _ in range(2):
        assert len(kept(KEY, FROM, made)["labels"]) == FROM
    assert made.times == 2


def test_two_processes_at_once_get_the_same_and_leave_one_file(cache):
    code = (
        "import hashlib; from common.data import glyphs;"
        f"print(hashlib.sha256(glyphs({FROM}, 0, 0, seed=1).train.images.tobytes()).hexdigest())"
    )
    both = [python(code) for _ in range(2)]
    said = [each.communicate(timeout=120) for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    assert said[0][0] == said[1][0] != ""
    assert [path.suffix for path in cache.iterdir()] == [".npz"]


def write_at_most(size: int, then: str) -> subprocess.Popen[str]:
    """A process that keeps 8 MB where no file may have more than `size` bytes; `then` is SIG_DFL or SIG_IGN."""
    code = (
        "import resource, signal; import numpy as np; from common.data.kept import kept;"
        f"signal.signal(signal.SIGXFSZ, signal.{then});"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}));"
        f"made = kept({KEY!r}, {FROM}, lambda: {{'labels': np.ones(({FROM}, 100))}});"
        "print(int(made['labels'].sum()))"
    )
    process = python(code)
    process.wait(60)
    return process


def test_a_process_killed_while_it_writes_leaves_no_wrong_file(cache):
    process = write_at_most(1_000_000, "SIG_DFL")
    assert process.communicate() == ("", "") and process.returncode == -signal.SIGXFSZ
    (part,) = cache.iterdir()
    assert part.suffix == ".part" and part.stat().st_size == 1_000_000
    made = Made()
    assert kept(KEY, FROM, made)["labels"][2] == 2 and made.times == 1
    assert part.exists()  # it may belong to a process that is still writing
    os.utime(part, (time.time() - 2 * STALE,) * 2)
    kept((*KEY, 3), FROM, made)
    assert not part.exists()


def test_where_no_more_can_be_written_the_images_come_all_the_same(cache):
    process = write_at_most(1_000_000, "SIG_IGN")
    assert process.communicate() == (f"{100 * FROM}\n", "") and process.returncode == 0
    assert not list(cache.iterdir())


def test_on_a_full_disk_the_images_come_all_the_same(tmp_path):
    if not shutil.which("unshare"):
        pytest.skip("a full disk is made with unshare, which is not here")
    small = tmp_path / "small"
    small.mkdir()
    mount = 'mount -t tmpfs -o size=64k none "$1" && XDG_CACHE_HOME="$1" exec "$2" -c "$3"'
    code = (
        "import shutil; from pathlib import Path; import numpy as np; from common.data.kept import folder, kept;"
        f"made = kept({KEY!r}, {FROM}, lambda: {{'labels': np.arange({FROM})}});"
        "print(int(made['labels'].sum()), shutil.disk_usage(folder()).total, list(folder().iterdir()))"
    )
    unshare = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh", small, sys.executable, code]
    done = subprocess.run(unshare, capture_output=True, text=True, check=False)
    if done.returncode and "Traceback" not in done.stderr:
        pytest.skip(f"no small disk can be made here: {done.stderr.strip()}")
    assert done.stdout.split(maxsplit=2) == [str(FROM * (FROM - 1) // 2), str(64 * 1024), "[]\n"], done.stderr


def test_only_so_many_files_are_kept(cache):
    for number in range(MOST_FILES + 3):
        kept((*KEY, number), FROM, Made())
        for path in cache.iterdir():
            os.utime(path, (path.stat().st_mtime - 10,) * 2)
    assert len(list(cache.iterdir())) == MOST_FILES
    made = Made()
    kept((*KEY, MOST_FILES + 2), FROM, made), kept((*KEY, 0), FROM, made)
    assert made.times == 1
