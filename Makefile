# Every target works in a fresh clone with nothing prepared, as root and as an ordinary user.
# The first one that needs it creates .venv from constraints.txt; later ones reuse it.

PYTHON ?= $(shell .ci/find-python)
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
OTHER_VERSIONS ?= 3.12 3.13
TASKS ?= 12000
PYDANTICS ?= 2.9.0 2.10.0 2.11.0 2.12.0 2.13.0 newest
POSTGRESES ?= 14.23.0-beta.17 16.14.0-beta.17 17.10.0-beta.17
EFFORT ?= 10

export PATH := $(CURDIR)/$(BIN):$(PATH)
export XDG_RUNTIME_DIR ?= $(CURDIR)/$(VENV)/run
export PYRIGHT_PYTHON_IGNORE_WARNINGS = 1
export PYRIGHT_PYTHON_CACHE_DIR ?= $(CURDIR)/$(VENV)/pyright
export npm_config_cache ?= $(CURDIR)/$(VENV)/npm
export npm_config_update_notifier = false

GENERATE := horsies-codegen build examples/shop --out generated --package shop_client

.PHONY: help setup demo test test-versions test-postgres proof storm lint types bench bench-compiler bench-peers generate format clean

help:
	@echo "make demo           run the whole way of a task on an embedded Postgres"
	@echo "make test           every test"
	@echo "make test-versions  the tests on each other Python of this machine ($(OTHER_VERSIONS))"
	@echo "make test-postgres  what touches a database, on each other Postgres that is supported ($(POSTGRESES))"
	@echo "make proof          types against every pydantic that is supported, and many generated programs ($(PYDANTICS))"
	@echo "make storm          minutes of tasks while workers and Postgres are killed (SEED=... TASKS=... to repeat one)"
	@echo "make lint           ruff, formatting, import floors, generated/ is fresh"
	@echo "make types          mypy strict and pyright strict"
	@echo "make bench-compiler measure the compiler on 10,000 tasks, as ratios (several minutes)"
	@echo "make bench          measure speed as ratios to what Postgres allows (about 15 minutes)"
	@echo "make bench-peers    race other queues, each installed into an environment of its own"
	@echo "make generate       write generated/ anew"
	@echo "make format         mend what ruff can mend"

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "say which Python with: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@mkdir -p $(VENV)/run $(VENV)/pyright && chmod 700 $(VENV)/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(STAMP)
	python examples/demo.py

test: $(STAMP)
	python -m pytest -n 2

test-versions:
	@for version in $(OTHER_VERSIONS); do \
		if python=$$(.ci/find-python $$version 2>/dev/null); then \
			$(MAKE) test VENV=.venv-$$version PYTHON=$$python || exit 1; \
		else echo "no Python $$version on this machine: not tested on it"; fi; \
	done

test-postgres: $(STAMP)
	VENV=$(VENV) .ci/prove-postgres $(POSTGRESES)

proof: $(STAMP)
	VENV=$(VENV) .ci/prove-types $(PYDANTICS)
	HORSIES_EFFORT=$(EFFORT) python -m pytest -q -n 2 -m endless --timeout 1200

storm: $(STAMP)
	PYTHONPATH=tests/support python -m storm --tasks $(TASKS) $(if $(SEED),--seed $(SEED))

lint: $(STAMP)
	ruff check .
	ruff format --check .
	lint-imports
	$(GENERATE) --check

types: $(STAMP)
	mypy
	pyright

bench-compiler: $(STAMP)
	python benchmarks/build_scale.py 1000
	python benchmarks/build_scale.py --line

bench: $(STAMP)
	python -m benchmarks.speed --out $(VENV)/bench

bench-peers: $(STAMP)
	benchmarks/speed/peers/install.sh "$$(.ci/find-python 3.11 2>/dev/null || echo $(PYTHON))" "$$(.ci/find-python 3.12 2>/dev/null)"
	python -m benchmarks.speed --only peers --out $(VENV)/bench-peers

generate: $(STAMP)
	$(GENERATE)
	horsies-codegen explain --all --out docs/rules

format: $(STAMP)
	ruff check --fix .
	ruff format .

clean:
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
