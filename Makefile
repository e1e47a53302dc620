# Every command of the project. `make` alone lists them.
PYTHON ?= python3
MINUTES ?= 3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-header --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help run demo-reset test check mistakes layout types templates faults planted many drill bench \
	bench-search bench-similar bench-rising bench-replay coverage format lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.installed ## start the site with demo data, its worker and a page that shows its mail
	@$(BIN)/python -m petitions.dev_server

demo-reset: .venv/.installed ## throw the demo's data away and make it anew
	@$(BIN)/python -m petitions.dev_server reset

test: .venv/.installed-dev ## run every test that this machine can run
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest  # what was compiled once need not be compiled again

check: .venv/.installed-dev ## lint, format, types, templates, then the tests
	@$(MAKE) --no-print-directory --jobs 2 --keep-going mistakes layout types templates
	@$(MAKE) --no-print-directory test

mistakes layout types templates: .venv/.installed-dev
mistakes: ; $(BIN)/ruff check .
layout: ; $(BIN)/ruff format --check .
types: ; $(BIN)/mypy
templates: ; $(BIN)/djlint --lint --quiet templates

faults: .venv/.installed-dev ## break a running site in every way, for MINUTES=3; a table of what was tried and what was wrong
	@$(BIN)/python -m tests.faults.run --minutes $(MINUTES)

planted: .venv/.installed-dev ## plant every bug that a check is there for, and print which check caught it
	@$(BIN)/python -m tests.faults.planted_table

bench: .venv/.installed-dev ## what everything costs beside floors of the same run, into bench/results/; PART="reads sign" for parts
	@$(BIN)/python -m bench.run $(PART)

many: .venv/.installed-dev ## a site of several with nginx and Redis; each part taken away under load, for MINUTES=3
	@$(BIN)/python -m tests.faults.many --minutes $(MINUTES)

bench-search: .venv/.installed-dev ## what a search costs among PETITIONS=200000, beside a floor, on both databases
	@$(BIN)/python -m bench.search $(if $(PETITIONS),--petitions $(PETITIONS))

bench-similar: .venv/.installed-dev ## how often the original of a real duplicate is found, and how fast among PETITIONS=100000
	@$(BIN)/python -m bench.similar $(if $(PETITIONS),--petitions $(PETITIONS))

drill: .venv/.installed-dev ## back up, destroy and restore a site of SIGNATURES=1000000, on both databases; prints what it took
	@$(BIN)/python -m bench.drill $(if $(SIGNATURES),--signatures $(SIGNATURES))

bench-rising: .venv/.installed-dev ## what the lists of what is rising cost at 50 thousand signatures and at a million, beside a floor
	@$(BIN)/python -m bench.rising

bench-replay: .venv/.installed-dev ## the night of 2019 again for MINUTES=3, then twice what can be carried; draws a picture
	@$(BIN)/python -m bench.replay --minutes $(MINUTES)

coverage: .venv/.installed-dev ## run the tests and show the branches that they never took
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

format: .venv/.installed-dev ## write the code the way `make check` wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/.installed-dev ## pin the newest releases that requirements*.in allow
	$(LOCK) --upgrade requirements.in -o requirements.txt
	$(LOCK) --upgrade requirements-sentry.in -o requirements-sentry.txt
	$(LOCK) --upgrade requirements-dev.in -o requirements-dev.txt

clean: ## remove the environment and what tools leave behind; keeps var/
	rm -rf .venv .coverage .coverage.* htmlcov .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.11 …")'
	@echo "Installing what the service needs (once, about a minute) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(INSTALL) -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@echo "Installing what the tests need (once, about a minute) …"
	@$(INSTALL) -r requirements.txt -r requirements-dev.txt
	@touch $@
