"""conv1d: cases, and the mistakes that students really make."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case, signal


def numpy_convolve(x, h, mode="full"):
    """NumPy's own; the same rule for "same" while the kernel is not the longer one."""
    return np.convolve(x, h, mode)


def gather(x, h, mode="full"):
    """One output value at a time, in float32."""
    x, h = x.astype(np.float32), h.astype(np.float32)
    padded = np.pad(x, len(h) - 1)
    full = np.array([np.dot(padded[n : n + len(h)], h[::-1]) for n in range(len(x) + len(h) - 1)])
    cut = {"full": slice(None), "valid": slice(len(h) - 1, len(x))}
    return full[cut.get(mode, slice((len(h) - 1) // 2, (len(h) - 1) // 2 + len(x)))]


def by_fourier_1d(x, h, mode="full"):
    """Multiply spectra."""
    size = len(x) + len(h) - 1
    full = np.fft.irfft(np.fft.rfft(x, size) * np.fft.rfft(h, size), size)
    start, stop = {"full": (0, size), "valid": (len(h) - 1, len(x))}.get(mode, ((len(h) - 1) // 2, None))
    return full[start : stop or start + len(x)]


conv1d = Function(
    "conv1d",
    points=5,
    groups=[
        Group("full", 2, [
            case("one sample, three taps", signal(1).map(lambda x: np.repeat(x, 3) * [1, 0, 0]), signal(3), "full"),
            case("a kernel that is not symmetric", signal(any_of(6, 7, 9, 11)), signal(any_of(3, 4, 5)), "full", fresh=3),
        ]),
        Group("valid", 1, [
            case("only where the kernel lies on the signal", signal(any_of(7, 8, 10)), signal(any_of(3, 4, 5)), "valid",
                 fresh=2),
            case("kernel as long as the signal", signal(any_of(5, 4)).map(lambda x: x), signal(4).map(lambda h: h), "valid"),
        ]),
        Group("same", 2, [
            case("same length, odd kernel", signal(any_of(8, 7, 9)), signal(any_of(3, 5)), "same", fresh=2),
            case("same length, even kernel", signal(any_of(7, 8, 9)), signal(any_of(4, 2, 6)), "same", fresh=2),
        ]),
    ],
    mistakes=[
        Mistake("correlation instead of convolution", by=lambda right, x, h, mode: right(x, h[::-1], mode),
                say="Your kernel is not turned round. In a convolution `h` is laid over the signal back to front."),
        Mistake("full without its last value", edit=("return y\n", "return y[:-1]\n"),
                say='"full" has L + K - 1 values. Yours is one value short of that.'),
        Mistake("mode ignored", by=lambda right, x, h, mode: right(x, h, "full"),
                say="You return all values whatever `mode` says. Cut out the ones that it asks for."),
        Mistake("same cut from the wrong place", edit=("start = (taps - 1) // 2", "start = taps // 2"),
                say='"same" begins at index (K - 1) // 2 of "full". With an even kernel yours begins one too late.'),
        Mistake("same cut from the start", edit=("start = (taps - 1) // 2", "start = 0"),
                say='"same" is the middle part of "full". Yours begins with the very first value.'),
        Mistake("valid one too short", edit=("y[taps - 1 : length]", "y[taps - 1 : length - 1]"),
                say='"valid" has L - K + 1 values. Yours leaves out the last place where the kernel still fits.'),
        Mistake("valid one too long", edit=("y[taps - 1 : length]", "y[taps - 1 : length + 1]"),
                say='"valid" has L - K + 1 values. Yours has one where the kernel already hangs over the end.'),
        Mistake("assigned instead of added", edit=("] += x[k] * h", "] = x[k] * h"),
                say="Windows overlap: each sample adds its share to `y`. Yours overwrites what was there."),
    ],
    variants=[numpy_convolve, gather, by_fourier_1d],
    terms=lambda inputs: len(inputs["h"]),
)
