"""residual_unit: 9 points. The branch without the shortcut, the sum, then each gradient for itself."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.rubric import Group, Mistake, Pair, any_of, case, entries, images, kernels

NAMES = ("dx", "dw1", "dw2")
ONLY_DX, ONLY_DW1, ONLY_DW2 = (entries(place, of=NAMES) for place in range(3))


def unit(height, width, channels, inside, images_=1):
    """Images and the two kernels of a unit with `inside` maps between its convolutions."""
    return images(images_, height, width, channels), kernels(3, 3, channels, inside), kernels(3, 3, inside, channels)


# --- right answers in other styles ------------------------------------------------------------------------------------


def correlate(x, w):
    """A convolution that keeps the size. x (N, H, W, C), w (3, 3, C, F) -> (N, H, W, F)."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return np.einsum("nijcuv,uvcf->nijf", sliding_window_view(padded, (3, 3), axis=(1, 2)), w)


def turned(w):
    """The kernel that carries a gradient back: half a turn, inputs and outputs exchanged."""
    return w[::-1, ::-1].transpose(0, 1, 3, 2)


def slopes(x, dout):
    """The gradient of the kernel behind a convolution of x that gave dout."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return np.einsum("nijcuv,nijf->uvcf", sliding_window_view(padded, (3, 3), axis=(1, 2)), dout)


def unit_of_windows(x, w1, w2, shortcut=True):
    """Windows and einsum; the cache is a dict that keeps what came out, not what went in."""
    inside = np.maximum(correlate(x, w1), 0)
    out = np.maximum(correlate(inside, w2) + x * shortcut, 0)
    return out, {"x": x, "inside": inside, "open": out > 0, "weights": (w1, w2), "one": float(shortcut)}


def unit_of_windows_backward(dout, cache):
    """The gradient as (1 + F') written out: one part for the shortcut, one for the branch."""
    w1, w2 = cache["weights"]
    through = np.where(cache["open"], dout, 0)
    behind = correlate(through, turned(w2)) * (cache["inside"] > 0)
    return cache["one"] * through + correlate(behind, turned(w1)), slopes(cache["x"], behind), slopes(cache["inside"], through)


def unit_in_float32(x, w1, w2, shortcut=True):
    """float32 throughout; everything is computed again on the way back."""
    given = [each.astype(np.float32) for each in (x, w1, w2)] + [shortcut]
    return unit_of_windows(*given)[0], given


def unit_in_float32_backward(dout, cache):
    """As above, as a list."""
    return list(unit_of_windows_backward(dout.astype(np.float32), unit_of_windows(*cache)[1]))


# --- the question -----------------------------------------------------------------------------------------------------

residual_unit = Pair(
    "residual_unit",
    then="residual_unit_backward",
    points=9,
    gradients=NAMES,
    forward=[
        Group("the branch alone", 1, [
            case("no shortcut", *unit(4, any_of(5, 6), 2, 3), shortcut=False),
        ]),
        Group("the sum", 2, [
            case("one channel", *unit(4, 3, 1, 1)),
            case("two images, two channels, three maps inside", *unit(any_of(5, 4, 6), any_of(4, 5, 3), 2, 3, images_=2)),
        ]),
    ],
    backward=[
        Group("the second kernel", 1, [
            case("dw2", *unit(any_of(4, 5), 3, 2, 3), holds=ONLY_DW2),
        ]),
        Group("the first kernel", 2, [
            case("dw1", *unit(any_of(4, 5), 3, 2, 3, images_=2), holds=ONLY_DW1),
        ]),
        Group("the gradient of a plain unit", 1, [
            case("dx without the shortcut", *unit(any_of(4, 5), 4, 2, 3), shortcut=False, holds=ONLY_DX),
        ]),
        Group("the gradient of a residual unit", 2, [
            case("dx of one channel", *unit(3, any_of(4, 5), 1, 1), holds=ONLY_DX),
            case("dx of two images and two channels", *unit(any_of(4, 5), any_of(5, 4), 2, 3, images_=2), holds=ONLY_DX),
        ]),
    ],
    mistakes=[
        Mistake("added after the activation", edit=("out = np.maximum(branch + x if shortcut else branch, 0)",
                                                    "out = np.maximum(branch, 0) + (x if shortcut else 0)"),
                say="The shortcut is added after the last ReLU. It is added before: then a branch can also take something away."),
        Mistake("no last activation", edit=("out = np.maximum(branch + x if shortcut else branch, 0)",
                                            "out = branch + x if shortcut else branch"),
                say="The last ReLU, behind the sum, is missing."),
        Mistake("no activation inside", edit=("inside = np.maximum(conv(x, w1), 0)", "inside = conv(x, w1)"),
                say="The ReLU between the two convolutions is missing. Without it they are one linear map."),
        Mistake("a ReLU before the sum", edit=("branch = conv(inside, w2)", "branch = np.maximum(conv(inside, w2), 0)"),
                say="There is a ReLU too many, right before the sum: your branch can only add, never take away."),
        Mistake("shortcut ignored", edit=("branch + x if shortcut else branch, 0)", "branch, 0)"),
                say="`x` is never added to the branch: this is a plain unit, whatever `shortcut` says."),
        Mistake("always added", edit=("branch + x if shortcut else branch, 0)", "branch + x, 0)"),
                say="`x` is added even where `shortcut` is False."),
        Mistake("shortcut forgotten on the way back", edit=("return dx + dsum if shortcut else dx, dw1, dw2", "return dx, dw1, dw2"),
                say="`dx` is only what comes through the branch, F'. The shortcut passes the gradient on as well: that is the 1 in 1 + F'."),
        Mistake("the shortcut alone on the way back", edit=("return dx + dsum if shortcut else dx, dw1, dw2",
                                                            "return dsum if shortcut else dx, dw1, dw2"),
                say="`dx` is only what comes through the shortcut. The branch has a part in it too: 1 + F'."),
        Mistake("shortcut past the last activation", edit=("return dx + dsum if shortcut", "return dx + dout if shortcut"),
                say="Along the shortcut the gradient must pass the last ReLU first: where that was shut, nothing comes through."),
        Mistake("last activation open on the way back", edit=("dsum = dout * (out > 0)", "dsum = dout"),
                say="Your gradient passes the last ReLU as if it were not there. Where the output is 0, nothing comes through."),
        Mistake("inner activation open on the way back", edit=("dbefore = dinside * (inside > 0)", "dbefore = dinside"),
                say="Your gradient passes the inner ReLU as if it were not there. Where its output is 0, nothing comes through."),
        Mistake("kernels exchanged", edit=("else dx, dw1, dw2", "else dx, dw2, dw1"),
                say="`dw1` and `dw2` are returned in the wrong order."),
        Mistake("dw2 from before the activation", edit=("conv_backward(dsum, inside, w2)", "conv_backward(dsum, conv(x, w1), w2)"),
                say="`dw2` is computed from the maps before the inner ReLU. The second convolution saw those behind it."),
    ],
    variants=[(unit_of_windows, unit_of_windows_backward), (unit_in_float32, unit_in_float32_backward)],
    terms=lambda inputs: 81 * inputs["w1"].shape[2] * inputs["w1"].shape[3],
)
