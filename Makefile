# `make demo` and `make test` need only Python 3.11+ and pip; both keep their environment in .venv.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints.txt

# A process a core, each with one thread.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto

.PHONY: demo studio test test-slow test-studio check check-studio studio-types golden clean

demo: .venv/runtime  ## cut the sample room into objects and parts; on a terminal, then open the studio with it
	$(BIN)/pinpoint3d demo
	@if [ -t 1 ]; then $(BIN)/pinpoint3d studio; fi

studio: .venv/runtime  ## the studio alone
	$(BIN)/pinpoint3d studio

test: .venv/dev  ## unit tests, under a minute
	$(PYTEST)

test-slow: .venv/dev  ## the slow tests, but for those in a browser
	$(PYTEST) -m slow --ignore tests/studio

# Node comes with the development environment; the scripts of studio/package.json find it on the path.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm --prefix studio

test-studio: .venv/dev studio/node_modules  ## the page alone, then in a browser; needs Chromium
	$(NPM) test
	$(BIN)/python -m pytest -m slow tests/studio

check-studio: .venv/dev studio/node_modules  ## types and style of the page
	$(NPM) run check

studio-types: .venv/dev studio/node_modules  ## write the page's types anew from the server's
	$(BIN)/python studio/describe_server.py > studio/openapi.json
	$(NPM) run types -- openapi.json
	rm studio/openapi.json

studio/node_modules: studio/package-lock.json
	$(NPM) ci
	touch $@

check: .venv/dev  ## style, types and import directions
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

golden: .venv/runtime  ## compare both networks with published outputs: make golden DIR=folder
	$(BIN)/python benchmarks/golden.py $(DIR)

STUDIO := $(shell find studio/src studio/public studio/*.json studio/index.html studio/vite.config.ts -type f)

SOURCES := pyproject.toml constraints.txt setup.py $(wildcard src/pinpoint3d/native/cpp/*) $(STUDIO)

.venv/runtime: $(SOURCES)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) torch==2.13.0
	$(INSTALL) --editable .
	touch $@

# All in one go: what is compiled and built for the runtime is not made a second time.
.venv/dev: $(SOURCES)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) torch==2.13.0
	$(INSTALL) --editable ".[dev]"
	touch .venv/runtime $@

clean:
	rm -rf .venv build dist demo-out studio/node_modules src/pinpoint3d/server/static
