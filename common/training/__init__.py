"""Training: fit a model, watch it, stop and go on. Keras loads with this package."""

from common.training.batches import shift_and_flip
from common.training.fit import fit
from common.training.hand_in import hand_in
from common.training.run import Run
from common.training.schedules import cosine, drops

__all__ = ["Run", "cosine", "drops", "fit", "hand_in", "shift_and_flip"]
