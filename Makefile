# The short commands of this project; `make` alone lists them. Only Python >= 3.11 (with venv), make and git are needed.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The interpreter for a new .venv.
export PYTHON ?= python3
# `make demo ONCE=1` tells the demo's story to its end and returns; without it the demo waits for you.
export ONCE ?=

BIN := .venv/bin
EVIDENCE := build/evidence
# The second distribution joins as soon as it is there.
SDK := $(wildcard packages/upheld-sdk/pyproject.toml)
PROJECTS := . $(patsubst %/pyproject.toml,%,$(SDK))
# Processes for the tests: `make test JOBS=4`; 0 runs them in one.
JOBS ?= auto
# One part of a long run: `make mutation ONLY="upheld.core.quantity*"`, `make bench ONLY=lint`.
ONLY ?=
# More words for pytest: `make test PYTEST_ARGS="-k quantity"`.
PYTEST_ARGS ?=

.PHONY: help demo test test-long check format bench mutation lock clean pictures chromium techflow techflow-test techflow-keep keep

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Each stamp says that .venv holds what its lock file names, so that the second run installs nothing.
.venv/.runtime: requirements.lock pyproject.toml scripts/install
	@scripts/install requirements.lock .
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml $(SDK) scripts/install
	@scripts/install requirements-dev.lock $(PROJECTS)
	@touch $@ .venv/.runtime

demo: .venv/.runtime ## install, then watch one promise from the sentence to production, and this repository judged
	@scripts/demo

# Ten thousand damaged copies of each sample, a server killed again and again, a fresh installation, two peers' rules:
# what takes minutes waits for `make test-long`.
LONG := tests/conformance/reader/test_mutations.py tests/server tests/faces/test_honesty.py tests/faces/test_installation.py

# The slow tests of one file share what they prepare, so they share a process.
SLOW = $(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -m slow

test: .venv/.dev ## run the tests, with branch coverage; reports go to build/evidence
	@mkdir -p $(EVIDENCE) build/coverage
	@rm -f $(EVIDENCE)/junit*.xml* $(EVIDENCE)/coverage.json* build/coverage/*
	@status=0; \
	$(BIN)/coverage run -m pytest -n $(JOBS) -m "not slow" --junit-xml=$(EVIDENCE)/junit.xml $(PYTEST_ARGS) || $(FAILED); \
	$(SLOW) $(LONG:%=--ignore=%) --junit-xml=$(EVIDENCE)/junit-slow.xml $(PYTEST_ARGS) || $(FAILED); \
	$(BIN)/coverage combine --quiet && $(BIN)/coverage json --quiet || status=$$?; \
	exit $$status

test-long: .venv/.dev ## run the tests that take minutes: faults, damaged reports, installations
	@mkdir -p $(EVIDENCE)
	@status=0; $(SLOW) --junit-xml=$(EVIDENCE)/junit-long.xml $(PYTEST_ARGS) $(LONG) || $(FAILED); exit $$status

# pytest answers 5 when it finds no test: right where only a part was asked for, and a failure everywhere else.
FAILED = { code=$$?; [ $$code -eq $(if $(PYTEST_ARGS),5,0) ] || status=$$code; }

check: .venv/.dev ## format, lint, types, import contracts, docs, and our own gates on our own evidence
	@mkdir -p $(EVIDENCE)
	$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet --exit-zero --output-format sarif --output-file $(EVIDENCE)/ruff.sarif .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/pages.py --check
	@$(BIN)/python scripts/questions_evidence.py $(EVIDENCE)
	@$(BIN)/upheld evidence $(wildcard $(EVIDENCE)/junit*.xml $(EVIDENCE)/coverage.json) $(EVIDENCE)/ruff.sarif --record --environment ci >build/evidence.txt \
		|| { status=$$?; cat build/evidence.txt; exit $$status; }
	$(BIN)/upheld lint
	$(BIN)/upheld check merge --evidence $(EVIDENCE) --evidence benchmarks/results

format: .venv/.dev ## write the code the way the formatter wants it
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.dev ## measure speed and size beside the peers (quarter of an hour); ONLY=lint measures a part
	$(BIN)/python benchmarks/run.py $(ONLY)

mutation: .venv/.dev ## change the code thousands of times, count what no test notices; SAMPLE=1000 tries a random thousand
	$(BIN)/python scripts/mutation.py $(ONLY) $(if $(SAMPLE),--sample $(SAMPLE))

lock: ## make both lock files anew (needs uv); UPGRADE=1 takes the newest versions
	@command -v uv >/dev/null || { echo "make lock needs uv, https://docs.astral.sh/uv/" >&2; exit 1; }
	uv pip compile pyproject.toml --extra predict --extra server --group build $(LOCK) --output-file requirements.lock
	uv pip compile pyproject.toml --all-extras --group build --group dev --constraints requirements.lock $(LOCK) --output-file requirements-dev.lock
LOCK = --quiet --universal --generate-hashes --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

techflow: ## start TechFlow, the reference system; its page is at http://127.0.0.1:8620/
	@$(MAKE) -C reference techflow

chromium: ## the browser that pages are tested in: installed where apt-get may be used, else those tests are skipped
	@$(MAKE) -C reference chromium

techflow-test: ## run TechFlow's own tests, with the servers and the browser where they are
	@$(MAKE) -C reference test-all

pictures: .venv/.dev ## take the pictures of the documentation anew (needs Chromium)
	$(BIN)/python scripts/pictures.py

techflow-keep: .venv/.dev ## commit-ready evidence of the last `make techflow-test`
	@cd reference && ../$(BIN)/upheld evidence build/junit.xml --record --environment staging >/dev/null
	@$(BIN)/python scripts/keep_evidence.py reference/build reference/evidence/tests.json reference

keep: ## commit-ready evidence of the last `make test` and `make check`, for a fresh clone to show
	@$(BIN)/python scripts/keep_evidence.py $(EVIDENCE) benchmarks/results/tests.json

clean: ## remove what the commands made, but neither .venv nor .upheld (that holds your records)
	rm -rf build dist mutants .benchmarks .coverage* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests packages scripts benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
