"""Accuracy thresholds that a correct recipe reaches: measured, computed by one rule, written beside the rubric."""
