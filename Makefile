# make demo   set up, fetch the language model, answer questions about an ECG, show the page that was seen
# make test   the same set-up if need be; lint, types, tests
# make check  lint and types only        make docs   run every example of the README, follow every link
# make clean  remove what was built (the language model stays in your cache; see `einthoven fetch`)
#
# TORCH       what to install as torch; default torch==2.13.0
# TORCH_INDEX index to take torch from; empty means your pip's own. On Linux that is usually the large CUDA build:
#             give the address of PyTorch's CPU index for the small one.
# PYTHON      the Python that .venv is made with; default the first of 3.11 to 3.13 that is found

TORCH ?= torch==2.13.0
TORCH_INDEX ?=
FITS = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
    $$p -c '$(FITS)' 2>/dev/null && echo $$p && break; done)

BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check

.PHONY: demo test check docs clean
.DELETE_ON_ERROR:

demo: .venv/.installed
	$(BIN)/python examples/demo.py

test: check
	$(BIN)/python -m pytest

check: .venv/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

docs: .venv/.installed-dev
	$(BIN)/python -m pytest tests/house/test_readme.py tests/house/test_links.py

clean:
	rm -rf .venv build dist demo .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "no Python 3.11 to 3.13 was found; give one: make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# A stamp is touched last, so that a broken installation is done again and a whole one costs nothing.
.venv/.installed: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP_INSTALL) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$(TORCH)"
	$(PIP_INSTALL) --quiet -c constraints.txt -e ".[train]"
	$(BIN)/einthoven fetch
	@touch $@

.venv/.installed-dev: .venv/.installed
	$(PIP_INSTALL) --quiet -c constraints.txt -e ".[train,serve,bench,dev]"
	@touch $@
