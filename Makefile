# The portal's commands. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help demo test check lint fmt messages bench stop clean bootstrap bootstrap-dev

PORT ?= 8000
PYTEST_WORKERS ?= auto
SIZES ?= 7k,100k
export PYTHON
PY := .venv/bin/python

help: ## list these commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

demo: bootstrap ## run the whole portal with demonstration data on http://localhost:8000 (PORT=)
	@exec $(PY) manage.py demo --port $(PORT)

test: bootstrap-dev ## everything CI asks for: all checks, then all tests (ARGS= for pytest)
	@$(if $(ARGS),,$(PY) -m pytest -q tests/test_databases.py >var/databases.log 2>&1 &) \
	checks=0; $(MAKE) --no-print-directory check || checks=1; wait; \
	$(PY) -m pytest -n $(PYTEST_WORKERS) $(ARGS) && exit $$checks

lint: bootstrap-dev ## the quick checks, for each commit: style and directions of imports
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@.venv/bin/lint-imports

check: bootstrap-dev ## all checks without a database: style, types, contracts, templates, migrations, translations, settings
	@sh deploy/check.sh

fmt: bootstrap-dev ## format code and templates
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .
	@git ls-files -z '*.html' | xargs -0 .venv/bin/djade --target-version 6.0 || true

messages: bootstrap-dev ## bring the catalogues of translations up to date
	@$(PY) manage.py messages

bench: bootstrap-dev ## measure search, paging, facets, pages and import against floors (SIZES=7k,100k,1m ONLY= ATTEMPTS= STRICT=1)
	@$(PY) -m benchmarks --sizes $(SIZES) $(if $(ONLY),--only $(ONLY)) $(if $(ATTEMPTS),--attempts $(ATTEMPTS)) $(if $(STRICT),--strict)

stop: ## end what is left running: web, worker, beat, PostgreSQL, Valkey
	@if [ -x $(PY) ]; then $(PY) manage.py stop; else echo "Nothing was ever started here."; fi

clean: stop ## remove everything made here: packages, data, builds
	@rm -rf .venv var frontend/dist frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} + ; find locale -name '*.mo' -delete

bootstrap:
	@sh deploy/bootstrap.sh

bootstrap-dev:
	@sh deploy/bootstrap.sh --dev
