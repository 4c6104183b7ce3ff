"""What counts in 06_lenet. Each question has a page of its own in the folder beside this one.

The mistakes are those of first Keras programs: padding forgotten, defaults of strides taken for granted, a softmax in
the model and one more in the loss, an activation behind the scores, channels and places exchanged at Flatten.
"""

from autograder.rubric import Assignment

from .questions.average_kernel import average_kernel
from .questions.confusion import confusion
from .questions.conv_layer import conv_layer
from .questions.counts import counts
from .questions.glyph_net import glyph_net
from .questions.lenet5 import lenet5
from .questions.lenet_forward import lenet_forward
from .questions.overfit import overfit
from .questions.partial_conv import PartialConv2D
from .questions.slide_layer import slide_layer
from .questions.subsampling import Subsampling
from .questions.walkthrough import walkthrough

assignment = Assignment(
    "LeNet",
    minutes=320,
    questions=[
        walkthrough, slide_layer, conv_layer, average_kernel, lenet5, overfit, glyph_net, lenet_forward, confusion,
        Subsampling, PartialConv2D, counts,
    ],
)
