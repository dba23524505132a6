# One target per task; `make` lists them. Everything is installed into .venv and nowhere else.

# The first Python on the path that is new enough; PYTHON=… names another.
PYTHON  ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
             $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN     := .venv/bin
# Commands are started thousands of times; what Python compiled once is kept, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

# The demo: where the site listens, which engine it uses; RECORDS= and SEED= choose other data than the default.
PORT    ?= 8000
ENGINE  ?= embedded
# The benchmark: its engines, by comma.
ENGINES ?= embedded

# pip resolves nothing: the lock names every version and every hash.
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate \
             --no-emit-index-url --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help run test check lint bench setup docs lock ready ready-dev

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' Makefile

run: ready ## the site with synthetic data on http://127.0.0.1:8000 (PORT= RECORDS= SEED= ENGINE=)
	@$(BIN)/python deploy/demo.py --port $(PORT) --engine $(ENGINE) \
	  $(if $(RECORDS),--records $(RECORDS)) $(if $(SEED),--seed $(SEED))

# A file of tests stays in one process: what its fixtures made is not made twice.
test: ready-dev ## all tests; what the machine lacks is skipped and named (CREDIT_REQUIRE= demands it)
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

check: lint test ## what CI runs: format, lint, types, import rules, templates, then the tests

lint: ready-dev ## the checks without the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy deploy bench tools tests
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

bench: ready-dev ## the benchmark with its table (RECORDS=100000 ENGINES=embedded)
	$(BIN)/python -m bench --records $(or $(RECORDS),100000) --engines $(ENGINES)

setup: ready ## the environment in .venv only

docs: ready-dev ## docs/settings.md anew from config/default.toml
	PYTHONPATH=tests $(BIN)/python -m support.settings_page

lock: ready-dev ## both lock files anew from pyproject.toml
	$(COMPILE) --extra build --extra postgres pyproject.toml -o requirements.lock
	$(COMPILE) --all-extras --constraint requirements.lock pyproject.toml -o requirements-dev.lock

ready ready-dev:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed; name it: make PYTHON=/path/to/python3"; exit 1; fi
	@$(PYTHON) deploy/environment.py $(if $(filter ready-dev,$@),--dev)
