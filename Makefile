# What a person does with this house. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python -m
UV_VERSION := $(shell sed -n 's/.*"uv==\([0-9.]*\)".*/\1/p' pyproject.toml)
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/$(VENV)
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
# The machine's own certificates: a council's network may look into its traffic with one of its own.
export UV_SYSTEM_CERTS := 1
# What is compiled is kept, whatever the shell says: else each worker of the tests compiles all of them anew, and
# each process that they start all of the hub.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test setup check types style loadable rules fmt bench migration openapi clean browser

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: setup ## build, start everything under var/, show the journey of a referral, stay up
	@exec $(VENV)/bin/hub up --demo

test: ALSO := loadable
test: setup browser check ## set up all that is needed, then run every check and every test (T=path for some)
	@# A file stays with one worker: what takes minutes to set up is looked at by every test of its file. Three
	@# workers share two cores well: some files wait more than they work. tests/order.py says what comes first;
	@# left to itself the plugin begins with the files of most tests, and ends with those that take longest. The
	@# tests of the house have run by then, in the check.
	$(RUN) pytest -n 3 --dist loadfile --no-loadscope-reorder $(or $(T),--ignore=tests/house)

setup: $(VENV)/.built ## build the environment from the lock, nothing else

$(VENV)/.built: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info[:2] <= (3, 13); sys.exit(0 if ok else "The hub needs Python 3.11, 3.12 or 3.13; $(PYTHON) is " + sys.version.split()[0] + ". Say which one: make PYTHON=python3.12 ...")'
	@echo "Building the environment from the lock (once)."
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@test -x $(VENV)/bin/uv || $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(VENV)/bin/uv sync --quiet --locked --compile-bytecode
	@touch $@

browser: setup
	@$(RUN) deploy.local.browser

check: setup ## lint, types, import contracts, house tests, migrations, API descriptions
	@# Types take as long as all else, and one core.
	@$(MAKE) --no-print-directory --jobs=2 types style $(ALSO)

types:
	$(VENV)/bin/mypy

style:
	$(VENV)/bin/ruff format --check --quiet .
	$(VENV)/bin/ruff check --quiet .
	$(VENV)/bin/lint-imports
	$(RUN) pytest -q -p no:randomly tests/house

# While the types are still being looked at: read once here, a test is compiled for all workers.
loadable:
	@found=$$($(RUN) pytest -q --collect-only $(or $(T),--ignore=tests/house)) || { echo "$$found"; exit 1; }

rules: setup ## the tests without a database, in seconds
	$(RUN) pytest -q tests/rules

fmt: setup ## format and mend what can be mended
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: setup ## the figures, one JSON line each, every one beside its yardstick
	$(RUN) bench

migration: setup ## write the next migration: make migration m="triage add decision reason"
	$(RUN) deploy.local.migration "$(m)"

openapi: setup ## write docs/openapi/*.json from the code
	$(RUN) docs.openapi.write

clean: ## remove var/ (all data of the local hub), after asking
	@read -r -p "Remove var/ and all data in it? [y/N] " answer && [ "$$answer" = y ] && rm -rf var && echo "Removed." || echo "Kept."
