# Gatehouse. Bare `make` lists the targets.

SHELL := /bin/bash
PATH := $(PATH):/usr/sbin
.DEFAULT_GOAL := help
.PHONY: help build release run test test-swift test-web test-end-to-end test-end-to-end-a \
	test-end-to-end-l test-browser acceptance \
	screenshots model lint format config check bench deb test-system clean packages test-packages \
	package-tools system-tools

# `make check` and CI add -Xswiftc -warnings-as-errors. It is not the default, so that a new warning
# of a newer compiler does not stop a build.
SWIFT_FLAGS ?=
SOURCES := Package.swift $(shell find Sources -type f)
BINARY := .build/release/gatehouse
VENV := .build/venv
REQUIREMENTS := Tests/EndToEnd/requirements.txt
BROWSER_TESTS := $(wildcard Tests/EndToEnd/test_browser*.py Tests/EndToEnd/test_engines.py \
	Tests/EndToEnd/test_screenshots.py Tests/EndToEnd/test_story.py)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: packages ## build everything for debugging, including tests
	swift build $(SWIFT_FLAGS) --build-tests

release: $(BINARY) ## build the release binary

# SwiftPM does not change the date of a binary that is up to date, hence touch.
$(BINARY): $(SOURCES) | packages
	swift build -c release --static-swift-stdlib --product gatehouse
	@touch $@

# setpriv: the script ends with make, even if make is killed with SIGKILL.
run: ## start Gatehouse and nginx on https://localhost:8443 (PORT=, DATA=, ORIGINS=)
	@setpriv --pdeathsig TERM scripts/run

test: test-packages test-swift test-web test-end-to-end test-browser ## run every test: Swift, the page, then everything through nginx with TLS

test-swift: test-packages
	swift test $(SWIFT_FLAGS)

test-web: test-packages
	node --test Tests/Web/*.test.mjs

# Two halves, so that `make --jobs` can run them at the same time. They run after the Swift tests,
# because they take longest to find a fault.
END_TO_END_HALVES := test-end-to-end-a test-end-to-end-l
test-end-to-end-a: NAMES = $(wildcard Tests/EndToEnd/test_[a-k]*.py)
test-end-to-end-l: NAMES = $(wildcard Tests/EndToEnd/test_[l-z]*.py)
test-end-to-end: $(END_TO_END_HALVES)
$(END_TO_END_HALVES): test-swift $(VENV)/installed $(BINARY)
	MAKEFLAGS= GATEHOUSE_BINARY=$(CURDIR)/$(BINARY) $(VENV)/bin/pytest $(PYTEST_FLAGS) \
		$(filter-out $(BROWSER_TESTS),$(NAMES))

test-browser: test-packages $(VENV)/installed $(BINARY) ## test the page in Chromium and WebKit
	GATEHOUSE_BINARY=$(CURDIR)/$(BINARY) $(VENV)/bin/pytest $(PYTEST_FLAGS) $(BROWSER_TESTS)

# Takes an hour or more. -s shows the figures that the tests print.
acceptance: test-packages $(VENV)/installed $(BINARY) ## run the long version of tests: tabs, stolen tokens, kills, clocks, timing, TLS, leaks
	GATEHOUSE_TEST_FULL=1 GATEHOUSE_BINARY=$(CURDIR)/$(BINARY) $(VENV)/bin/pytest -s -v $(PYTEST_FLAGS) \
		Tests/EndToEnd/test_{tabs,browser_tabs,browser_speed,browser_people,thief,clock,ended_at_once,login_timing}.py \
		Tests/EndToEnd/test_{durability,restarts,reload,keys,restore_interrupted,backup_room,import,tls,leaks,long_connections}.py

screenshots: test-packages $(VENV)/installed $(BINARY) ## take README's screenshots again
	GATEHOUSE_TAKE_SCREENSHOTS=1 GATEHOUSE_BINARY=$(CURDIR)/$(BINARY) $(VENV)/bin/pytest -s $(PYTEST_FLAGS) \
		Tests/EndToEnd/test_screenshots.py

$(VENV)/installed: $(REQUIREMENTS) | test-packages
	@test -x $(VENV)/bin/pip || python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $(REQUIREMENTS)
	@touch $@

# An optimized build, because the model has millions of states.
model: packages ## check all that can happen to a refresh token (docs/rotation.md; TRACES=1)
	@swift build -c release --product RotationModel $(SWIFT_FLAGS) >&2
	@.build/release/RotationModel $(if $(TRACES),traces)

lint: ## check the format of all Swift files and the syntax of scripts
	swift format lint --strict --parallel --recursive Package.swift Sources Tests
	@find Sources Tests -name '*.swift' -exec awk 'END { if (NR > 400) { print FILENAME ": " NR " lines, 400 at most"; exit 1 } }' {} \; | { ! grep .; }
	@python3 -c 'import ast; ast.parse(open("scripts/common-passwords").read())'
	@for script in $(filter-out scripts/common-passwords,$(wildcard scripts/*)) .ci/run systemd/backup debian/*.p{ostinst,ostrm,rerm}; do bash -n $$script || exit 1; done

format: ## format all Swift files
	swift format --in-place --parallel --recursive Package.swift Sources Tests

config: test-packages ## check the nginx configuration and the systemd units
	@scripts/check

check: SWIFT_FLAGS := -Xswiftc -warnings-as-errors
check: lint config model test ## run what CI runs: lint, config, the model, and the tests with warnings as errors

bench: release ## run the benchmarks (see Benchmarks/README.md)
	Benchmarks/run all

# GATEHOUSE_BINARY= packs an existing binary.
deb: package-tools $(if $(GATEHOUSE_BINARY),,$(BINARY)) ## build the Debian package, in .build/deb
	DESTINATION=.build/deb $(if $(GATEHOUSE_BINARY),GATEHOUSE_BINARY=$(GATEHOUSE_BINARY)) debian/rules clean binary
	@ls .build/deb/gatehouse_$$(dpkg-parsechangelog --show-field Version)_*.deb

# Needs root. Boots Debian 12 and Debian 13 without Swift in containers. GATEHOUSE_TEST_FULL=1 takes
# ten minutes.
test-system: deb test-packages system-tools $(VENV)/installed ## test the Debian package on booted systems
	$(VENV)/bin/pytest -s $(PYTEST_FLAGS) Tests/System

clean: ## remove everything built, and keep the data of `make run`
	rm -rf .build

packages:
	@scripts/packages

# After the others, because two runs of apt at once stop each other.
test-packages: packages
	@scripts/packages test

package-tools:
	@scripts/packages deb

system-tools:
	@scripts/packages system
