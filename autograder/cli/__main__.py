"""`python -m autograder.cli` is the same as `course`."""

from autograder.cli import main

main()
