"""The slides on transposed convolution: sizes, overlap, why it is a convolution after all and no deconvolution."""

from autograder.rubric import Entry, Mistake, Values


def by_matrix():
    """With the matrices themselves."""
    import numpy as np

    def matrix(w, size, stride=1):
        columns = []
        for i, j in np.ndindex(*size):
            image = np.zeros(((size[0] - 1) * stride + len(w), (size[1] - 1) * stride + len(w)))
            image[i * stride : i * stride + len(w), j * stride : j * stride + len(w)] = w
            columns.append(image.ravel())
        return np.stack(columns, axis=1)

    counts = (matrix(np.ones((3, 3)), (2, 2), 2) @ np.ones(4)).reshape(5, 5).astype(int)
    slide = matrix(np.ones((3, 3)), (2, 2))
    back = slide.T @ slide @ np.arange(1, 5)
    return {"valid": len(counts), "same": 4, "first row": counts[0], "most": counts.max(), "padding": 2, "corner": 4,
            "there and back": int(back[0])}


def as_literals():
    """As counted on paper."""
    return {"valid": 5, "same": 4, "first row": [1, 1, 2, 1, 1], "most": 4, "padding": 2, "corner": 4, "there and back": 55}


transposed_slide = Values(
    "transposed_slide",
    points=4,
    entries=[Entry("valid", 0.5), Entry("same", 0.5), Entry("first row", 1), Entry("most", 0.5), Entry("padding", 0.5),
             Entry("corner", 0.5), Entry("there and back", 0.5)],
    mistakes=[
        Mistake("copies side by side", by=lambda right: {**right, "valid": 6, "first row": (1, 1, 1, 1, 1, 1), "most": 1},
                say="You laid the copies one kernel apart. With stride 2 the second copy begins two pixels after the first."),
        Mistake("stride ignored", by=lambda right: {**right, "valid": 4, "first row": (1, 2, 2, 1)},
                say="You laid the copies one pixel apart. With stride 2 they lie two pixels apart."),
        Mistake("same is the kernel's same", by=lambda right: {**right, "same": 2},
                say='In a transposed convolution "same" does not keep the size: the output is stride times as large as the input.'),
        Mistake("same equals valid", by=lambda right: {**right, "same": 5},
                say='"same" cuts off what goes beyond stride times the input.'),
        Mistake("overlap along one line only", by=lambda right: {**right, "most": 2},
                say="Along a line two copies meet. How many meet in the middle of the square?"),
        Mistake("half padding", by=lambda right: {**right, "padding": 1},
                say="With (m-1)/2 zeros on each side the size stays as it is. A transposed convolution makes it larger."),
        Mistake("no padding", by=lambda right: {**right, "padding": 0},
                say="Without zeros around it a convolution makes the image smaller. This one makes it larger."),
        Mistake("kernel as it stands", by=lambda right: {**right, "corner": 1},
                say="The top left pixel of the result is the first value times the weight 1. On the padded input the first value "
                    "lies under the last weight of the window: so where must the 1 stand?"),
        Mistake("kernel on its side", by=lambda right: {**right, "corner": 3},
                say="The kernel is turned by half a turn, not by a quarter."),
        Mistake("taken for a deconvolution", by=lambda right: {**right, "there and back": 1},
                say="The transpose is not the inverse. Add up the values under the window."),
        Mistake("middle of the result", by=lambda right: {**right, "there and back": 10},
                say="This is one value of the slide's result. The convolution adds up nine of them."),
    ],
    variants=[by_matrix, as_literals],
)
