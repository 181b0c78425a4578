# What can be done here: make help
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/stamp
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
TABLER := yika/portal/static/vendor/tabler.min.css
MESSAGES := $(wildcard yika/*/locale/*/LC_MESSAGES/django.po)
TEMPLATES = $(shell find yika -name '*.html')
PYTEST := $(BIN)/pytest -n auto --dist worksteal

.PHONY: help install run demo check lint test test-sqlite test-postgres journeys bench format messages lock clean
.DELETE_ON_ERROR:

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(STAMP)/package $(STAMP)/messages $(TABLER) ## .venv with the yika command, style sheet, translations

run: install ## Yika with a demonstration campus on 127.0.0.1:$(PORT); data stay in var/
	@exec $(BIN)/yika run --port $(PORT)

demo: install ## load the demonstration campus into an empty database
	@$(BIN)/yika demo

check: lint test-sqlite ## everything a change must pass, without a browser

test: test-sqlite test-postgres journeys ## the tests on SQLite, on PostgreSQL and in a browser

lint: $(STAMP)/dev install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --target-version 5.2 --check $(TEMPLATES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yika manage makemigrations --check --dry-run
	$(BIN)/python tools/messages.py check

test-sqlite: $(STAMP)/dev install
	$(PYTEST) -m "not journey"

test-postgres: $(STAMP)/dev install
	$(PYTEST) -m "not journey" --pg

journeys: $(STAMP)/dev install
	@$(BIN)/python tools/browser.py
	$(PYTEST) -m journey

bench: $(STAMP)/dev install ## measure speed on both databases; SIZES="10000 100000 1000000" for more
	$(BIN)/python -m bench $(if $(SIZES),--sizes $(SIZES))
	$(BIN)/python -m bench.network

format: $(STAMP)/dev ## put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djade --target-version 5.2 $(TEMPLATES)

messages: $(STAMP)/dev ## bring the English translations' files in line with the code
	$(BIN)/python tools/messages.py extract
	$(BIN)/python tools/messages.py compile

lock: $(STAMP)/dev ## resolve the dependencies anew
	cd requirements && for name in build node base dev; do \
	  ../$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --upgrade \
	    --custom-compile-command "make lock" $$name.in -o $$name.txt; done

clean: ## remove what was installed and built; var/ stays
	rm -rf $(VENV) $(dir $(TABLER)) yika.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find yika -name '*.mo' -delete

$(STAMP)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Yika 需要 Python 3.11 或更高版本（make install PYTHON=python3.12）。 / Yika needs Python >= 3.11."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo "缺少 venv 模块：apt install python3-venv / The venv module is missing: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMP) && touch $@

$(STAMP)/base: requirements/build.txt requirements/base.txt | $(STAMP)/venv
	$(PIP) install --require-hashes -r requirements/build.txt
	$(PIP) install --require-hashes -r requirements/base.txt
	@touch $@

$(STAMP)/package: pyproject.toml $(STAMP)/base
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(STAMP)/dev: requirements/dev.txt $(STAMP)/package
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMP)/messages: $(MESSAGES) tools/messages.py $(STAMP)/base
	$(BIN)/python tools/messages.py compile
	@touch $@

$(TABLER): package-lock.json tools/assets.py | $(STAMP)/venv
	$(BIN)/python tools/assets.py $(dir $@)
	@touch $@
