# Everything here works on a machine with Python 3.11 or newer, git and make.

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# The first Python that is new enough and can make virtual environments.
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$python; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEMO := build/demo
WORKERS ?= auto

.PHONY: help setup demo servers test check derive bench clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 10

setup: $(INSTALLED) ## make .venv with the cetsgraph command in it

$(INSTALLED): pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer with venv found;" \
		"install it, or name it: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON) (once) ..." >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: setup ## load the bundled examples into a store and ask the first question
	@rm -rf $(DEMO)
	@mkdir -p $(dir $(DEMO))
	@echo '$$ cetsgraph load --store $(DEMO) examples'
	@$(BIN)/cetsgraph load --store $(DEMO) examples
	@echo
	@echo '$$ cetsgraph datasets --store $(DEMO)'
	@$(BIN)/cetsgraph datasets --store $(DEMO)
	@echo
	@echo 'Which tomograms have FitMap annotations?'
	@echo '$$ cetsgraph query tomograms_with_fitmap --store $(DEMO) --columns tomogram_path,name,map_path,matrix'
	@$(BIN)/cetsgraph query tomograms_with_fitmap --store $(DEMO) --columns tomogram_path,name,map_path,matrix
	@echo
	@echo 'Try next:'
	@echo '  $(BIN)/cetsgraph queries                              every question, with its parameters'
	@echo '  $(BIN)/cetsgraph show --store $(DEMO) IRI             all that is said about one object'
	@echo '  $(BIN)/cetsgraph load --store $(DEMO) YOUR.json       your own document beside the examples'

servers: setup ## install the servers and clients that the tests run, where that is possible
	@tests/install-virtuoso
	@tests/install-apache
	@tests/install-comunica $(BIN)/python

test: setup servers ## run the tests
	@$(BIN)/python -m pytest -q -n $(WORKERS)

check: setup ## lint, format, types, and drift of what is derived from the model
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m cetsgraph.derive --check

derive: setup ## write again what is derived from the model
	@$(BIN)/python -m cetsgraph.derive

bench: setup ## measure speed and memory against named baselines
	@$(BIN)/python benchmarks/run.py

clean: ## remove .venv and everything that was built
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
