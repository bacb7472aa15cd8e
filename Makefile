# Every target makes what it needs in .venv; a Python of 3.10 or newer is all that has to be there.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test check prism bench clean

PYTHON ?=
CANDIDATES := $(PYTHON) python3 python3.13 python3.12 python3.11 python3.10 python
BIN := .venv/bin
SPECTRAL := npx --yes @stoplight/spectral-cli@6.15.0 lint --quiet --fail-severity warn --ruleset tests/spec/spectral.yaml
# Of npm's versions one that is known to work; see mockserver/engines/finding.py.
PRISM := .venv/prism/node_modules/.bin/prism
ENGINE_TESTS := -q -rs tests/contract/test_engines.py tests/contract/test_behaviour.py tests/contract/test_differences.py
WITH_PRISM := PRISM_COMMAND=$(PRISM) $(BIN)/python -m pytest $(ENGINE_TESTS) --mock-engine prism
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable
IS_SUITABLE := import sys; sys.exit(sys.version_info < (3, 10))

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST)

demo: .venv/with-mock  ## show the client at work against the mock server
	@$(BIN)/syncdyn demo

test: .venv/with-dev  ## run the tests, and with Prism where npm is there
	@$(BIN)/python -m pytest -q -n auto -rs
	@if command -v npm >/dev/null 2>&1 && $(MAKE) --no-print-directory $(PRISM); then \
	  $(WITH_PRISM); \
	else \
	  echo "the comparison with Prism is left out: it needs npm, and Prism from it"; \
	fi

check: .venv/with-dev  ## run every check: style, types, layers, tests with coverage
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict
	@if command -v node >/dev/null 2>&1; then \
	  echo "$(BIN)/pyright"; $(BIN)/pyright --pythonpath $(BIN)/python && \
	  echo "$(SPECTRAL)" && $(SPECTRAL) spec/sync.openapi.yaml; \
	else \
	  echo "pyright and spectral are skipped: they need node, and there is none on the PATH"; \
	fi
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q -n auto -m "" --cov --cov-report=term

prism: .venv/with-dev  ## compare with Prism: what PRISM_COMMAND names, by Docker, as installed, or from npm
	@$(BIN)/python -m pytest $(ENGINE_TESTS) --mock-engine prism

bench: .venv/with-bench  ## measure, side by side with rivals: tests/benchmarks
	@for file in tests/benchmarks/bench_*.py; do $(BIN)/python "$$file" || exit; done

clean:  ## remove .venv and whatever was built or cached
	rm -rf .venv build dist htmlcov demo-output .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache \
	  .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What stands in .venv is installed again only when pyproject.toml has changed.
.venv/with-mock: pyproject.toml
	@$(MAKE) --no-print-directory .venv/made
	@echo "installing syncdyn into .venv" >&2
	@$(INSTALL) '.[mock]'
	@touch $@

.venv/with-dev: pyproject.toml
	@$(MAKE) --no-print-directory .venv/made
	@echo "installing syncdyn and its development tools into .venv" >&2
	@$(INSTALL) '.[mock,dev]'
	@touch $@ .venv/with-mock

.venv/with-bench: pyproject.toml
	@$(MAKE) --no-print-directory .venv/made
	@echo "installing syncdyn, its development tools and its rivals into .venv" >&2
	@$(INSTALL) '.[mock,dev,bench]'
	@touch $@ .venv/with-dev .venv/with-mock

$(PRISM):
	@echo "installing Prism into .venv/prism" >&2
	@npm install --no-fund --no-audit --loglevel=error --prefix .venv/prism \
	  "$$($(BIN)/python -c 'from mockserver.engines.finding import PACKAGE; print(PACKAGE)')" >/dev/null

.PHONY: .venv/made
.venv/made:
	@if $(BIN)/python -c '$(IS_SUITABLE)' >/dev/null 2>&1 && $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	  exit 0; \
	fi; \
	lacking=; \
	for candidate in $(CANDIDATES); do \
	  "$$candidate" -c '$(IS_SUITABLE)' >/dev/null 2>&1 || continue; \
	  if "$$candidate" -c 'import venv, ensurepip' >/dev/null 2>&1; then \
	    exec "$$candidate" -m venv --clear .venv; \
	  fi; \
	  lacking="$$candidate"; \
	done; \
	if [ -n "$$lacking" ]; then \
	  echo "$$lacking has no venv module; install it (Debian, Ubuntu: apt install python3-venv)," \
	    "or name another Python: make PYTHON=/path/to/python3" >&2; \
	else \
	  echo "no Python of 3.10 or newer was found (tried: $(CANDIDATES));" \
	    "install one, or name it: make PYTHON=/path/to/python3" >&2; \
	fi; \
	exit 1
