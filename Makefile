# Two commands do all: `make demo` and `make test`. Each makes the environment first, and is quick when it is there.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The first Python that runs and fits. It is tried, not looked up: a version manager's shim may be there and not work.
FITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do $$each -c '$(FITS)' 2>/dev/null && echo $$each && break; done)

.PHONY: demo test test-failed test-slow test-jax smoke-jax seeds cost lint site pictures bench lock clean

demo: $(READY)
	@$(BIN)/course demo

# Two files of tests side by side. What fails there can be run once more by itself: a timing says little on a busy machine.
test: $(READY)
	@$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadfile

test-failed: $(READY)
	@$(BIN)/python -m pytest -m "not slow" --last-failed --last-failed-no-failures none

test-slow: $(READY)
	@$(BIN)/python -m pytest -m slow

# Training, and the notebooks that train, on JAX instead of TensorFlow: nothing but the variable changes.
JAX := build/jax
test-jax: smoke-jax
	@KERAS_BACKEND=jax PYTHONPATH=$(CURDIR)/$(JAX) $(BIN)/python -m pytest -m "not slow" tests/common/training

smoke-jax: $(READY) $(JAX)/.ready
	@KERAS_BACKEND=jax PYTHONPATH=$(CURDIR)/$(JAX) $(BIN)/python -m pytest tests/notebooks -k "solved and 06_lenet"

# Beside the environment, not in it. What else it needs came with TensorFlow: numpy, scipy, ml_dtypes, opt_einsum.
$(JAX)/.ready:
	@if command -v uv >/dev/null 2>&1; then uv pip install --quiet --python $(BIN)/python --no-deps --target $(JAX) jax==0.10.2 jaxlib==0.10.2; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $(JAX) jax==0.10.2 jaxlib==0.10.2; fi
	@touch $@

# What the jail adds to a question, and the memory of an idle process, beside their goals.
cost: $(READY)
	@$(BIN)/python -m autograder.jail.cost

# Every known mistake and every correct variant of what is written by hand on a thousand fresh sheets: an hour on two
# cores. What trains and builds models has few cases to draw; `course selftest --seeds` tries those as often as wanted.
SEEDS ?= 1000
BY_HAND := 01_convolution 02_convolution_variants 03_pooling_normalization
seeds: $(READY)
	@$(BIN)/course selftest $(BY_HAND) --seeds $(SEEDS)
	@$(BIN)/python tests/questions/seeds.py --seeds $(SEEDS)

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/course build --check

$(READY): pyproject.toml locks/all.txt
	@test -n "$(PYTHON)" && $(PYTHON) -c '$(FITS)' 2>/dev/null || { \
	  echo "Python 3.11, 3.12 or 3.13 with its venv module is needed; here is $$(python3 --version 2>&1 | head -n 1)."; \
	  echo "On Debian and Ubuntu: sudo apt-get install python3-venv. Another Python: make demo PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Making the environment in $(VENV) with $$($(PYTHON) --version). The first time this downloads about 1 GB."
	@$(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r locks/all.txt && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --editable . ; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/all.txt && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable . ; \
	fi
	@touch $(READY)

# The pages of docs/ as a site: open build/site/index.html. A link that leads nowhere fails.
site: $(READY)
	@$(BIN)/mkdocs build --quiet --strict
	@echo "The site is in build/site: open index.html there."

# The pictures in the docs, and the timings beside nbgrader (a quiet machine, half an hour).
pictures: $(READY)
	@$(BIN)/python docs/pictures

bench: $(READY)
	@$(BIN)/python docs/bench

# Pin everything anew from pyproject.toml. Needs uv. The files name versions and hashes and no registry.
lock:
	uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -q pyproject.toml -o locks/student.txt
	uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -q pyproject.toml -c locks/student.txt --extra gpu -o locks/gpu.txt
	uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -q pyproject.toml -c locks/student.txt --extra grade --group dev -o locks/all.txt

clean:
	rm -rf demo build
