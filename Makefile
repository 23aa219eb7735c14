# Altis Engine. Needs GNU make and Python 3.11 or newer; everything else comes with the first `make up`.
.DEFAULT_GOAL := help
.PHONY: up demo test test-browser test-lists screenshots check coverage seed bench bench-check torture fuzz reset lock audit sbom help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

# `exec`, so that signals reach the program; $$PPID is this make, which hands on SIGTERM but not a lone SIGINT.
RUN := exec sh deploy/run.sh
PYTEST := $(RUN) dev -m pytest -n 4 --dist loadgroup

# The modules that are arithmetic: no database, no clock. They have a coverage gate of their own.
comma := ,
PURE_MODULES := altis/shared/*.py \
  $(addprefix catalog/,attributes.py lifecycle.py pricing.py schedule.py) \
  $(addprefix offers/,bundles.py choosing.py itineraries.py lifecycle.py ranking.py trip.py) \
  $(addprefix orders/,barcodes/*.py lifecycle.py placing.py vouchers.py) \
  $(addprefix payments/,cards.py lifecycle.py signatures.py)
PURE := $(subst $(empty) $(empty),$(comma),$(strip $(PURE_MODULES)))

up: ## start everything on PORT (8080) and stay in the foreground; Ctrl-C stops it
	@ALTIS_MAKE_PID=$$PPID $(RUN) main manage.py up

demo: ## buy a trip through the HTTP API and show each step
	@ALTIS_MAKE_PID=$$PPID $(RUN) main manage.py demo

test: ## the whole test suite, on servers of its own
	@$(PYTEST) $(ARGS)

test-browser: ## each role's day and the shop in headless Chromium, on a stack of its own; installs chromium where it is missing
	@sh deploy/chromium.sh
	@$(RUN) dev -m pytest tests/browser -p no:randomly --timeout 1500 $(ARGS)

test-lists: ## every list of the back-office with 100,000 orders and 30,000 flights behind it, against the clock
	@$(RUN) dev -m pytest tests/backoffice/test_lists_at_size.py tests/backoffice/test_work_at_size.py tests/backoffice/test_hostile_lists.py -m slow $(ARGS)
	@cat build/lists-at-size.txt build/work-at-size.txt

screenshots: ## the pictures of docs/back-office.md, from a stack of its own
	@sh deploy/chromium.sh
	@$(RUN) dev -m bench.screenshots $(ARGS)

check: ## exactly what CI runs: format, lint, types, bandit, contracts, migrations, deployment check, tests, fuzz, torture
	@$(RUN) dev -m ruff format --check .
	@$(RUN) dev -m ruff check .
	@$(RUN) dev -m mypy .
	@$(RUN) dev -m bandit -c pyproject.toml -q -ii -r altis catalog offers orders payments bench deploy manage.py
	@$(RUN) dev -c "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
	@$(RUN) dev -m altis.devstack.production check --deploy --fail-level WARNING
	@$(PYTEST) $(ARGS)
	@$(RUN) dev -m bench.fuzz --short --requests 300
	@$(RUN) dev -m bench.torture --seed 1 --minutes 2

coverage: ## the suite once more, half as long again for being traced: 85 % of all branches, 90 % of the pure modules
	@$(PYTEST) --cov --cov-branch --cov-report= $(ARGS)
	@$(RUN) dev -m coverage report --skip-covered --fail-under=85
	@$(RUN) dev -m coverage report --include='$(PURE)' --fail-under=90

seed: ## flights, products and demo customers into the running stack
	@$(RUN) main manage.py seed_demo

bench: ## measure the API beside yardsticks, on servers of its own: ARGS="--only search-hot --runs 1"
	@$(RUN) dev -m bench $(ARGS)

bench-check: ## compare the ratios of the last `make bench` with bench/baseline.json; 1 when any got worse by over 15 %
	@$(RUN) dev -m bench.speed.check $(ARGS)

torture: ## break a whole Altis under load and judge it: SEED=1 MINUTES=2, or SEEDS=1-12; SCENES=all, OUT=folder
	@$(RUN) dev -m bench.torture $(if $(SEEDS),--seeds $(SEEDS),--seed $(or $(SEED),1)) --minutes $(or $(MINUTES),2) \
	  $(if $(SCENES),--scenes $(SCENES)) $(if $(OUT),--out $(OUT)) $(ARGS)

fuzz: ## Schemathesis against the OpenAPI document of a stack of its own: REQUESTS=20000 SEED=1
	@$(RUN) dev -m bench.fuzz --requests $(or $(REQUESTS),20000) --seed $(or $(SEED),1) $(ARGS)

reset: ## throw the data of the embedded services away (refuses while they run)
	@$(RUN) main manage.py reset

lock: ## write the lock files anew from pyproject.toml
	@sh deploy/lock.sh

audit: ## known vulnerabilities of what the lock names; 1 when there are any, 2 when the data cannot be reached
	@$(RUN) dev deploy/audit.py $(ARGS)

sbom: ## the software bill of materials as CycloneDX 1.6: OUT=build/sbom.cdx.json, or - for stdout
	@$(RUN) dev deploy/sbom.py $(or $(OUT),build/sbom.cdx.json)

help: ## this list
	@grep -hE '^[a-z-]+: .*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+): .*## /  make \1|/' | \
	  while IFS='|' read -r name text; do printf '%-18s %s\n' "$$name" "$$text"; done
