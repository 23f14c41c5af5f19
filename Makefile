# Gatehouse. Bare `make` lists the targets.

SHELL := /bin/bash
PATH := $(PATH):/usr/sbin
.DEFAULT_GOAL := help
.PHONY: help build release run test test-swift test-web test-end-to-end test-browser acceptance \
	screenshots model lint format config check bench deb test-system clean packages test-packages \
	package-tools system-tools

# `make check` and CI say -Xswiftc -warnings-as-errors here: a newer compiler's new warning must not
# keep anybody from running.
SWIFT_FLAGS ?=
SOURCES := Package.swift $(shell find Sources -type f)
BINARY := .build/release/gatehouse
VENV := .build/venv
REQUIREMENTS := Tests/EndToEnd/requirements.txt
BROWSER_TESTS := $(wildcard Tests/EndToEnd/test_browser*.py Tests/EndToEnd/test_engines.py \
	Tests/EndToEnd/test_screenshots.py Tests/EndToEnd/test_story.py)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: packages ## build everything for debugging, tests included
	swift build $(SWIFT_FLAGS) --build-tests

release: $(BINARY) ## build what ships

# SwiftPM leaves a binary that is up to date as old as it was, hence touch.
$(BINARY): $(SOURCES) | packages
	swift build -c release --static-swift-stdlib --product gatehouse
	@touch $@

# It ends with make, also where that is killed outright.
run: ## start Gatehouse and nginx on https://localhost:8443 (PORT=, DATA=, ORIGINS=)
	@setpriv --pdeathsig TERM scripts/run

test: test-packages test-swift test-web test-end-to-end test-browser ## run every test: Swift's, the page's, then all through nginx with TLS

test-swift: test-packages
	swift test $(SWIFT_FLAGS)

test-web: test-packages
	node --test Tests/Web/*.test.mjs

# After Swift's, for it takes longest to say what is wrong.
test-end-to-end: test-swift $(VENV)/installed $(BINARY)
	GATEHOUSE_BINARY=$(CURDIR)/$(BINARY) $(VENV)/bin/pytest $(PYTEST_FLAGS) Tests/EndToEnd \
		$(BROWSER_TESTS:%=--ignore=%)

test-browser: test-packages $(VENV)/installed $(BINARY) ## try the page in Chromium and WebKit
	GATEHOUSE_BINARY=$(CURDIR)/$(BINARY) $(VENV)/bin/pytest $(PYTEST_FLAGS) $(BROWSER_TESTS)

# Takes an hour or more; -s, since the figures are the point.
acceptance: test-packages $(VENV)/installed $(BINARY) ## try in full what `test` tries in part: tabs, thieves, kills, clocks, timing, TLS, leaks
	GATEHOUSE_TEST_FULL=1 GATEHOUSE_BINARY=$(CURDIR)/$(BINARY) $(VENV)/bin/pytest -s -v $(PYTEST_FLAGS) \
		Tests/EndToEnd/test_{tabs,browser_tabs,browser_speed,thief,clock,ended_at_once,login_timing}.py \
		Tests/EndToEnd/test_{durability,restarts,reload,keys,restore_interrupted,backup_room,import,tls,leaks}.py

screenshots: test-packages $(VENV)/installed $(BINARY) ## take README's pictures anew
	GATEHOUSE_TAKE_SCREENSHOTS=1 GATEHOUSE_BINARY=$(CURDIR)/$(BINARY) $(VENV)/bin/pytest -s $(PYTEST_FLAGS) \
		Tests/EndToEnd/test_screenshots.py

$(VENV)/installed: $(REQUIREMENTS) | test-packages
	@test -x $(VENV)/bin/pip || python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $(REQUIREMENTS)
	@touch $@

# Optimized, for it looks at millions of states.
model: packages ## look at all that can happen to a refresh token (docs/rotation.md; TRACES=1)
	@swift build -c release --product RotationModel $(SWIFT_FLAGS) >&2
	@.build/release/RotationModel $(if $(TRACES),traces)

lint: ## judge the form of all Swift files and scripts
	swift format lint --strict --parallel --recursive Package.swift Sources Tests
	@find Sources Tests -name '*.swift' -exec awk 'END { if (NR > 400) { print FILENAME ": " NR " lines, 400 at most"; exit 1 } }' {} \; | { ! grep .; }
	@for script in scripts/* .ci/run systemd/backup debian/*.p{ostinst,ostrm,rerm}; do bash -n $$script || exit 1; done

format: ## rewrite all Swift files in the project's form
	swift format --in-place --parallel --recursive Package.swift Sources Tests

config: test-packages ## judge nginx's configuration and the systemd units
	@scripts/check

check: SWIFT_FLAGS := -Xswiftc -warnings-as-errors
check: lint config model test ## what CI runs: lint, config, the model, warnings as errors, test

bench: release ## measure (see Benchmarks/README.md)
	Benchmarks/run all

# GATEHOUSE_BINARY= packs a program that is there already.
deb: package-tools $(if $(GATEHOUSE_BINARY),,$(BINARY)) ## build the Debian package, in .build/deb
	DESTINATION=.build/deb $(if $(GATEHOUSE_BINARY),GATEHOUSE_BINARY=$(GATEHOUSE_BINARY)) debian/rules clean binary
	@ls .build/deb/gatehouse_$$(dpkg-parsechangelog --show-field Version)_*.deb

# Needs root. Boots a Debian 12 and a 13 without Swift, in containers; GATEHOUSE_TEST_FULL=1 takes
# ten minutes.
test-system: deb test-packages system-tools $(VENV)/installed ## try the Debian package on booted systems
	$(VENV)/bin/pytest -s $(PYTEST_FLAGS) Tests/System

clean: ## remove what was built, not the data of `make run`
	rm -rf .build

packages:
	@scripts/packages

test-packages:
	@scripts/packages test

package-tools:
	@scripts/packages deb

system-tools:
	@scripts/packages system
