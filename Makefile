# Two commands: `make demo` and `make test`. Everything they need is set up by the first line of each.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVE ?= 1

.PHONY: demo test check lock environment browser spark bench bench-quality

demo: environment
	$(BIN)/mulu demo $(if $(filter 0,$(SERVE)),--no-serve)

test: environment browser spark
	OMP_WAIT_POLICY=PASSIVE $(BIN)/python -m pytest -n auto --dist loadfile --ignore=tests/browser
	$(BIN)/python -m pytest tests/browser

check: environment
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

environment: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else \
	  "mulu needs Python 3.11 to 3.13; this is %d.%d. Say which to use: make PYTHON=python3.12" % sys.version_info[:2])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; }; } || \
	  echo "No Chromium here and it may not be installed: browser tests are skipped."

# Spark is half a gigabyte: installed for the tests only where a Java machine could run it.
spark: $(VENV)/.spark

$(VENV)/.spark: $(VENV)/.ready requirements-spark.lock
	@if command -v java >/dev/null; then \
	  $(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --require-hashes -r requirements-spark.lock; \
	else echo "No Java machine here: the tests of the Spark engine are skipped."; fi
	touch $@

# Speed, each beside its rival in the same run; SCALE=full takes the sizes of the budgets, and about an hour.
SCALE ?= small
bench: environment $(VENV)/.bench
	$(BIN)/python tests/benchmarks/run.py --scale $(SCALE)

$(VENV)/.bench: $(VENV)/.ready requirements-bench.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --require-hashes -r requirements-bench.lock
	touch $@

bench-quality: environment $(VENV)/.bench
	$(BIN)/python tests/benchmarks/bench_quality.py --page models/QUALITY.md

LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-annotate --no-header --extra test --extra postgresql pyproject.toml
lock:
	$(LOCK) -o requirements.lock
	$(LOCK) --extra spark -o requirements-spark.lock
	$(LOCK) --extra bench -o requirements-bench.lock
