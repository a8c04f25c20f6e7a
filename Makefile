# Two commands: `make chat` and `make test`. Both set up what they need in .venv first.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: chat test setup train tune ablate bench clean

chat: setup
	$(BIN)/shutten chat

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest
	@if command -v chromium > /dev/null; then $(BIN)/python -m pytest tests/browser; \
	else echo "No chromium here: the browser tests were left out."; fi

setup: $(VENV)/.ready

# The stamp is made again whenever the dependencies change.
$(VENV)/.ready: pyproject.toml scripts/setup.py scripts/constraints.txt
	$(PYTHON) scripts/setup.py $(VENV)
	touch $@

# Trains the adapter of the bundled model, then the reranker on top (four hours on two cores).
train: setup
	$(BIN)/python -m training.adapter
	$(BIN)/python -m training.reranker

# Fits the confidence (a quarter of an hour). BENCH=folder holds files in SQuAD format with questions
# about other subjects.
tune: setup
	$(BIN)/python -m training.calibration $(wildcard $(BENCH)/*.json)

# Measures what each part of the ranking and of the confidence is worth.
ablate: setup
	$(BIN)/python -m training.ablation

# How long a reader waits, alone and beside others, and what many clients at once meet.
bench: setup
	PYTHONPATH=tests:tests/browser $(BIN)/python tests/bench/page.py
	PYTHONPATH=tests $(BIN)/python tests/bench/load.py
	PYTHONPATH=tests:tests/browser $(BIN)/python tests/bench/turns.py

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
