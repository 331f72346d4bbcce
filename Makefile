# Consult: `make run` starts it, `make test` proves it; `make help` lists the rest.
PORT ?= 8000
PYTHON ?= python3
BIN = .venv/bin

.DEFAULT_GOAL = help
.PHONY: help run test test-long test-api-long test-sqlite test-postgresql lint types contracts wheel check bench screenshots policy clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: export CONSULT_PUBLIC_URL ?= http://127.0.0.1:$(PORT)
run: .venv/run ## Set everything up and start Consult with the demo on http://127.0.0.1:8000 (PORT=N for another)
	@$(BIN)/consult db upgrade
	@$(BIN)/consult demo
	@exec $(BIN)/consult serve --port $(PORT)

test: .venv/dev ## Set everything up and run all tests, on SQLite and, where it answers, on PostgreSQL
	@$(BIN)/python -m tests.browser.chromium
	@$(MAKE) --no-print-directory test-sqlite
	@if $(BIN)/python -m tests.postgresql; then $(MAKE) --no-print-directory test-postgresql; \
		else echo "No PostgreSQL answers on 127.0.0.1:5432, so its half of the tests was not run."; fi

test-long: export CONSULT_TEST_LENGTH = long
test-long: test ## The same, looking longer for what breaks

test-api-long: .venv/dev ## Hold 20,000 answers of the interface for programs to its document (10 minutes)
	CONSULT_TEST_LENGTH=long $(BIN)/python -m pytest tests/api/test_document.py -s

test-sqlite: .venv/dev
	CONSULT_TEST_DATABASE=sqlite $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

test-postgresql: .venv/dev
	CONSULT_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

lint: .venv/dev ## Check style
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/djlint templates --lint --quiet

types: .venv/dev ## Check types
	$(BIN)/mypy

contracts: .venv/dev ## Check what may import what
	$(BIN)/lint-imports --no-logo

wheel: .venv/dev ## Build the wheel, install it bare, and fetch a page and its stylesheet from it
	sh tests/wheel.sh

check: lint types contracts test wheel ## All that CI runs

bench: .venv/dev ## Run every measurement in bench/ but the soak, which takes an hour
	@for script in $(filter-out bench/soak.py,$(wildcard bench/*.py)); do echo "== $$script"; $(BIN)/python $$script; done

screenshots: .venv/dev ## Take pictures of the main pages into screenshots/
	$(BIN)/python -m tests.browser.screenshots

policy: .venv/dev ## Write tests/shape/policy.txt anew from what the doors answer; read the difference before you commit it
	CONSULT_TEST_WRITE_POLICY=1 $(BIN)/python -m pytest tests/shape/test_matrix.py

clean: ## Remove the environment and built files (the instance folder stays)
	rm -rf .venv dist build screenshots

.venv/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Consult needs Python 3.11 or newer; $(PYTHON) is older. Use make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python cannot make a virtual environment here. On Debian: apt-get install python3-venv"; exit 1; }

.venv/run: .venv/bin/python requirements.lock pyproject.toml
	@echo "Installing what Consult needs (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/dev: .venv/bin/python requirements-dev.lock pyproject.toml
	@echo "Installing what Consult and its tests need (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@ .venv/run
