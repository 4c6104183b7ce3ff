"""average_kernel: 4 points. The weights with which a strided convolution is an average pooling."""

import numpy as np

from autograder.rubric import Function, Group, Mistake, any_of, case


def by_identity(size, channels):
    """An identity between the channels at every place of the window."""
    return np.broadcast_to(np.eye(channels) / np.prod(size), (*size, channels, channels))


def channel_by_channel(size, channels):
    """Filled in one channel after the other, in float32."""
    w = np.zeros((*size, channels, channels), np.float32)
    for c in range(channels):
        w[..., c, c] = 1 / (size[0] * size[1])
    return w


average_kernel = Function(
    "average_kernel",
    points=4,
    groups=[
        Group("one channel", 1, [case("2x2, one channel", any_of((2, 2), (3, 3), (4, 4)), 1)]),
        Group("each channel by itself", 2, [
            case("2x2, three channels", any_of((2, 2), (4, 4)), any_of(3, 4, 5)),
            case("1x1, two channels", (1, 1), any_of(2, 3)),
        ]),
        Group("windows that are not square", 1, [case("2x4, one channel", any_of((2, 4), (4, 2), (1, 3)), 1),
                                                 case("3x1, two channels", any_of((3, 1), (1, 2)), 2)]),
    ],
    mistakes=[
        Mistake("sum instead of mean", edit=("/ (kh * kw)", ""),
                say="With weights of 1 the convolution adds the window up. Which weights make it a mean?"),
        Mistake("all channels mixed", edit=("w * np.eye(channels)", "w * np.ones((channels, channels))"),
                say="Every output channel gets all input channels. Pooling treats each by itself: most of the weights between "
                    "channels are 0."),
        Mistake("mean over the channels", edit=("np.eye(channels) / (kh * kw)", "np.ones((channels, channels)) / (kh * kw * channels)"),
                say="Your weights average over the channels as well. Pooling treats each channel by itself."),
        Mistake("divided by the height twice", edit=("/ (kh * kw)", "/ (kh * kh)"),
                say="A window holds kh times kw values; yours divides by the height squared."),
        Mistake("one filter for all", edit=("w * np.eye(channels) / (kh * kw)", "(w * np.eye(channels) / (kh * kw)).sum(-1, keepdims=True)"),
                say="Your kernel has one filter, or it is the kernel of a depthwise convolution. `Conv2D` wants weights for each "
                    "pair of channels: there are as many maps after the pooling as before."),
    ],
    variants=[by_identity, channel_by_channel],
)
