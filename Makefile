# Each target makes what it needs. Nothing but Python 3.11+ and make is asked of the machine.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo live-demo faults soak picture test check format bench sample constraints clean

help:  ## list the targets
	@sed -n 's/^\([a-z][a-z-]*\):.*##  *\(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || { echo "whymove needs Python 3.11 or newer; '$(PYTHON)' was not found (set PYTHON=...)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "whymove needs Python 3.11 or newer; '$(PYTHON)' is older (set PYTHON=python3.11)" >&2; exit 1; }
	@echo "making $(VENV)" >&2
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.python pyproject.toml constraints.txt
	@echo "installing what runs whymove" >&2
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@echo "installing what tests whymove" >&2
	@$(PIP) install --constraint constraints.txt --editable '.[test]'
	@touch $@

$(VENV)/.check: $(VENV)/.test
	@echo "installing what checks whymove" >&2
	@$(PIP) install --constraint constraints.txt --editable '.[test,check]'
	@touch $@

demo: $(VENV)/.run  ## replay the sample week (a plain table where there is no terminal)
	@$(BIN)/whymove demo

live-demo: $(VENV)/.test  ## the real Yahoo client in the sample week, on loopback, without a network
	@$(BIN)/python -m tests.world -- $(BIN)/whymove demo --source yahoo --at {at} --speed 1

faults: $(VENV)/.test  ## the fault suite in its long form
	@WHYMOVE_FAULT_KILLS=200 $(BIN)/python -m pytest -m 'slow or not slow' --numprocesses 2 --dist worksteal --quiet tests/faults

soak: $(VENV)/.test  ## a trading day of a hundred stocks in six minutes (or MINUTES=12): memory, files and tasks
	@$(BIN)/python -m benchmarks.soak $(MINUTES)

# Four workers for two cores: tests of real processes and terminals wait as much as they work.
test: $(VENV)/.test  ## run the tests with coverage
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest --numprocesses 4 --dist worksteal --quiet --ignore tests/perf
	@$(BIN)/python -m pytest --quiet tests/perf  # by itself: a busy neighbour would cut one frame into two
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --fail-under=80 | tail -n 3

check: $(VENV)/.check  ## ruff, mypy --strict, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.check  ## put the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.test  ## print times and sizes; asserts nothing
	@$(BIN)/python -m benchmarks

picture: $(VENV)/.test  ## paint the picture and the answer in the README again
	@$(BIN)/python -m benchmarks.picture

sample: $(VENV)/.test  ## draw the sample week again from its seed
	$(BIN)/python -m benchmarks.sample_week

constraints:  ## resolve the pinned versions again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --extra test --extra check \
	  pyproject.toml --output-file constraints.txt

clean:  ## remove what the targets made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
