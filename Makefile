# `make demo` and `make test` set up everything they need in .venv, with nothing but Python 3.10 to 3.14 and make.

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
EXE := .exe
SHELL := bash
else
BIN := $(VENV)/bin
EXE :=
endif

.PHONY: demo test lint types imports unit fuzz attack soak docs dist app lock install clean help

help:
	@echo "make demo   analyse the sample clips: a table here, annotated videos under out/demo"
	@echo "make test   ruff, mypy, the import contract and pytest"
	@echo "make fuzz   damaged, strange and hostile input, for FUZZ_S seconds a generator (60); COACH_FUZZ_SEED=2 takes others"
	@echo "make attack how long a session's pictures wait for their answers while the page is attacked"
	@echo "make soak   memory, threads and files over SOAK_MIN minutes (60) of live, web and analyse, and of a batch"
	@echo "make docs   the documentation as a site under out/site"
	@echo "make dist   sdist and wheel under dist, tested in an empty environment"
	@echo "make app    the coach as a folder that needs no Python, under dist/coach, tested"
	@echo "make lock   take the newest releases within the bounds into requirements.lock"
	@echo "make clean  remove .venv, build, dist and out"

# The first Python that is new enough, can make a virtual environment and has pip to put into it.
$(BIN)/python$(EXE):
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; \
	  then echo "Making $(VENV) with $$($$python --version)"; exec $$python -m venv $(VENV); fi; \
	done; \
	echo "No usable Python 3.10 to 3.14 was found. Install one (on Debian or Ubuntu: apt install python3-venv)," \
	     "or name it: make PYTHON=/path/to/python3" >&2; exit 1

$(VENV)/.run: pyproject.toml | $(BIN)/python$(EXE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[web]'
	@bash .ci/system-packages run
	@touch $@

$(VENV)/.dev: pyproject.toml requirements.lock | $(BIN)/python$(EXE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[dev]'
	@bash .ci/system-packages run
	@bash .ci/system-packages tests
	@touch $@ $(VENV)/.run

install: $(VENV)/.run

demo: $(VENV)/.run
	$(BIN)/coach demo --out out/demo

test:
	@$(MAKE) --jobs=3 lint types imports
	@$(MAKE) unit

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

# The tests start the coach often: with its bytecode kept it starts sooner.
unit: $(VENV)/.dev
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal

# Every generator of tests/fuzz, each time with other cases, for so many seconds each.
FUZZ_S := 60
fuzz: $(VENV)/.dev
	COACH_FUZZ=$${COACH_FUZZ:-800} COACH_FUZZ_S=$(FUZZ_S) $(BIN)/python -m pytest -s tests/fuzz tests/test_ending.py \
	  tests/history/test_faults.py

attack: $(VENV)/.dev
	$(BIN)/python -m tests.fuzz.attack

SOAK_MIN := 60
soak: $(VENV)/.dev
	$(BIN)/python -m tests.fuzz.soak live --minutes $(SOAK_MIN)
	$(BIN)/python -m tests.fuzz.soak web --minutes $(SOAK_MIN)
	$(BIN)/python -m tests.fuzz.soak analyse --minutes 10
	$(BIN)/python -m tests.fuzz.soak analyse --minutes $(SOAK_MIN)
	$(BIN)/python -m tests.fuzz.soak batch

docs: $(VENV)/.dev
	$(BIN)/python -m mkdocs build --strict --quiet --site-dir out/site

# A wheel holds everything that using the coach needs: the network, the exercises, the programmes and the sample clips.
dist: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'build>=1.2,<2'
	rm -rf dist/*.whl dist/*.tar.gz
	$(BIN)/python -m build --outdir dist
	bash .ci/test-wheel dist/*.whl $(BIN)/python

# The same on Windows and macOS: packaging/README.md.
app: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[web,app]'
	$(BIN)/python -m PyInstaller --noconfirm --log-level WARN --workpath build packaging/coach.spec
	bash .ci/test-app dist/coach/coach$(EXE)

# One file for every Python and system. uv is only needed here.
lock: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.5'
	{ sed -n '/^[^#]/q;p' requirements.lock; $(BIN)/uv pip compile pyproject.toml --extra dev --extra voice --universal \
	  --python-version 3.10 --no-annotate --no-header --no-emit-index-url --no-emit-find-links --upgrade --quiet; \
	} >requirements.lock.new
	mv requirements.lock.new requirements.lock

clean:
	rm -rf $(VENV) build dist out
