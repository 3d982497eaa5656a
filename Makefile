# Needs a Python from 3.11 to 3.14 and make; everything else is set up in .venv from the pinned locks.

PYTHONS := python3.13 python3.12 python3.11 python3.14 python3
FITTING := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))
PYTHON ?= $(shell for p in $(PYTHONS); do "$$p" -c "$(FITTING)" 2>/dev/null && echo "$$p" && break; done)

FOLDER ?=
PORT ?= 8000
MLFLOW_PORT ?= 5000
WHEELS ?=
TESTS ?=
TRUTH ?=
MATCHING ?=

# A home belongs to one municipality: each folder is demonstrated in its own.
DEMO := $(CURDIR)/.demo/$(if $(FOLDER),$(notdir $(abspath $(FOLDER))),made-up)

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

VENV := .venv
BIN := $(VENV)/bin
UV := 0.13.9
# A stamp is named after what it was made from, so a changed lock, or a moved folder, is set up anew.
KEY := $(shell { cat requirements.lock requirements-dev.lock pyproject.toml; pwd; } | cksum | cut -d' ' -f1)
RUN := $(VENV)/.ready-to-run-$(KEY)
DEV := $(VENV)/.ready-to-test-$(KEY)
LOG := $(VENV)/install.log
PIP := $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off --no-compile \
	$(if $(WHEELS),--no-index --find-links "$(WHEELS)")
# Two cores are shared by two test processes: more threads in each would only wait for one another.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help demo test check truth curve rounds hardship drift bench mlflow faults lock wheels clean machine upgrade

help: ## this list
	@echo 'tegakari (手がかり): which asset-investigation targets to ask first, lawfully and with reasons'
	@echo
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18
	@echo
	@echo '  FOLDER=../town  a folder of your own      PORT=8000  where demo serves (MLFLOW_PORT=5000: mlflow)'
	@echo '  WHEELS=folder   install without a network  PYTHON=python3.12  which Python'

demo: $(RUN) ## check a folder, train, and serve the pages (FOLDER=, PORT=)
	@TEGAKARI_HOME="$${TEGAKARI_HOME:-$(DEMO)}" $(BIN)/tegakari demo $(if $(FOLDER),"$(FOLDER)") --port $(PORT)

test: $(DEV) machine ## every test that must pass (TESTS= for some)
	@$(PYTEST) -n 2 $(TESTS)

check: $(DEV) machine ## format, lint, types, arrows, then every test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(PYTEST) -n 2 --ignore tests/house/test_quality.py

truth: $(RUN) ## on made-up towns with a known truth: the ranker and the matching against their bars
	@$(BIN)/python -m training.truth $(TRUTH)
	@$(BIN)/python -m training.matching_truth $(MATCHING)

curve: $(RUN) ## how good the ranking gets with the answers an office has, on made-up towns
	@$(BIN)/python -m training.learning_curve

rounds: $(RUN) ## on made-up towns: inquiries until the first find, in two rounds and in one
	@$(BIN)/python -m training.rounds $(TRUTH)

hardship: $(RUN) ## on made-up towns: is the forecast "no property, in hardship" calibrated
	@$(BIN)/python -m training.hardship_proof $(TRUTH)

drift: $(RUN) ## on made-up towns: is a planted shift flagged, and is a quiet month quiet
	@$(BIN)/python -m training.drift_proof $(TRUTH)

bench: $(DEV) ## how long the long commands take, and in how much memory (FOLDER=)
	@FOLDER="$(FOLDER)" $(BIN)/python -m pytest tests/benchmarks -m "measure or not measure" -s

mlflow: $(RUN) ## MLflow's pages over the home's own store, on this machine alone (MLFLOW_PORT=)
	@$(BIN)/python -m training.registry.server "$${TEGAKARI_HOME:-$(DEMO)}" --port $(MLFLOW_PORT)

faults: $(DEV) ## what happens when something breaks
	@$(BIN)/python -m pytest tests/faults -m "measure or not measure"

lock: $(VENV)/.uv-$(UV) ## write both locks anew from pyproject.toml, keeping the versions
	@$(call compile,--extra build,requirements.lock)
	@$(call compile,--extra build --extra test -c requirements.lock,requirements-dev.lock)

upgrade: ## write both locks anew with the newest versions
	@rm -f requirements.lock requirements-dev.lock && touch requirements.lock requirements-dev.lock
	@$(MAKE) --no-print-directory lock

wheels: $(VENV)/pyvenv.cfg ## fetch all packages into wheelhouse/ for a machine without a network
	@$(BIN)/python -m pip download --disable-pip-version-check -q --progress-bar off \
		--only-binary :all: --no-deps --require-hashes -r requirements.lock -d wheelhouse $(WHEEL_FLAGS)
	@echo "wheelhouse/ holds $$(ls wheelhouse | wc -l) packages; on the other machine: make demo WHEELS=wheelhouse"

