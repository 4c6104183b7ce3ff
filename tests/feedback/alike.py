"""Answers to one question: a model, an odd way that two people share, and styles of one's own."""

import re

from made_up_class import typical

from autograder.grading.result import ClassResult
from common.cases.verdict import QuestionResult, Status

PLACE = ("01_convolution", "conv2d")
STARTER = '''def conv2d(x, w, b, stride=1, padding=0):
    """Convolution of images with kernels."""
    # Write your code here.
    raise NotImplementedError
'''
MODEL = '''def conv2d(x, w, b, stride=1, padding=0):
    """Convolution of images with kernels."""
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    n, h, wd, _ = x.shape
    kh, kw, _, f = w.shape
    out = np.empty((n, (h - kh) // stride + 1, (wd - kw) // stride + 1, f))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            patch = x[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[:, i, j] = np.tensordot(patch, w, 3) + b
    return out
'''
# An odd way of one's own, of which no two people think.
ODD = '''def conv2d(x, w, b, stride=1, padding=0):
    """Convolution of images with kernels."""
    rows, cols = w.shape[0], w.shape[1]
    big = np.zeros((x.shape[0], x.shape[1] + 2 * padding, x.shape[2] + 2 * padding, x.shape[3]))
    big[:, padding : padding + x.shape[1], padding : padding + x.shape[2], :] += x
    answer = None
    for r in reversed(range(rows)):
        for c in reversed(range(cols)):
            piece = big[:, r : big.shape[1] - rows + r + 1 : stride, c : big.shape[2] - cols + c + 1 : stride]
            term = (piece[..., None] * w[r, c][None, None, None]).sum(axis=-2)
            answer = term if answer is None else answer + term
    return answer + b.reshape(1, 1, 1, -1)
'''


def renamed(code):
    """The same, with other names, comments and layout."""
    for old, new in (("big", "padded"), ("answer", "total"), ("piece", "sl"), ("rows", "K"), ("cols", "L")):
        code = re.sub(rf"\b{old}\b", new, code)
    return code.replace("    total = None\n", "    total = None  # nothing yet\n\n").replace("for r in", "for r in  ")


def other(number):
    """A right answer in a style of its own, another for each number."""
    lines = [f"    step{k} = x[{k + number}] * {number * 7 + k} - w[{k}, {number}] ** {k + 2}" for k in range(9)]
    ways = ["np.sum", "np.prod", "np.max", "np.add.reduce", "sum"]
    body = "\n".join(lines)
    return f"def conv2d(x, w, b, stride=1, padding=0):\n{body}\n    return {ways[number % 5]}(step1)\n"


def class_of(*codes, **more):
    made = [
        typical(f"s{n}", questions=(QuestionResult("conv2d", Status.PASSED, 6.0, 6.0, code=code),))
        for n, code in enumerate(codes)
    ]
    return ClassResult(tuple(made), 1.0, {"01_convolution": "Convolution"})
