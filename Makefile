# Set-up needs nothing but Python 3.11-3.13 with venv; every target makes what it needs by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# What touches the database through the tests' own; the command line's tests bring a SQLite file of theirs.
ON_BOTH := tests/storage tests/handlers $(addprefix tests/bot/test_,intake.py batches.py concurrency.py outbox.py hostile.py pace.py watch.py leases.py)

.PHONY: run test test-nightly bench bench-pipeline bench-scaling check format lock clean

run: $(VENV)/.ready
	@echo "Starting the demo at http://127.0.0.1:$(PORT) (another port: make run PORT=8001)"
	@$(BIN)/loudong demo --port $(PORT)

# The longest files first: what is begun last has no other process to share the time with.
LONGEST := tests/e2e/test_kill_loop.py tests/e2e/test_kill_loop_postgresql.py tests/e2e/test_roles.py tests/nlp/test_fuzz.py tests/e2e

# Everything on SQLite, then what touches the database on PostgreSQL.
test: $(VENV)/.ready
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder $(LONGEST) tests
	LOUDONG_TEST_DATABASE=postgresql $(BIN)/pytest -n 2 --dist loadfile $(ON_BOTH)

test-nightly: $(VENV)/.ready
	$(BIN)/pytest -m nightly

# How well and how fast messages are understood, on the corpus or on DATA=file.jsonl
bench: $(VENV)/.bench
	$(BIN)/python benchmarks/understanding.py $(or $(DATA),tests/corpus)
	$(BIN)/python benchmarks/understanding_speed.py $(or $(DATA),tests/corpus)

# How fast messages become committed effects, beside what bounds it
bench-pipeline: $(VENV)/.ready
	$(BIN)/python benchmarks/pipeline.py

# How that changes with a long history and more workers, what an idle bot takes, and what a province would need
bench-scaling: $(VENV)/.ready
	$(BIN)/python benchmarks/scaling.py
	$(BIN)/python benchmarks/province.py

check: $(VENV)/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports

format: $(VENV)/.ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Needs uv. The lock holds hashes for Python 3.11 to 3.13 and no index addresses.
lock:
	uv lock --quiet
	uv export --frozen --quiet --all-extras --no-emit-project --no-annotate --no-header -o requirements.lock
	uv export --frozen --quiet --no-emit-project --no-annotate --no-header --only-group benchmarks -o benchmarks/requirements.lock
	rm -f uv.lock

$(VENV)/.ready: requirements.lock pyproject.toml
	@echo "Setting up $(VENV) with $$($(PYTHON) --version): about a minute, once."
	@$(PYTHON) -m venv $(VENV)
	@echo "Installing packages by requirements.lock ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
	@echo "Set up."

$(VENV)/.bench: $(VENV)/.ready benchmarks/requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
