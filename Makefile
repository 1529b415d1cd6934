# `make demo` and `make test` set up everything they need in .venv, with nothing but Python 3.10 to 3.14 and make.

VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types imports unit fuzz install clean help

help:
	@echo "make demo   analyse the sample clips: a table here, annotated videos under out/demo"
	@echo "make test   ruff, mypy, the import contract and pytest"
	@echo "make fuzz   damaged files by the hundred, for at most half an hour; COACH_FUZZ_SEED=2 takes others"
	@echo "make clean  remove .venv and out"

# The first Python that is new enough, can make a virtual environment and has pip to put into it.
$(BIN)/python:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; \
	  then echo "Making $(VENV) with $$($$python --version)"; exec $$python -m venv $(VENV); fi; \
	done; \
	echo "No usable Python 3.10 to 3.14 was found. Install one (on Debian or Ubuntu: apt install python3-venv)," \
	     "or name it: make PYTHON=/path/to/python3" >&2; exit 1

$(VENV)/.run: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[web]'
	@bash .ci/system-packages run
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@bash .ci/system-packages run
	@bash .ci/system-packages tests
	@touch $@ $(VENV)/.run

install: $(VENV)/.run

demo: $(VENV)/.run
	$(BIN)/coach analyse samples/*.mp4 --save-video --out out/demo

test: lint types imports unit

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

unit: $(VENV)/.dev
	$(BIN)/python -m pytest

fuzz: $(VENV)/.dev
	COACH_FUZZ=$${COACH_FUZZ:-800} COACH_FUZZ_S=$${COACH_FUZZ_S:-1800} $(BIN)/python -m pytest -s tests/fuzz

clean:
	rm -rf $(VENV) out
