#!/usr/bin/env bash
# Run by Gradescope for each submission. Students' code runs in the grader's jail and nowhere else.
cd /autograder || exit 1
mkdir -p results
# What stands here if the grader is killed on the way. A result takes its place in one step.
cp source/failed.json results/results.json
/opt/course/venv/bin/python -I -B -c 'import sys; sys.path.insert(0, "/opt/course/program"); from autograder.exports.in_gradescope import main; main()'
exit 0
