"""From a master and its rubric to the notebook a student gets."""
