"""conv_output_shape: cases, and the mistakes that students really make."""

from autograder.rubric import Function, Group, Mistake, any_of, case


def by_counting(image, kernel, stride=1, padding=0, strict=False):
    """Count the places where the kernel still fits, and look whether the last one ends at the border."""
    places = [range(0, size + 2 * padding - window + 1, stride) for size, window in zip(image, kernel)]
    for size, window, starts in zip(image, kernel, places):
        if strict and starts[-1] + window != size + 2 * padding:
            raise ValueError("the last place does not end at the border")
    return [len(starts) for starts in places]


def by_divmod(image, kernel, stride=1, padding=0, strict=False):
    """One axis at a time."""

    def places(size, window):
        steps, rest = divmod(size + padding + padding - window, stride)
        if rest and strict:
            raise ValueError(rest)
        return 1 + steps

    return places(image[0], kernel[0]), places(image[1], kernel[1])


conv_output_shape = Function(
    "conv_output_shape",
    points=4,
    groups=[
        Group("no padding, stride 1", 1, [
            case("5x5 kernel on a square image", (32, 32), (5, 5), 1, 0),
            case("rectangular image and kernel", any_of((7, 12), (9, 14), (11, 6)), any_of((3, 2), (2, 5), (4, 1)), 1, 0,
                 fresh=3),
        ]),
        Group("padding", 1, [
            case("padding that keeps the size", any_of((13, 9), (8, 15)), (3, 3), 1, 1),
            case("padding of 2 on each side", any_of((10, 7), (6, 9), (12, 5)), any_of((3, 4), (4, 3)), 1, 2, fresh=2),
        ]),
        Group("stride", 1, [
            case("stride 2 that divides", any_of((9, 13), (11, 7)), any_of((3, 5), (5, 3)), 2, 0),
            case("stride that does not divide: floor", any_of((7, 12), (13, 9), (10, 15)), any_of((3, 2), (2, 3)), 3, 0,
                 fresh=2),
            case("stride 3 with padding", any_of((11, 16), (14, 9)), any_of((4, 3), (5, 2)), 3, 2, fresh=2),
        ]),
        Group("strict", 1, [
            case("strict: columns are left over", any_of((9, 7), (11, 9)), (3, 4), 2, 0, True, raises="ValueError"),
            case("strict: rows are left over", any_of((7, 9), (10, 12)), (3, 3), 3, 0, True, raises="ValueError"),
            case("strict: rows and columns are left over", any_of((8, 9), (10, 13)), (3, 4), 2, 0, True, raises="ValueError"),
            case("strict: nothing is left over", any_of((7, 9), (9, 11)), (3, 3), 2, 0, True),
        ]),
    ],
    mistakes=[
        Mistake("height and width swapped", by=lambda right, *args: right(*args)[::-1],
                say="Height and width are swapped. The first number belongs to the rows."),
        Mistake("square assumed", edit=("width - kw + 2 * padding", "height - kh + 2 * padding"),
                say="The output's width was computed from the height. On square images this cannot be seen."),
        Mistake("kernel taken as square", edit=("width - kw", "width - kh"),
                say="The kernel's height was used across as well. It has a width of its own, `kw`."),
        Mistake("one too few", by=lambda right, *args: tuple(size - 1 for size in right(*args)),
                say="Your sizes are one too small. The place where the kernel starts counts too."),
        Mistake("padding counted once", edit=("height - kh + 2 * padding, width - kw + 2 * padding",
                                              "height - kh + padding, width - kw + padding"),
                say="Padding stands on two sides of each axis, so it counts twice."),
        Mistake("padding ignored", by=lambda right, image, kernel, stride, padding, strict: right(image, kernel, stride, 0, strict),
                say="`padding` has no effect in your formula."),
        Mistake("stride ignored", by=lambda right, image, kernel, stride, padding, strict: right(image, kernel, 1, padding, strict),
                say="`stride` has no effect in your formula. The kernel stops only at every `stride`-th place."),
        Mistake("rounded up", edit=("return down // stride + 1, across // stride + 1",
                                    "return -(-down // stride) + 1, -(-across // stride) + 1"),
                say="You round up. Pixels that fill no whole step are left out: round down."),
        Mistake("one is added before the division", edit=("return down // stride + 1, across // stride + 1",
                                                          "return (down + 1) // stride, (across + 1) // stride"),
                say="The 1 is added after the division, not before it."),
        Mistake("true division", edit=("return down // stride + 1, across // stride + 1",
                                       "return down / stride + 1, across / stride + 1"),
                say="`/` gives a float. A size is a whole number: use `//`."),
        Mistake("strict has no effect", edit=("if strict and", "if False and"),
                say="`strict` has no effect in your code. With `strict=True`, a step that does not come out even is an error."),
        Mistake("always strict", edit=("if strict and", "if"),
                say="Your code raises even when `strict` is False. Then what is left over is dropped without a word."),
        Mistake("strict down only", edit=("(down % stride or across % stride)", "down % stride"),
                say="In strict mode you look at the rows only. Columns can be left over too."),
        Mistake("strict only where both are left over", edit=("down % stride or across", "down % stride and across"),
                say="In strict mode one axis that does not come out even is enough for an error."),
    ],
    variants=[by_counting, by_divmod],
)
