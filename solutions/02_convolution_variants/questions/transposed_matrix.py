"""The matrix of a transposed convolution: one shifted copy of the kernel per column."""

import numpy as np
from scipy.linalg import convolution_matrix

from autograder.rubric import Function, Group, Mistake, any_of, case, kernels


def by_columns(w, size, stride=1):
    """One column per value, as an image of its own."""
    (kh, kw), (high, wide) = w.shape, size
    columns = []
    for i, j in np.ndindex(high, wide):
        image = np.zeros(((high - 1) * stride + kh, (wide - 1) * stride + kw), np.float32)
        image[i * stride : i * stride + kh, j * stride : j * stride + kw] = w
        columns.append(image.ravel())
    return np.stack(columns, axis=1)


def by_transposing(w, size, stride=1):
    """The matrix C of the convolution, entry by entry, then transposed."""
    (kh, kw), (high, wide) = w.shape, size
    width = (wide - 1) * stride + kw
    matrix = np.zeros((high * wide, ((high - 1) * stride + kh) * width))
    for i, j, u, v in np.ndindex(high, wide, kh, kw):
        matrix[i * wide + j, (i * stride + u) * width + j * stride + v] = w[u, v]
    return matrix.T


def by_kronecker(w, size, stride=1):
    """A sum over the kernel's rows of Kronecker products of one-dimensional matrices."""
    (kh, _), (high, wide) = w.shape, size

    def along_a_line(kernel, count):
        return convolution_matrix(kernel, (count - 1) * stride + 1)[:, ::stride]

    return sum(np.kron(along_a_line(unit, high), along_a_line(row, wide)) for unit, row in zip(np.eye(kh), w))


def axes(w, size, stride):
    """Heights and widths of the large and the small side."""
    return (size[0] - 1) * stride + w.shape[0], (size[1] - 1) * stride + w.shape[1], *size


def column_by_column(right, w, size, stride):
    """Large images as vectors column by column."""
    high, wide, h, w_ = axes(w, size, stride)
    return right(w, size, stride).reshape(high, wide, h * w_).swapaxes(0, 1).reshape(high * wide, -1)


def small_column_by_column(right, w, size, stride):
    """Small images as vectors column by column."""
    *_, h, w_ = axes(w, size, stride)
    return right(w, size, stride).reshape(-1, h, w_).swapaxes(1, 2).reshape(-1, h * w_)


def counted_by_the_small_width(right, w, size, stride):
    """The place on the large side is row times the small width plus column."""
    high, wide, h, w_ = axes(w, size, stride)
    matrix = np.zeros((high * wide, h * w_))
    for i, j, u, v in np.ndindex(h, w_, *w.shape):
        matrix[(i * stride + u) * w_ + j * stride + v, i * w_ + j] = w[u, v]
    return matrix


def dense_in_the_flat_image(right, w, size, stride):
    """The kernel's values one after the other, as if the image were a line."""
    high, wide, h, w_ = axes(w, size, stride)
    matrix = np.zeros((high * wide, h * w_))
    for i, j in np.ndindex(h, w_):
        start = i * stride * wide + j * stride
        matrix[start : start + w.size, i * w_ + j] = w.ravel()[: high * wide - start]
    return matrix


def columns_counted_by_the_height(right, w, size, stride):
    """Value (i, j) of the small image is taken for number i * h + j."""
    matrix = right(w, size, stride)
    wrong = np.zeros(matrix.shape)
    for number, (i, j) in enumerate(np.ndindex(*size)):
        wrong[:, i * size[0] + j] = matrix[:, number]
    return wrong


transposed_matrix = Function(
    "transposed_matrix",
    points=5,
    groups=[
        Group("a square kernel, stride 1", 2, [
            case("2x2 kernel, 2x2 values", kernels(2, 2), (2, 2)),
            case("3x3 kernel, 2x2 values, as on the slide", kernels(3, 3), (2, 2)),
            case("3x3 kernel on larger squares", kernels(3, 3), any_of((3, 3), (4, 4))),
        ]),
        Group("sizes and kernels that are not square", 1, [
            case("2x2 kernel, 2x3 values", kernels(2, 2), any_of((2, 3), (2, 4))),
            case("2x2 kernel, 4x2 values", kernels(2, 2), any_of((4, 2), (3, 2))),
            case("2x3 kernel", kernels(2, 3), any_of((2, 2), (3, 3))),
            case("3x1 kernel", kernels(3, 1), any_of((3, 2), (2, 3))),
        ]),
        Group("stride", 2, [
            case("stride 2, 3x3 kernel", kernels(3, 3), (2, 2), 2),
            case("stride 2, 2x2 kernel", kernels(2, 2), any_of((3, 3), (4, 4)), 2),
            case("stride 3, 2x2 kernel: pixels that nothing reaches", kernels(2, 2), (2, 2), 3),
        ]),
    ],
    mistakes=[
        Mistake("not transposed", by=lambda right, *args: right(*args).T,
                say="This is the matrix C of the convolution itself. The way back is its transpose."),
        Mistake("kernel turned", by=lambda right, w, *rest: right(w[::-1, ::-1], *rest),
                say="The kernel is turned by 180 degrees in your columns. A column is the kernel as it stands."),
        Mistake("kernel on its side", by=lambda right, w, size, stride: right(w.T, size, stride),
                say="Rows and columns of the kernel are swapped."),
        Mistake("column by column", by=column_by_column,
                say="The large image became a vector column by column. `reshape(-1)` goes row by row."),
        Mistake("small image column by column", by=small_column_by_column,
                say="The columns of your matrix stand in the wrong order: value (0, 1) of the small image comes second, before (1, 0)."),
        Mistake("columns counted by the height", by=columns_counted_by_the_height,
                say="The small image has rows of w values, but you count with its height. On square images this cannot be seen."),
        Mistake("rows counted by the small width", by=counted_by_the_small_width,
                say="A row of the large image has W places. You count with the width of the small one."),
        Mistake("kernel laid on a line", by=dense_in_the_flat_image,
                say="The kernel's values stand one below the other without a gap. In the flat image, the next row of the kernel "
                    "begins a whole image row later."),
        Mistake("stride ignored", by=lambda right, w, size, stride: right(w, size, 1),
                say="`stride` has no effect: your copies of the kernel lie one pixel apart."),
        Mistake("stride down only", edit=("i * stride, j * stride", "i * stride, j"),
                say="`stride` is used down but not across."),
        Mistake("stride in the size only", edit=("i * stride, j * stride", "i, j"),
                say="The matrix has the right size, but copies of the kernel lie one pixel apart. They lie `stride` apart."),
        Mistake("ones and zeros only", by=lambda right, *args: (right(*args) != 0).astype(float),
                say="Your matrix has a 1 wherever the kernel lies. It holds the kernel's weights; on the slide they happen to be 1."),
        Mistake("height and width of size swapped", by=lambda right, w, size, stride: right(w, size[::-1], stride),
                say="`size` is (h, w): rows first. Yours are swapped."),
    ],
    variants=[by_columns, by_transposing, by_kronecker],
)
