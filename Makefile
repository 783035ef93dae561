# `make run` opens the product, `make test` checks everything.
# Both need python3 (3.11 or newer) and make, and do their own set-up.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
PYTEST := $(PY) -m pytest
# Neighbours stay together, for they share what they prepare; who has nothing left takes from the other.
BOTH_CORES := -n 2 --dist worksteal
# SQLite is what the settings choose without a DATABASE_URL
SQLITE := env -u DATABASE_URL

# A stamp carries the checksum of its locks: a changed lock is installed, an unchanged one costs nothing.
stamp = $(VENV)/.$(1)-$(firstword $(shell cat requirements/uv.txt requirements/$(1).txt | cksum))
RUN_READY := $(call stamp,run)
DEV_READY := $(call stamp,dev)

# Each step, and each command that a test starts, would compile every module again.
export PYTHONDONTWRITEBYTECODE :=
# Development settings; production sets its own environment and never comes through here.
export DEBUG ?= true

.PHONY: run demo-code test lint test-sqlite test-postgres test-browser format lock bench screenshots coverage clean
# The steps of `make test` tell one story, in order.
.NOTPARALLEL:

run: $(RUN_READY)
	@$(PY) manage.py migrate --verbosity 0
	@echo
	@$(PY) manage.py demo || true
	@echo "  RiskAlloc:  http://localhost:$(PORT)   (Ctrl-C stops it)"
	@echo
	@$(PY) manage.py runserver 127.0.0.1:$(PORT)

# The second step of the demo's advisors and staff.
demo-code: $(RUN_READY)
	@$(PY) manage.py demo --code

test: lint test-sqlite test-postgres test-browser

lint: $(DEV_READY)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint templates --lint
	$(PY) -m deptry .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) manage.py check --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run

test-sqlite: $(DEV_READY)
	$(SQLITE) $(PYTEST) $(BOTH_CORES) -m "not browser"

test-postgres: $(DEV_READY)
	$(PY) -m tests.with_postgres $(PYTEST) $(BOTH_CORES) -m "not browser" --database-only

test-browser: $(DEV_READY)
	$(SQLITE) $(PYTEST) $(BOTH_CORES) -m browser

format: $(DEV_READY)
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# `make lock UPGRADE=--upgrade` takes the newest versions that pyproject.toml admits.
COMPILE := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header $(UPGRADE)
lock: $(DEV_READY)
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) --group dev pyproject.toml -c requirements/run.txt -o requirements/dev.txt
	echo uv | $(COMPILE) - -o requirements/uv.txt

bench: $(DEV_READY)
	$(PY) -m benchmarks

# Needs `make run` in another terminal.
screenshots: $(DEV_READY)
	$(PY) -m docs.screenshots

coverage: $(DEV_READY)
	$(PY) -m coverage run -m pytest -m "not browser"
	$(PY) -m coverage report

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis \
		.coverage staticfiles test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "RiskAlloc needs Python 3.11 or newer: make run PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "Python's venv module is missing (Debian: apt install python3-venv)."; exit 1; }

$(RUN_READY): LOCK := run
$(DEV_READY): LOCK := dev
# Installing never removes, so the development tools survive a `make run`.
# pip does the same as uv, slower, where uv has no build for the machine.
$(RUN_READY) $(DEV_READY): | $(PY)
	@echo "Installing requirements/$(LOCK).txt ..."
	@$(PIP_INSTALL) -r requirements/uv.txt \
		&& $(PY) -m uv pip install --quiet --python $(PY) --require-hashes -r requirements/$(LOCK).txt \
		|| $(PIP_INSTALL) -r requirements/$(LOCK).txt
	@rm -f $(VENV)/.$(LOCK)-* && touch $@
