"""What counts in 03_pooling_normalization. Each question has a page of its own in the folder beside this one.

Counted in 132 public course repositories: of 74 finished backward passes of max pooling 39 were right (overlap, ties,
windows that are not square), of 82 of batch normalization's backward passes 81, of its forward passes 65 of 85 (eps,
running statistics, the formula in use). Groups and known mistakes follow that list.
"""

from autograder.rubric import Assignment

from .questions.batch_norm import batch_norm
from .questions.batch_norm_backward import batch_norm_backward
from .questions.downsample import downsample
from .questions.gabor import gabor
from .questions.local_contrast import local_contrast
from .questions.local_response import local_response
from .questions.max_pool import max_pool
from .questions.max_pool_backward import max_pool_backward
from .questions.pool import pool
from .questions.pool_backward import pool_backward
from .questions.pool_features import pool_features
from .questions.slides import slides

assignment = Assignment(
    "Pooling and normalization",
    minutes=415,
    questions=[
        max_pool, max_pool_backward, pool, pool_backward, pool_features, gabor, downsample,
        local_contrast, local_response, batch_norm, batch_norm_backward, slides,
    ],
)
