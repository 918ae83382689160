# Every target works in a fresh clone with nothing prepared, as root and as an ordinary user.
# The first one that needs it creates .venv from constraints.txt; later ones reuse it.

PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PYTHONDONTWRITEBYTECODE ?= 1
export XDG_RUNTIME_DIR ?= $(CURDIR)/$(VENV)/run
export PYRIGHT_PYTHON_IGNORE_WARNINGS = 1
export PYRIGHT_PYTHON_CACHE_DIR ?= $(CURDIR)/$(VENV)/pyright

.PHONY: help setup demo test lint types generate format bench clean

help:
	@echo "make demo | test | lint | types | generate | format | bench | clean"

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "horsies needs Python 3.11 or newer; say which with: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@mkdir -p $(VENV)/run $(VENV)/pyright
	@touch $@

demo: $(STAMP)
	$(BIN)/python examples/demo.py

test: $(STAMP)
	$(BIN)/python -m pytest -n 2

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/horsies-codegen build examples/shop --out generated --package shop_client --check

types: $(STAMP)
	$(BIN)/mypy
	$(BIN)/pyright

generate: $(STAMP)
	$(BIN)/horsies-codegen build examples/shop --out generated --package shop_client

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
