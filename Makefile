# 连心 (lianxin). Start with `make help`.
.DEFAULT_GOAL := help
PYTHON ?= python3
unexport PYTHONDONTWRITEBYTECODE # what is compiled is kept: else each of a dozen processes compiles all of it again
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help
help: ## Explain every target
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(BIN)/lianxin: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: install
install: $(BIN)/lianxin ## Create .venv with everything pinned in requirements.lock

.PHONY: run
run: install ## Set up, then open the demo county at http://127.0.0.1:8080/
	$(BIN)/lianxin demo

.PHONY: format
format: install ## Rewrite the code in the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: lint
lint: install ## Style and common mistakes (ruff)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

.PHONY: types
types: install ## Types (mypy, strict)
	$(BIN)/mypy

.PHONY: imports
imports: install ## The law of imports (import-linter)
	$(BIN)/lint-imports

# Their files lie in memory where there is room for 2 GB: nothing of a test has to survive a power cut.
MEMORY := $(shell [ "$$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $$4 }')" -gt 2000000 ] 2>/dev/null && echo /dev/shm)

.PHONY: test
test: install browser ## Every test; about five minutes on two cores
	$(if $(MEMORY),PYTEST_DEBUG_TEMPROOT=$(MEMORY)) $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder --assert=plain \
	  -o tmp_path_retention_policy=failed || { $(BIN)/pytest --last-failed; exit 1; } # once more, with all values told

.PHONY: check
check: lint types imports test ## What must be green before anything lands

.PHONY: migration
migration: install ## Write a migration: m="what changes" for a new one; without m, the newest one again
	$(BIN)/python -m storage.migrations $(if $(m),"$(m)")
	$(BIN)/ruff format --quiet storage/migrations/versions

.PHONY: lock
lock: ## Pin the newest allowed versions of all dependencies, with hashes
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header -q -U -o requirements.lock

.PHONY: browser
browser: # Chromium and Chinese fonts for the browser tests, where apt may be used
	@if ! command -v chromium >/dev/null || ! fc-list | grep -qi cjk; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null; \
	  else echo "!! chromium or fonts-noto-cjk is missing and apt needs root: browser tests will be SKIPPED"; fi; fi

.PHONY: bench
bench: install ## How fast it is, beside bots that store little or nothing (10 minutes); SCALE=1: also with 1 000 000 people and tickets
	$(BIN)/python -m bench $(if $(SCALE),--scale)

.PHONY: fuzz
fuzz: install ## 100 000 mutated callbacks of WeChat and WeCom (some minutes): no 5xx, no hang, no growth
	$(BIN)/python -m tests.faults.fuzz_callbacks

.PHONY: kills
kills: install ## kill -9 ten times in the middle of a broadcast, on each database and messenger (some minutes)
	LIANXIN_KILLS=10 $(BIN)/pytest -q -s tests/faults/test_kill_broadcast.py
