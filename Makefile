# The verbs of the project; `make help` lists them.
PYTHON ?= python3
VENV := .venv
LIANTU := $(VENV)/bin/liantu

.DEFAULT_GOAL := help
.PHONY: help run load test check bench clean

help: ## list the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)$$/  make \1\t\2/' | expand -t 16

run: $(VENV)/.run ## set up, load data/ and serve http://127.0.0.1:8000
	@$(LIANTU) load || [ $$? -eq 1 ] # 1: rows were refused and named, the rest is loaded
	@exec $(LIANTU) serve

load: $(VENV)/.run ## load data/ into the store
	@$(LIANTU) load

test: $(VENV)/.dev ## set up and run the tests
	@$(VENV)/bin/python -m pytest $(ARGS)

check: $(VENV)/.dev ## tests, ruff, mypy --strict and the import rules
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/python -m pytest $(ARGS)

bench: $(VENV)/.dev ## measure load, start, routes and the engine
	@$(VENV)/bin/python benchmarks/line.py
	@$(VENV)/bin/python benchmarks/measures.py

clean: ## stop the Neo4j servers under var/; remove it and the virtual environment
	@for pid in var/*/neo4j.pid; do [ ! -e "$$pid" ] || scripts/neo4j stop --home "$${pid%/neo4j.pid}"; done
	rm -rf $(VENV) var

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "liantu needs Python 3.11 or newer; $(PYTHON) is older. Name another: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "This Python has no venv: install it with 'apt install python3-venv' (Debian, Ubuntu) and run make again."; exit 1; }
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	@echo "Installing liantu and what it needs ..."
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[export]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	@echo "Installing liantu with its test tools ..."
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.run
