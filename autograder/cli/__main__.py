"""`python -m autograder.cli` is the same as `course`."""

from autograder.cli import main

if __name__ == "__main__":  # a process that the self-test starts reads this file too
    main()
