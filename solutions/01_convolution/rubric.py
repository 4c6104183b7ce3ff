"""What counts in 01_convolution. Each question has a page of its own in questions/: cases, points, known mistakes."""

from autograder.rubric import Assignment

from .questions.col2im import col2im
from .questions.conv1d import conv1d
from .questions.conv2d import conv2d
from .questions.conv2d_backward import conv2d_backward
from .questions.conv_output_shape import conv_output_shape
from .questions.filter2d import filter2d
from .questions.gaussian_kernel import gaussian_kernel
from .questions.im2col import im2col
from .questions.learning_step import learning_step
from .questions.numerical_gradient import numerical_gradient
from .questions.same_padding import same_padding
from .questions.slides import slides

assignment = Assignment(
    "Convolution",
    minutes=330,
    questions=[
        conv1d,  # 1.1 along a line
        filter2d,  # 1.2 over an image, turned round or not
        conv_output_shape,  # 1.3
        same_padding,  # 1.4
        conv2d,  # 1.5 the layer
        gaussian_kernel,  # 1.6
        im2col,  # 1.7 one matrix product
        col2im,  # 1.8 and back
        conv2d_backward,  # 1.9
        numerical_gradient,  # 1.10
        learning_step,  # 1.11
        slides,  # 1.12 check the slides
    ],
)
