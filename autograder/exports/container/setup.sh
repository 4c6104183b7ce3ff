#!/usr/bin/env bash
# Run by Gradescope once, as root, when it builds the image: Python and packages as the course pins them.
set -euo pipefail
source=/autograder/source
home=/opt/course # students' code runs on the Python in here; the course itself stays in $source
mkdir -p "$home"
rm -rf "$home/program"
cp -r "$source/program" "$home/program"

fits='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
find_python() {
  for each in python3 python3.13 python3.12 python3.11; do
    if "$each" -c "$fits" 2>/dev/null; then echo "$each"; return; fi
  done
}

if [ ! -x "$home/venv/bin/python" ]; then
  python=$(find_python)
  if [ -z "$python" ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    for version in 3.12 3.13 3.11; do
      apt-get install -q -y --no-install-recommends "python$version" "python$version-venv" && break
    done
    python=$(find_python)
  fi
  if [ -z "$python" ]; then
    echo "Python 3.11, 3.12 or 3.13 is needed: choose a newer base image, such as Ubuntu 24.04." >&2
    exit 1
  fi
  "$python" -m venv "$home/venv"
  "$home/venv/bin/python" -m pip install --quiet --no-cache-dir --require-hashes -r "$source/requirements.txt"
fi
chmod -R go= "$source" # rubric, solutions and secret are for root alone
chmod -R go=rX "$home/program"
