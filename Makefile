# Every recipe of the house. Bare `make` lists them; a laptop and continuous integration run the same ones.

PYTHON ?= python3
# One more than there are cores: some tests wait for servers and browsers.
JOBS   ?= $(shell echo $$(($$(nproc 2>/dev/null || echo 2) + 1)))
BIN    := .venv/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCK   := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
          --generate-hashes --no-emit-index-url --no-emit-find-links --exclude-newer "7 days"

MAIN_STAMP   := .venv/.stamp-main
DEV_STAMP    := .venv/.stamp-dev
NODE_STAMP   := .venv/.stamp-node
SYSTEM_TOOLS := chromium wrk pg_ctlcluster npm nginx caddy

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev setup-node setup-system demo serve test test-pg check fix bench fuzz docs adr migration lock release ci clean

help: ## list the recipes
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ------------------------------------------------------------------------------------------ setting up

setup: $(MAIN_STAMP) ## create .venv with what comptoir needs to run

setup-dev: $(DEV_STAMP) ## the same, and what checks and tests need

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "comptoir needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
	@echo "Creating .venv"
	@$(PYTHON) -m venv .venv || \
	    { rm -rf .venv; echo "python3 -m venv failed: on Debian, apt-get install python3-venv" >&2; exit 1; }

# The requirements of development include those of running, at the same versions.
$(MAIN_STAMP): requirements/main.txt pyproject.toml | $(BIN)/python
	@echo "Installing what comptoir needs (a minute the first time)"
	@$(PIP) install --quiet --require-hashes --requirement requirements/main.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_STAMP): requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing what development needs (a minute the first time)"
	@$(PIP) install --quiet --require-hashes --requirement requirements/dev.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $(MAIN_STAMP) $@

setup-node: $(NODE_STAMP) ## the published clients for Node that the tests drive, where there is npm

# Missing npm is said each time; what depends on it goes on.
$(NODE_STAMP): tests/clients/node/package-lock.json scripts/setup-node | $(BIN)/python
	@scripts/setup-node

setup-system: ## Debian's PostgreSQL, wrk, Chromium, Node, nginx and Caddy, for bench and for tests
	@scripts/setup-system $(SYSTEM_TOOLS)

# -------------------------------------------------------------------------------------------- running

demo: setup ## a shop full of example data on http://127.0.0.1:8000
	@$(BIN)/comptoir demo

serve: setup ## serve the shop in this folder
	@$(BIN)/comptoir serve

# ------------------------------------------------------------------------------------ checks and tests

test: setup-dev setup-node ## all tests, on SQLite and on PostgreSQL (ARGS="-k refund" narrows)
	$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

test-pg: setup-dev ## the tests on PostgreSQL alone; COMPTOIR_TEST_POSTGRES names your own server
	$(BIN)/python -m pytest -n $(JOBS) --engine postgres $(ARGS)

check: setup-dev ## format, lint, types, imports, house rules, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q tests/house
	$(BIN)/codespell

fix: setup-dev ## repair what a tool can repair
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: setup-dev ## a long fuzz of the served API; REQUESTS=200000
	COMPTOIR_FUZZ_REQUESTS=$(or $(REQUESTS),200000) $(BIN)/python -m pytest -n $(JOBS) tests/fuzz $(ARGS)

bench: setup-dev ## measure against the bare floor and print the ratios
	$(BIN)/python -m bench $(ARGS)

ci: ## what continuous integration runs
	@$(MAKE) --no-print-directory setup-system
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory test

# --------------------------------------------------------------------------------------------- writing

docs: setup-dev ## print the reference pages again from the tables and the settings
	$(BIN)/python -m scripts.docs

adr: ## a new record of a decision: make adr TITLE="One domain, three dialects"
	@$(PYTHON) scripts/adr.py "$(TITLE)"

migration: setup-dev ## the step from the last schema to the records': make migration TITLE="Give orders a channel"
	@$(BIN)/python scripts/migration.py "$(TITLE)"

lock: setup-dev ## compile requirements/*.txt again, leaving out releases younger than a week
	$(LOCK) $(ARGS) requirements/main.in --output-file requirements/main.txt
	$(LOCK) $(ARGS) requirements/dev.in --output-file requirements/dev.txt

release: setup-dev ## date the changelog, set the version, commit and tag: make release VERSION=0.2.0
	@$(BIN)/python scripts/release.py "$(VERSION)"

clean: ## remove caches and build products; .venv and data stay
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis htmlcov
	find src tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
