"""The slide on dilated convolution: half padding centred wrongly (m-1)/2, M-2m+2 is the size without padding, no floor."""

from autograder.rubric import Entry, Mistake, Values


def by_counting():
    """Count the windows that fit."""

    def windows(size, taps, d, stride=1, p=0):
        return len(range(0, size + 2 * p - d * (taps - 1), stride))

    (slides,) = [p for p in range(9) if all(windows(m, k, 2, p=p) == m - 2 * k + 2 for m in (15, 20) for k in (3, 5, 7))]
    (same,) = [p for p in range(20) if windows(50, 5, 3, p=p) == 50]
    return {"p=0": windows(7, 3, 2), "p=1": windows(7, 3, 2, p=1), "p=2": windows(7, 3, 2, p=2), "slide's p": slides,
            "same": same, "offset": 3, "skipped": 3, "stride 2": windows(8, 3, 2, 2)}


def with_numpy():
    """As NumPy gives them."""
    import numpy as np

    return {key: np.int64(value) for key, value in by_counting().items()}


dilated_slide = Values(
    "dilated_slide",
    points=4,
    entries=[Entry("p=0", 0.5), Entry("p=1", 0.5), Entry("p=2", 0.5), Entry("slide's p", 0.5), Entry("same", 0.5),
             Entry("offset", 0.5), Entry("skipped", 0.5), Entry("stride 2", 0.5)],
    mistakes=[
        Mistake("the slide believed", by=lambda right: {**right, "p=1": 7 - 2 * 3 + 2},
                say="You took over what the slide says. Count: put seven pixels and one zero on each side on paper, and see in "
                    "how many places a kernel that covers five of them can stand."),
        Mistake("the slide's padding", by=lambda right: {**right, "slide's p": 1},
                say="With (m-1)/2 zeros on each side the output is larger than the slide's formula. Try it with M=7, m=3."),
        Mistake("half padding for same", by=lambda right: {**right, "same": 2},
                say='(m-1)/2 keeps the size only when taps are neighbours. For "same", half of all that the kernel covers hangs over.'),
        Mistake("same for another dilation", by=lambda right: {**right, "same": 4},
                say='4 zeros on each side keep the size when taps are two pixels apart. For "same" d is 3.'),
        Mistake("offset from the first tap to the last", by=lambda right: {**right, "offset": 2},
                say='That is the way from the first tap to the last, counted in taps. "offset" is half of that way, in pixels.'),
        Mistake("the slide's offset", by=lambda right: {**right, "offset": 1},
                say='(m-1)/2 is the number of the middle tap. "offset" is asked in pixels, and a tap is `d` pixels from the next.'),
        Mistake("d pixels skipped", by=lambda right: {**right, "skipped": 4},
                say="From tap to tap it is d pixels. Between them lies one less."),
        Mistake("one place missing", by=lambda right: {**right, "p=1": 4},
                say="One place is missing. Was padding counted on one side only? Or was the kernel, which covers 5 pixels, taken for 6?"),
        Mistake("padding counted once", by=lambda right: {**right, "p=2": 5},
                say="Padding stands on two sides, so it counts twice."),
        Mistake("kernel covers d times m", by=lambda right: {**right, "p=0": 2, "p=2": 6},
                say="A kernel of 3 taps with dilation 2 covers 5 pixels, not 6: nothing comes after the last tap."),
        Mistake("not rounded down", by=lambda right: {**right, "stride 2": 2.5},
                say="The slide's formula gives a fraction here. A size is a whole number: pixels that fill no whole step are left out."),
        Mistake("rounded up", by=lambda right: {**right, "stride 2": 3},
                say='A third window of "stride 2" would hang over the edge: round down.'),
    ],
    variants=[by_counting, with_numpy],
)