clean: ## remove what was set up and built, not your home folder
	@rm -rf $(VENV) .demo wheelhouse build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find features models training serving tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The index is named, and left out of the lock, so that no machine's own settings get into it.
compile = $(BIN)/uv pip compile pyproject.toml $(1) -o $(2) --universal --python-version 3.11 --generate-hashes \
	--default-index https://pypi.org/simple --no-emit-index-url --no-annotate --custom-compile-command 'make lock' -q

no_python = echo "No Python from 3.11 to 3.14 was found. Install one (Debian: apt-get install python3 python3-venv)" \
	"or name it: make PYTHON=/path/to/python3.12" >&2; exit 1

no_venv = echo "$(PYTHON) cannot make an environment here. On Debian: apt-get install python3-venv;" \
	"else check that this folder can be written to" >&2; exit 1

no_packages = tail -n 5 $(LOG) >&2; echo "The packages could not be installed: the lines above say why, $(LOG) has all." \
	"Without a network: make wheels on a machine that has one, bring wheelhouse/ here, then add WHEELS=wheelhouse" >&2; exit 1

# The one library that LightGBM does not bring along; a bare Debian lacks it.
get_openmp = { [ "$$(id -u)" = 0 ] && { apt-get update -qq && apt-get install -y -qq libgomp1; } >>$(LOG) 2>&1 </dev/null \
	&& $(BIN)/python -c 'import lightgbm' 2>>$(LOG); }

no_openmp = tail -n 1 $(LOG) >&2; echo "LightGBM could not be loaded: the line above says why." \
	"If libgomp.so.1 is missing: apt-get install libgomp1" >&2; exit 1

# pip says little while it works for minutes: count what it has come to.
progress = { n=0; while read -r word rest; do case "$$word" in \
	Collecting|Processing) n=$$((n + 1)); [ $$((n % 20)) != 0 ] || echo "  $$n of about $$(grep -c '^[a-z]' $(1)) packages";; \
	Installing) echo "  unpacking them";; esac; done; }

$(VENV)/pyvenv.cfg:
	@[ -n "$(PYTHON)" ] || { $(no_python); }
	@"$(PYTHON)" -c "$(FITTING)" || { $(no_python); }
	@"$(PYTHON)" -m venv --clear $(VENV) || { $(no_venv); }

$(RUN):
	@# A folder that was moved or copied holds scripts that point to where it was.
	@if [ -e $(BIN)/pip ] && ! grep -qF "$(CURDIR)/" $(BIN)/pip; then rm -rf $(VENV); fi
	@$(MAKE) --no-print-directory $(VENV)/pyvenv.cfg
	@echo "Setting up $(VENV) (once, a few minutes) ..."
	@$(PIP) --no-deps --require-hashes -r requirements.lock 2>&1 | tee $(LOG) | $(call progress,requirements.lock) || { $(no_packages); }
	@$(PIP) --no-deps --no-build-isolation -e . >>$(LOG) 2>&1 || { $(no_packages); }
	@$(BIN)/python -c 'import lightgbm' 2>>$(LOG) || $(get_openmp) || { $(no_openmp); }
	@rm -f $(VENV)/.ready-to-run-*; touch $@

$(DEV): | $(RUN)
	@echo "Adding what the tests need ..."
	@$(PIP) --no-deps --require-hashes -r requirements-dev.lock >$(LOG) 2>&1 || { $(no_packages); }
	@rm -f $(VENV)/.ready-to-test-*; touch $@

$(VENV)/.uv-$(UV): $(VENV)/pyvenv.cfg
	@$(PIP) -q uv==$(UV) && touch $@

CJK := /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
POSTGRES := $(firstword $(wildcard /usr/lib/postgresql/*/bin/initdb))
machine: # Debian's browser, a Japanese font and PostgreSQL, where they can be installed; else their tests say that they skip
	@if [ -x /usr/bin/chromium ] && [ -e $(CJK) ] && [ -n "$(POSTGRES)" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing chromium, a Japanese font and postgresql (once) ..."; \
		export DEBIAN_FRONTEND=noninteractive; \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk postgresql; } \
			>/tmp/tegakari-apt.log 2>&1 </dev/null || { tail -5 /tmp/tegakari-apt.log; \
			echo "They could not be installed: the tests that need them are skipped."; }; \
	else echo "No chromium, Noto CJK font or PostgreSQL: the tests that need them are skipped" \
		"(Debian: apt-get install chromium fonts-noto-cjk postgresql)."; fi
