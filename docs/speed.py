"""Time the course's convolution beside TensorFlow's on the CPU, and write docs/speed.md: `python docs/speed.py`.

The functions of 01_convolution are taken from its master and its rubric. All run in one process, in turn, round after
round, so that other work on the machine hits all of them alike; once with one thread and once with the libraries' own
choice. The rule for reading it: compare ratios, not milliseconds.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from autograder.course import find_course

PAGE = Path(__file__).parent / "speed.md"
ROUNDS, SLOW_ROUNDS = 15, 3  # loops in Python are slow, and their ratio needs no more digits
SHAPES = {  # images, filters, stride, padding
    "A": ((100, 31, 31, 3), (3, 3, 3, 25), 2, 1),
    "B": ((64, 32, 32, 16), (3, 3, 16, 32), 1, 1),
    "C": ((2, 16, 16, 3), (3, 3, 3, 3), 1, 1),
}
ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
)
NAIVE_IMAGES = 1  # loops in Python are timed on one image and scaled up
Run = Callable[[], object]
Tables = dict[str, dict[str, dict[str, float]]]  # milliseconds by direction, shape and name

HEAD = """# How fast is the convolution of 01?

Written by `python docs/speed.py` on {cores} cores, {system}, Python {python}, NumPy {numpy}, TensorFlow {tensorflow}.
Load of the machine when it began: {load:.1f}, where {cores} is full. float32, NHWC, NumPy arrays in and out.

{shapes}

Each cell: the median of {rounds} rounds in milliseconds, and in brackets its ratio to TensorFlow in the same rounds.
Below 1 is faster. The first table counts the processor time of the process, which other work on the machine hardly
changes; the other two count seconds on the wall.

"""

FOOT = """
- **blocks of windows** is the fast one. It is a variant in the rubric (`questions/conv2d.py`, `conv2d_backward.py`), so
  `course selftest` proves it on every case. It copies the windows of a few images into a matrix that stays in the
  cache, makes one product of it, and goes on; backward, `dx` is collected with its channels first.
- **the notebook's solution** is the reference that students are judged by: loops over the output positions, to be read.
- **plain im2col** copies the windows of all images into one matrix and multiplies once, with the solutions of parts 1.7
  and 1.8.
- The last table is the hardest to trust. Where other work holds the cores, a product that NumPy's BLAS shares between
  threads waits for the slowest of them, once a block; TensorFlow seems to suffer less. On such a machine one thread is
  often faster: set `OPENBLAS_NUM_THREADS=1`.
- **a naive loop** is one Python step per product, timed on one image and scaled up.
- **Keras** is `keras.ops.conv` on the TensorFlow backend. **TensorFlow** is `tf.nn.conv2d`, and backward the two
  operations that its gradient tape would call.
