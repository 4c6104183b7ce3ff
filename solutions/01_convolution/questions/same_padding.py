"""same_padding: the rule that TensorFlow and Keras use, and the mistakes that students really make."""

from autograder.rubric import Function, Group, Mistake, any_of, case


def by_trying(size, kernel, stride):
    """Add one zero at a time, after and before in turn, until the windows are enough."""
    before = after = 0
    while (size + before + after - kernel) // stride + 1 < (size + stride - 1) // stride:
        before, after = (before + 1, after) if after > before else (before, after + 1)
    return [before, after]


def by_remainder(size, kernel, stride):
    """As TensorFlow's documentation has it: with and without a remainder."""
    total = max(kernel - (size % stride or stride), 0)
    return total >> 1, (total + 1) >> 1


same_padding = Function(
    "same_padding",
    points=4,
    groups=[
        Group("stride 1, odd kernels", 1, [
            case("kernel 3, stride 1", any_of(7, 10), 3, 1),
            case("kernel 7, stride 1", any_of(9, 12), any_of(7, 5), 1),
        ]),
        Group("stride 1, even kernels", 1, [
            case("kernel 4, stride 1", any_of(8, 9, 5), 4, 1),
            case("kernel 2, stride 1", any_of(6, 7), 2, 1),
        ]),
        Group("larger strides", 1, [
            case("kernel 3, stride 2, an odd size", any_of(7, 9, 13), 3, 2),
            case("kernel 3, stride 2, an even size", any_of(8, 10, 16), 3, 2),
            case("kernel 5, stride 3", any_of(10, 13, 7), 5, 3),
            case("kernel 6, stride 3", any_of(11, 8), 6, 3),
        ]),
        Group("nothing to add", 1, [
            case("kernel 1, stride 1", any_of(5, 8), 1, 1),
            case("kernel 2, stride 4, more is left over than is missing", any_of(11, 15), 2, 4),
            case("kernel 1, stride 3", any_of(9, 12), 1, 3),
        ]),
    ],
    mistakes=[
        Mistake("half the kernel on both sides", by=lambda right, size, kernel, stride: ((kernel - 1) // 2, (kernel - 1) // 2),
                say="(kernel - 1) // 2 on both sides is right for odd kernels and stride 1 only."),
        Mistake("stride ignored", by=lambda right, size, kernel, stride: right(size, kernel, 1),
                say="`stride` has no effect in your code. With a larger stride fewer zeros are needed."),
        Mistake("the odd one before", edit=("total // 2, total - total // 2", "total - total // 2, total // 2"),
                say="Where the zeros cannot be shared evenly, the odd one stands after the image, not before it."),
        Mistake("the odd one on both sides", edit=("total // 2, total - total // 2", "(total + 1) // 2, (total + 1) // 2"),
                say="An odd number of zeros was rounded up to an even one. Put one more after the image than before it."),
        Mistake("the odd one nowhere", edit=("total // 2, total - total // 2", "total // 2, total // 2"),
                say="An odd number of zeros was rounded down to an even one. Put one more after the image than before it."),
        Mistake("output size rounded down", edit=("-(-size // stride)", "size // stride"),
                say="The output size is size / stride rounded up. You round it down."),
        Mistake("negative padding", edit=("max((places - 1) * stride + kernel - size, 0)", "(places - 1) * stride + kernel - size"),
                say="A negative number of zeros would cut pixels off. Where nothing is missing, nothing is added."),
        Mistake("true division", edit=("total // 2, total - total // 2", "total / 2, total - total / 2"),
                say="`/` gives a float. A number of zeros is a whole number: use `//`."),
        Mistake("all after", edit=("total // 2, total - total // 2", "0, total"),
                say="All zeros stand after the image. Half of them belong before it."),
        Mistake("both sides in full", edit=("total // 2, total - total // 2", "total, total"),
                say="The total is needed once, shared between the two sides."),
        Mistake("output as large as the input", edit=("places = -(-size // stride)", "places = size"),
                say='With "same" the output has size / stride places, rounded up. It is as large as the input only for stride 1.'),
    ],
    variants=[by_trying, by_remainder],
)
