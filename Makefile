# Every command that a person or CI needs. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

SWIFT ?= swift
# Folders that `make clean` removes; DATA is the operator's and stays.
export DATA ?= data
export POLICIES ?= policies
export PORT ?= 8080

DEBUG_BINARY := $(CURDIR)/.build/debug/governor
RELEASE_BINARY := $(CURDIR)/.build/release/governor
FORMATTED := Sources Tests Package.swift

.PHONY: help
help: ## List the commands.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

.PHONY: setup
setup: ## Install the Debian packages that are missing.
	@Scripts/setup.sh build test bench

.PHONY: build
build: ## Build the release binary, .build/release/governor.
	@Scripts/setup.sh build
	@$(SWIFT) build --configuration release --product governor

.PHONY: run
run: build ## Build and start the governor on the embedded store (PORT=8080 DATA=data POLICIES=policies).
	@GOVERNOR_BINARY=$(RELEASE_BINARY) exec Scripts/run.sh

.PHONY: test
test: ## Build and run every test, in the browser too.
	@Scripts/setup.sh build test browser
	@$(SWIFT) build --build-tests
	@GOVERNOR_BINARY=$(DEBUG_BINARY) $(SWIFT) test --skip-build --no-parallel
	@$(MAKE) --no-print-directory test-browser

# What threads share: the tests of these run under the thread sanitizer, in a scratch folder of its own.
SANITIZED := GovernorLedgerTests|GovernorStoreTests|GovernorRuntimeTests|GovernorHTTPTests

.PHONY: sanitize
sanitize: ## Run the tests of ledger, stores, runtime and HTTP under the thread sanitizer.
	@Scripts/setup.sh build test
	@$(SWIFT) build --build-tests --sanitize=thread --scratch-path .build-tsan
	@$(SWIFT) test --skip-build --sanitize=thread --scratch-path .build-tsan --no-parallel --filter '^($(SANITIZED))\.'

.PHONY: lint
lint: ## Check the layout of the code and the policies.
	@$(SWIFT) format lint --strict --recursive --parallel $(FORMATTED)
	@for script in .ci/run Scripts/*.sh; do bash -n "$$script"; done
	@Scripts/setup.sh build
	@$(SWIFT) build --product governor
	@python3 Scripts/make-calendars.py --check
	@$(DEBUG_BINARY) policy lint policies policies/packs
	@$(DEBUG_BINARY) policy format --check policies policies/packs
	@$(DEBUG_BINARY) policy test policies policies/packs --min-coverage 100

.PHONY: format
format: ## Lay out the code as the house does.
	@$(SWIFT) format --in-place --recursive --parallel $(FORMATTED)

.PHONY: check
check: test test-api lint demo ## Everything that CI runs.

.PHONY: golden
golden: ## Rewrite the expected outputs of the golden tests; review the diff.
	@Scripts/setup.sh build test
	@GOVERNOR_GOLDEN=rewrite $(SWIFT) test --filter Golden
	@git --no-pager diff --stat -- '*.expected'

# The accessibility checker, a file that a Python package carries.
.build/tools/axe.min.js:
	@mkdir -p $(@D)
	@python3 -m pip download --quiet --no-deps --only-binary :all: --dest $(@D) axe-playwright-python==0.1.8
	@python3 -m zipfile -e $(@D)/axe_playwright_python-*.whl $(@D)
	@cp $(@D)/axe_playwright_python/axe.min.js $@

.PHONY: test-browser
test-browser: ## Use the console and people's pages in Chromium, check every page, keep pictures in .build/screenshots.
	@Scripts/setup.sh build browser
	@$(SWIFT) build --product governor
	@$(MAKE) --no-print-directory .build/tools/axe.min.js || true
	@python3 Tests/BrowserTests/journeys.py $(DEBUG_BINARY) .build/screenshots .build/tools/axe.min.js

# A client that makes up requests from the API's description.
SCHEMATHESIS := .build/tools/schemathesis/bin/schemathesis
$(SCHEMATHESIS):
	@mkdir -p $(@D)
	@python3 -m venv .build/tools/schemathesis
	@.build/tools/schemathesis/bin/pip install --quiet schemathesis==4.32.5

.PHONY: test-api
test-api: ## Ask every operation of openapi.yaml with made-up requests, some of which it forbids.
	@Scripts/setup.sh build api
	@$(SWIFT) build --product governor
	@if $(MAKE) --no-print-directory $(SCHEMATHESIS); then \
	    GOVERNOR_BINARY=$(DEBUG_BINARY) GOVERNOR_SCHEMATHESIS=$(SCHEMATHESIS) Scripts/test-api.sh; \
	else echo "test-api: schemathesis cannot be fetched; left out" >&2; fi

.PHONY: screenshots
screenshots: test-browser ## The same: the pictures are in .build/screenshots.

.PHONY: demo
demo: build ## Tell the story of one customer and five agencies, in under a minute.
	@GOVERNOR_BINARY=$(RELEASE_BINARY) python3 Scripts/demo/demo.py

.PHONY: bench
bench: build ## Measure the governor beside nginx and SQLite in one run (ROUNDS=5 SECONDS=4 PEOPLE=1000000).
	@Scripts/setup.sh build bench
	@GOVERNOR_BINARY=$(RELEASE_BINARY) python3 Tests/Benchmarks/bench.py

.PHONY: completions
completions: build ## Write what shells complete commands with, for bash, zsh and fish, into .build/completions.
	@mkdir -p .build/completions
	@$(RELEASE_BINARY) --generate-completion-script bash > .build/completions/governor.bash
	@$(RELEASE_BINARY) --generate-completion-script zsh > .build/completions/_governor
	@$(RELEASE_BINARY) --generate-completion-script fish > .build/completions/governor.fish
	@ls .build/completions

.PHONY: clean
clean: ## Remove what was built; the data folder stays.
	@$(SWIFT) package clean
	@rm -rf .build/release .build/debug .build-tsan