"""


def functions(shape: str) -> dict[str, dict[str, tuple[Run, float]]]:
    """What is timed for a shape, forward and backward: a call and how often it must be counted."""
    import keras
    import tensorflow as tf

    course = find_course().load("01_convolution")
    reference = course.reference
    fast = {
        name: next(each for each in course.rubric[name].variants if each.__name__ == "by_blocks_of_windows")
        for name in ("conv2d", "conv2d_backward")
    }
    images, filters, stride, p = SHAPES[shape]
    rng = np.random.default_rng(0)
    x, w, b = (rng.normal(size=size).astype(np.float32) for size in (images, filters, filters[3:]))
    dout = rng.normal(size=fast["conv2d"](x, w, b, stride, p).shape).astype(np.float32)
    pads, kernel = ((0, 0), (p, p), (p, p), (0, 0)), filters[:2]
    settings = {
        "strides": [1, stride, stride, 1],
        "padding": "EXPLICIT",
        "explicit_paddings": [each for pair in pads for each in pair],
    }

    def tensorflow() -> np.ndarray:
        return (tf.nn.conv2d(x, w, stride, [list(pair) for pair in pads]) + b).numpy()

    def tensorflow_backward() -> list[np.ndarray]:
        above = tf.constant(dout)
        dx = tf.raw_ops.Conv2DBackpropInput(input_sizes=images, filter=w, out_backprop=above, **settings)
        dw = tf.raw_ops.Conv2DBackpropFilter(input=x, filter_sizes=filters, out_backprop=above, **settings)
        return [dx.numpy(), dw.numpy(), tf.reduce_sum(above, (0, 1, 2)).numpy()]

    def by_keras() -> np.ndarray:
        return keras.ops.convert_to_numpy(keras.ops.conv(keras.ops.pad(x, pads), w, stride, "valid") + b)

    def im2col() -> np.ndarray:
        rows = reference["im2col"](np.pad(x, pads), kernel, stride)
        return (rows @ w.reshape(-1, filters[3]) + b).reshape(dout.shape)

    def im2col_backward() -> list[np.ndarray]:
        padded = np.pad(x, pads)
        rows, above = reference["im2col"](padded, kernel, stride), dout.reshape(-1, filters[3])
        dpadded = reference["col2im"](above @ w.reshape(-1, filters[3]).T, padded.shape, kernel, stride)
        dx = dpadded[:, p : p + images[1], p : p + images[2]]
        return [dx, (rows.T @ above).reshape(w.shape), dout.sum((0, 1, 2))]

    few, times = slice(NAIVE_IMAGES), images[0] / NAIVE_IMAGES
    forward = {
        "TensorFlow": (tensorflow, 1),
        "Keras": (by_keras, 1),
        "blocks of windows": (lambda: fast["conv2d"](x, w, b, stride, p), 1),
        "the notebook's solution": (lambda: reference["conv2d"](x, w, b, stride, p), 1),
        "plain im2col": (im2col, 1),
        "a naive loop": (lambda: naive(x[few], w, b, stride, p), times),
    }
    backward = {
        "TensorFlow": (tensorflow_backward, 1),
        "blocks of windows": (lambda: fast["conv2d_backward"](dout, x, w, stride, p), 1),
        "the notebook's solution": (lambda: reference["conv2d_backward"](dout, x, w, stride, p), 1),
        "plain im2col": (im2col_backward, 1),
        "a naive loop": (lambda: naive_backward(dout[few], x[few], w, stride, p), times),
    }
    insist_on_agreement(forward, backward)
    return {"forward": forward, "backward": backward}


def insist_on_agreement(forward: dict[str, tuple[Run, float]], backward: dict[str, tuple[Run, float]]) -> None:
    """What is timed computes the same; this warms everything up as well."""
    right, gradients = forward["TensorFlow"][0](), backward["TensorFlow"][0]()
    for name, (run, _) in forward.items():
        got = run()
        assert np.allclose(got, right[: len(got)], atol=1e-3), name
    for name, (run, times) in backward.items():
        got = run()
        assert np.allclose(got[0], gradients[0][: len(got[0])], atol=1e-3), name
        # dw and db are sums over up to 65,536 terms in float32.
        assert times > 1 or all(np.allclose(a, b, rtol=1e-3, atol=0.02) for a, b in zip(got, gradients)), name  # noqa: B905


def naive(x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int, padding: int) -> np.ndarray:
    """A loop for every index, on Python's own numbers."""
    (n, height, width, channels), (kh, kw, _, filters) = x.shape, w.shape
    high, wide = (height - kh + 2 * padding) // stride + 1, (width - kw + 2 * padding) // stride + 1
    image, weights = np.pad(x, ((0, 0), (padding,) * 2, (padding,) * 2, (0, 0))).tolist(), w.tolist()
    out = np.empty((n, high, wide, filters))
    for m, i, j, f in np.ndindex(out.shape):
        total = b[f]
        for u in range(kh):
            for v in range(kw):
                pixel, weight = image[m][i * stride + u][j * stride + v], weights[u][v]
                for c in range(channels):
                    total += pixel[c] * weight[c][f]
        out[m, i, j, f] = total
    return out


