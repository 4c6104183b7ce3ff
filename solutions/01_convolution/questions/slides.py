"""slides: the lectures' own numbers, recomputed. Each entry earns its points alone."""

from autograder.rubric import Entry, Mistake, Values


def all_at_once():
    """As literals."""
    return {
        "table": "correlation", "corner": 26, "products": 75, "filter": 76, "layer": 456, "maps": [28, 28, 6],
        "never smaller": 1, "stride 3": 2, "never seen": 1, "padding 31": 2, "padding 32": [1, 2], "shared": [321, 432],
    }


def by_counting():
    """From NumPy, counted instead of looked up."""
    import numpy as np

    x, dout = np.array([1, 2, 3, 4]), np.array([1, 10, 100])
    starts = range(0, 7 - 3 + 1, 3)
    right = all_at_once()
    return {**right, "stride 3": np.int64(len(starts)), "never seen": 7 - (starts[-1] + 3), "maps": np.array([28, 28, 6]),
            "shared": np.correlate(x, dout, "valid"), "products": np.prod([5, 5, 3])}


SHARED = "(1 * 1 + 2 * 10 + 3 * 100, 2 * 1 + 3 * 10 + 4 * 100)"


def lines(*entries):
    """Neighbouring lines of the solution, each (entry, what stands there, what stands there instead), as an edit."""
    return tuple("\n".join(f'slides["{entry[0]}"] = {entry[which]}' for entry in entries) for which in (1, 2))


slides = Values(
    "slides",
    points=12,
    entries=[
        Entry("table", 1), Entry("corner", 1), Entry("products", 1), Entry("filter", 1), Entry("layer", 1), Entry("maps", 1),
        Entry("never smaller", 1), Entry("stride 3", 1), Entry("never seen", 1), Entry("padding 31", 1), Entry("padding 32", 1),
        Entry("shared", 1),
    ],
    mistakes=[
        Mistake("believes the formula above the table",
                edit=lines(("table", '"correlation"', '"convolution"')),
                say="Look at the table again: does the first product pair the image's first number with the kernel's first or last?"),
        Mistake("the same by its longer name", edit=lines(("table", '"correlation"', '"cross-correlation"')),
                say='You mean the right one. Write "correlation": the check compares letter by letter.'),
        Mistake("the table's own corner", edit=lines(("corner", "1 * 4 + 2 * 3 + 5 * 2 + 6 * 1", "44")),
                say="That is the number in the slide's table. Asked is what the formula above the table gives there."),
        Mistake("the formula's very first value", edit=lines(("corner", "1 * 4 + 2 * 3 + 5 * 2 + 6 * 1", "1")),
                say="That is y[0, 0], where the kernel only touches the image. Asked is the first output for which it lies wholly on it."),
        Mistake("one product of four", edit=lines(("corner", "1 * 4 + 2 * 3 + 5 * 2 + 6 * 1", "4")),
                say="That is one product. An output adds up as many as the kernel has weights."),
        Mistake("channels forgotten",
                edit=lines(("products", "5 * 5 * 3", "5 * 5"), ("filter", "5 * 5 * 3 + 1", "5 * 5 + 1"), ("layer", "(5 * 5 * 3 + 1) * 6", "(5 * 5 + 1) * 6")),
                say="A filter reaches through all three channels of the image."),
        Mistake("bias forgotten",
                edit=lines(("filter", "5 * 5 * 3 + 1", "5 * 5 * 3"), ("layer", "(5 * 5 * 3 + 1) * 6", "5 * 5 * 3 * 6")),
                say="A filter has a bias besides its weights."),
        Mistake("one bias for the layer", edit=lines(("layer", "(5 * 5 * 3 + 1) * 6", "451")),
                say="Each of the six filters has a bias of its own."),
        Mistake("size kept", edit=lines(("maps", "(28, 28, 6)", "(32, 32, 6)")),
                say="Without padding the kernel cannot be centred on the outermost pixels, so the map gets smaller."),
        Mistake("one place short", edit=lines(("maps", "(28, 28, 6)", "(27, 27, 6)")),
                say="The last start counts too: of 5 pixels, a kernel of 5 has one place, not none."),
        Mistake("maps of the image's channels", edit=lines(("maps", "(28, 28, 6)", "(28, 28, 3)")),
                say="Each filter gives one map, whatever the number of channels that it looks at."),
        Mistake("a map per filter and channel", edit=lines(("maps", "(28, 28, 6)", "(28, 28, 18)")),
                say="A filter adds up over the channels, so it gives one map, not one per channel."),
        Mistake("maps without filters", edit=lines(("maps", "(28, 28, 6)", "(28, 28)")),
                say="That is the size of one map. Asked is (H_out, W_out, C_out)."),
        Mistake("channels before size", edit=lines(("maps", "(28, 28, 6)", "(6, 28, 28)")),
                say="The channels come last: (H_out, W_out, C_out)."),
        Mistake("rounded up",
                edit=lines(("stride 3", "(7 - 3) // 3 + 1", "3"), ("never seen", "1", "0")),
                say="A third window would hang over the edge. Libraries round down and say nothing."),
        Mistake("rounded to nothing",
                edit=lines(("stride 3", "(7 - 3) // 3 + 1", "0"), ("never seen", "1", "7")),
                say="Libraries do not refuse here: they use the places where the kernel fits."),
        Mistake("the same padding for the even size", edit=lines(("padding 32", "(1, 2)", "(2, 2)")),
                say="With 2 zeros on both sides the last window stops one pixel short of the edge: one zero is never used."),
        Mistake("the odd one before", edit=lines(("padding 32", "(1, 2)", "(2, 1)")),
                say="TensorFlow puts the odd zero after the image."),
        Mistake("padding for stride 1",
                edit=lines(("padding 31", "2", "0"), ("padding 32", "(1, 2)", "(0, 0)")),
                say="Without padding 31 pixels give 14 places. Half of 31, rounded up, is 16."),
        Mistake("padding 1", edit=lines(("padding 31", "2", "1")),
                say="With 1 zero on each side there are 15 places. Count the starts: they lie 2 apart."),
        Mistake("padding 3", edit=lines(("padding 31", "2", "3")),
                say="With 3 zeros on each side there are 17 places."),
        Mistake("both sides together", edit=lines(("padding 31", "2", "4")),
                say="That is what both sides have together. P stands on each of them."),
        Mistake("dout forgotten", edit=lines(("shared", SHARED, "(6, 9)")),
                say="You added up the pixels that each weight meets. Each of them counts as much as `dout` says."),
        Mistake("dout back to front", edit=lines(("shared", SHARED, "(123, 234)")),
                say="The first place goes with the first entry of `dout`; yours takes `dout` from its end."),
        Mistake("weights swapped", edit=lines(("shared", SHARED, "(432, 321)")),
                say="The two gradients have changed places: the first weight meets the pixels 1, 2, 3."),
        Mistake("first place only", edit=lines(("shared", SHARED, "(1, 2)")),
                say="That is the gradient at the first place alone. The weight is used at all three."),
        Mistake("mean instead of sum",
                edit=lines(("shared", SHARED, "(107, 144)")),
                say="You took the mean of the three gradients. A weight that is used three times is blamed three times: they add."),
        Mistake("last place only",
                edit=lines(("shared", SHARED, "(300, 400)")),
                say="That is the gradient at the last place alone. The weight is used at all three."),
    ],
    variants=[all_at_once, by_counting],
)
