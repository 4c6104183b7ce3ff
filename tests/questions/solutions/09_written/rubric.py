"""An answer in words, for a person to read."""

from autograder.rubric import Assignment, Written

why_no_flip = Written(
    "why_no_flip",
    points=3,
    marks=[(2, "the weights are learned, so the flipped kernel is learned instead"),
           (1, "a case where the kernel is given: hand-made filters, or weights from elsewhere")],
)

assignment = Assignment("Why no flip?", minutes=5, questions=[why_no_flip])