def naive_backward(dout: np.ndarray, x: np.ndarray, w: np.ndarray, stride: int, padding: int) -> list[np.ndarray]:
    """The same, backward."""
    channels, (kh, kw) = x.shape[3], w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding,) * 2, (padding,) * 2, (0, 0)))
    image, weights, above = padded.tolist(), w.tolist(), dout.tolist()
    dx, dw = np.zeros(padded.shape).tolist(), np.zeros(w.shape).tolist()
    for m, i, j, f in np.ndindex(dout.shape):
        share = above[m][i][j][f]
        for u in range(kh):
            for v in range(kw):
                row, column = i * stride + u, j * stride + v
                for c in range(channels):
                    dx[m][row][column][c] += share * weights[u][v][c][f]
                    dw[u][v][c][f] += share * image[m][row][column][c]
    rows, columns = (slice(padding, padding + size) for size in x.shape[1:3])
    return [np.array(dx)[:, rows, columns], np.array(dw), dout.sum((0, 1, 2))]


def measure() -> dict[str, Tables]:
    """Median milliseconds by clock, direction and shape, then by name."""
    clocks = {"processor": time.process_time, "wall": time.perf_counter}
    found: dict[str, Tables] = {clock: {"forward": {}, "backward": {}} for clock in clocks}
    for shape in SHAPES:
        for direction, runs in functions(shape).items():
            taken: dict[str, list[tuple[float, ...]]] = {name: [] for name in runs}
            for number in range(ROUNDS):
                for name, (run, times) in runs.items():
                    if times > 1 and number >= SLOW_ROUNDS:
                        continue
                    start = [clock() for clock in clocks.values()]
                    run()
                    ends = [clock() for clock in clocks.values()]
                    taken[name].append(tuple(1000 * times * (b - a) for a, b in zip(start, ends, strict=True)))
            for place, clock in enumerate(clocks):
                medians = {name: statistics.median(each[place] for each in runs) for name, runs in taken.items()}
                found[clock][direction][shape] = medians
    return found


def table(found: Tables) -> str:
    """Two tables, forward and backward."""
    parts = []
    for direction, shapes in found.items():
        lines = [f"| {direction} | {' | '.join(shapes)} |", f"| --- |{' ---: |' * len(shapes)}"]
        for name in next(iter(shapes.values())):
            cells = [
                f"{medians[name]:,.3g} ({medians[name] / medians['TensorFlow']:,.2g})"
                if medians[name] < 1000
                else f"{medians[name]:,.0f} ({medians[name] / medians['TensorFlow']:,.0f})"
                for medians in shapes.values()
            ]
            lines.append(f"| {name} | {' | '.join(cells)} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def page(measured: dict[str, Tables], load: float) -> str:
    """The whole page."""
    import tensorflow as tf

    shapes = "\n".join(
        f"- **{name}**: images {images}, filters {filters}, stride {stride}, padding {padding}"
        for name, (images, filters, stride, padding) in SHAPES.items()
    )
    head = HEAD.format(
        cores=os.cpu_count(), system=platform.system(), python=platform.python_version(), numpy=np.__version__,
        tensorflow=tf.__version__, load=load, rounds=ROUNDS, shapes=shapes,
    )  # fmt: skip
    return head + "\n\n".join(f"## {title}\n\n{table(found)}" for title, found in measured.items()) + "\n" + FOOT


def in_a_fresh_process(threads: dict[str, str]) -> dict[str, Tables]:
    """Measure where nothing has loaded yet: libraries choose their threads when they load."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **threads}
    command = [sys.executable, __file__, "measure"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(run.stdout.splitlines()[-1]))


def main() -> None:
    """Measure with one thread and with as many as the libraries choose, and write the page."""
    load = os.getloadavg()[0]
    alone, free = in_a_fresh_process(ONE_THREAD), in_a_fresh_process({})
    measured = {
        "One thread, processor time": alone["processor"],
        "One thread, on the wall": alone["wall"],
        "As many threads as the libraries choose, on the wall": free["wall"],
    }
    PAGE.write_text(page(measured, load), encoding="utf-8")
    sys.stdout.write(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        print(json.dumps(measure()))
    else:
        main()
