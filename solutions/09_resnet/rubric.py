"""What counts in 09_resnet: one module per question in `questions`, in the notebook's order."""

from autograder.rubric import Assignment

from .questions.cifar_net import cifar_net
from .questions.descend import descend
from .questions.fold_batch_norm import fold_batch_norm
from .questions.gradient_paths import gradient_paths
from .questions.residual import residual
from .questions.residual_unit import residual_unit
from .questions.resnet import resnet
from .questions.slides import slides

assignment = Assignment(
    "Residual networks",
    minutes=305,
    questions=[
        residual_unit,
        gradient_paths,
        residual,
        cifar_net,
        descend,
        fold_batch_norm,
        resnet,
        slides,
    ],
)
