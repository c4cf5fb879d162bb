# Everything here works on a machine with Python 3.11 or newer, git and make.

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# The first Python that is new enough and can make virtual environments.
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$python; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
DEMO := build/demo
# Commands that tests start are compiled once, not each time.
unexport PYTHONDONTWRITEBYTECODE
# One more than there are processors: some tests wait for servers and clocks.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() + 1)')
PORT ?= 7878
# A file of tests to one worker, in the order of the folders: what its tests share is made once, the short files
# at the end even the workers out.
PYTEST := pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: help setup develop demo servers test test-lowest test-newest check derive docs editor lock screenshots bench clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

# What is installed, in exact versions with their hashes: locks/core.txt is what cetsgraph itself needs and what
# builds it, locks/server.txt has what serve needs too, locks/all.txt every extra, locks/dev.txt what tests and checks
# need as well, locks/docs.txt what makes the documentation site.

# $(call install,ENVIRONMENT,LOCK): the packages of a lock, and nothing besides
install = $(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
	--require-hashes --requirement $(2)
# $(call checkout,ENVIRONMENT): cetsgraph itself, as it is in this checkout
checkout = $(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
	--no-index --editable .

$(VENV)/.core: locks/core.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer with venv found;" \
		"install it, or name it: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON) (once) ..." >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(call install,$(VENV),locks/core.txt) --no-compile
	@$(call checkout,$(VENV))
	@touch $@

$(VENV)/.all: locks/all.txt $(VENV)/.core
	@echo "Installing what every command needs (once) ..." >&2
	@$(call install,$(VENV),locks/all.txt)
	@# what the demo needs was installed without; commands start faster with it
	@$(BIN)/python -c 'import compileall, sysconfig; compileall.compile_dir(sysconfig.get_path("purelib"), quiet=2)'
	@$(BIN)/python -m compileall -q src
	@touch $@

$(VENV)/.dev: locks/dev.txt $(VENV)/.all
	@echo "Installing what tests and checks need (once) ..." >&2
	@$(call install,$(VENV),locks/dev.txt)
	@touch $@

setup: $(VENV)/.all ## make .venv with the cetsgraph command and all its extras, from the lock

develop: $(VENV)/.dev ## add what tests and checks need: pytest, mypy, a Java, a Node.js, other engines

$(VENV)/.server: locks/server.txt $(VENV)/.core
	@$(call install,$(VENV),locks/server.txt) --no-compile
	@touch $@

# The pages are served where somebody looks at them: in a terminal, or with SERVE=1.
SERVE ?= $(shell test -t 0 && echo 1)

demo: $(VENV)/.core ## load the bundled examples, ask the first question, and serve the pages until Ctrl-C (SERVE=0: do not)
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
	@printf '  %-56s %s\n' '$(BIN)/cetsgraph queries' 'every question, with its parameters'
	@printf '  %-56s %s\n' '$(BIN)/cetsgraph show --store $(DEMO) IRI' 'all that is said about one object'
	@printf '  %-56s %s\n' '$(BIN)/cetsgraph load --store $(DEMO) YOUR.json' 'your own document beside the examples'
	@printf '  %-56s %s\n' 'make setup' 'what validate and search need'
ifeq ($(SERVE),1)
	@$(MAKE) --no-print-directory $(VENV)/.server
	@echo
	@echo 'The pages of this archive are served until you press Ctrl-C.'
	@$(BIN)/cetsgraph serve --store $(DEMO) --port $(PORT) --quiet || test $$? = 130
else
	@printf '  %-56s %s\n' 'make demo SERVE=1' 'its pages in a browser'
endif

servers: ## install Virtuoso, Apache and Chromium, which some tests run: by apt-get, as root
	@tests/install-virtuoso
	@tests/install-apache
	@tests/install-chromium

# Where CI=true a test whose server, or page of the documentation, is missing fails, so there they are made first.
test: $(VENV)/.dev $(if $(filter 1 true,$(CI)),servers docs) ## run the tests; those of a missing server, or of pages that make docs makes, are skipped, with CI=true it is there
	@tests/install-virtuoso --missing
	@tests/install-apache --missing
	@tests/install-chromium --missing
	@tests/install-comunica $(BIN)/python
	@$(BIN)/python -m $(PYTEST)

# The tests of what rests on other people's packages most; not those that need servers or other engines.
CORE_TESTS := tests/archive tests/cli tests/documents tests/graph tests/model tests/queries tests/store \
	tests/validation/test_cases.py

.venv-lowest/.installed: locks/lowest.txt pyproject.toml
	@echo "Setting up .venv-lowest with $(PYTHON) (once) ..." >&2
	@test -x .venv-lowest/bin/python || $(PYTHON) -m venv .venv-lowest
	@$(call install,.venv-lowest,locks/lowest.txt)
	@$(call checkout,.venv-lowest)
	@touch $@

test-lowest: .venv-lowest/.installed ## run the suite's core on the lowest versions that pyproject.toml allows
	@.venv-lowest/bin/python -m $(PYTEST) $(CORE_TESTS)

test-newest: $(VENV)/.dev ## run the suite's core on the newest versions that the registry has
	@mkdir -p build
	@rm -rf .venv-newest
	@$(PYTHON) -m venv .venv-newest
	@$(call resolve,build/newest.txt) --all-extras --group test --group build
	@$(call install,.venv-newest,build/newest.txt)
	@$(call checkout,.venv-newest)
	@.venv-newest/bin/python -m $(PYTEST) $(CORE_TESTS)

check: $(VENV)/.dev ## lint, format, types, and drift of what is derived from the model
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m cetsgraph.derive --check

derive: $(VENV)/.dev ## write again what is derived from the model
	@$(BIN)/python -m cetsgraph.derive

# $(call resolve,LOCK): exact versions for every system and Python, with hashes and without addresses
resolve = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	pyproject.toml --output-file $(1)

$(VENV)/.docs: locks/docs.txt $(VENV)/.core
	@echo "Installing what makes the documentation site (once) ..." >&2
	@$(call install,$(VENV),locks/docs.txt)
	@touch $@

docs: $(VENV)/.docs ## make the documentation site, build/docs/index.html; a link that leads nowhere is an error
	@$(BIN)/sphinx-build --quiet -W --keep-going --builder html docs build/docs

editor: $(VENV)/.dev ## make the SPARQL editor of the pages again, from web/
	@$(BIN)/python web/make.py

lock: $(VENV)/.dev ## renew the lock: the newest versions that pyproject.toml allows, and the lowest
	@$(call resolve,locks/dev.txt) --all-extras --group dev
	@$(call resolve,locks/all.txt) --all-extras --group build --constraint locks/dev.txt
	@$(call resolve,locks/core.txt) --group build --constraint locks/dev.txt
	@$(call resolve,locks/server.txt) --extra server --extra validate --group build --constraint locks/dev.txt
	@$(call resolve,locks/docs.txt) --group build --group docs --constraint locks/dev.txt
	@# What others ask for, uv takes for indirect, so for the newest, unless it is named here: rdflib[html] of pySHACL,
	@# and sse-starlette of mcp, of which the newest does not go with the lowest Starlette.
	@printf 'rdflib[html]\nsse-starlette\n' | $(call resolve,locks/lowest.txt) --all-extras --group build --group test \
		--resolution lowest-direct -
	@tests/install-comunica $(BIN)/python --lock

screenshots: $(VENV)/.dev ## take the pictures of the pages that the documentation shows
	@$(BIN)/python docs/images/make.py

bench: $(VENV)/.dev ## measure speed and memory against named baselines
	@$(BIN)/python benchmarks/run.py

clean: ## remove the virtual environments and everything that was built
	rm -rf $(VENV) .venv-lowest .venv-newest build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
