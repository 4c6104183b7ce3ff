"""What counts in 02_convolution_variants: one module per question in `questions`, in the notebook's order."""

from autograder.rubric import Assignment

from .questions.bilinear_upsample import bilinear_upsample
from .questions.conv2d_input_gradient import conv2d_input_gradient
from .questions.conv2d_transpose import conv2d_transpose
from .questions.dilated_conv2d import dilated_conv2d
from .questions.dilated_slide import dilated_slide
from .questions.fractional_conv2d import fractional_conv2d
from .questions.grouped_conv2d import grouped_conv2d
from .questions.locally_connected2d import locally_connected2d
from .questions.tent import tent
from .questions.transposed_matrix import transposed_matrix
from .questions.transposed_slide import transposed_slide
from .questions.weight_counts import weight_counts

assignment = Assignment(
    "Variants of convolution",
    minutes=320,
    questions=[
        dilated_conv2d,
        dilated_slide,
        grouped_conv2d,
        locally_connected2d,
        weight_counts,
        transposed_matrix,
        conv2d_transpose,
        transposed_slide,
        fractional_conv2d,
        conv2d_input_gradient,
        tent,
        bilinear_upsample,
    ],
)
