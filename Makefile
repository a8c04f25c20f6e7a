# `make chat` opens the chat, and `make test` runs all checks. Both install what they need into
# .venv first.
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
	@if command -v chromium > /dev/null && command -v nginx > /dev/null; \
	then $(BIN)/python -m pytest -m nginx tests/browser; \
	else echo "No nginx here: the tests of several servers behind it were left out."; fi

setup: $(VENV)/.ready

# The file .ready says that everything is installed. It is made again when the dependencies change.
$(VENV)/.ready: pyproject.toml scripts/setup.py scripts/constraints.txt
	$(PYTHON) scripts/setup.py $(VENV)
	touch $@

# Trains the adapter of the bundled model, and then the reranker, which uses it. This takes four
# hours on two cores.
train: setup
	$(BIN)/python -m training.adapter
	$(BIN)/python -m training.reranker

# Fits the confidence, which takes a quarter of an hour. BENCH=folder names a folder with files in
# SQuAD format. Their questions are about other subjects.
tune: setup
	$(BIN)/python -m training.calibration $(wildcard $(BENCH)/*.json)

# Measures what each part of the ranking and of the confidence is worth.
ablate: setup
	$(BIN)/python -m training.ablation

# Measures Shutten beside the usual way, into the folder bench-report. BENCH=folder names a folder
# with files in SQuAD format. Then it measures how long a reader waits, alone and beside other
# readers, and which replies many clients get that ask at once.
bench: setup
	$(BIN)/python -m pip install --quiet --constraint scripts/constraints.txt --editable ".[bench]"
	PYTHONPATH=.:tests:tests/bench $(BIN)/python tests/bench/side_by_side $(if $(BENCH),--texts $(BENCH))
	PYTHONPATH=.:tests:tests/browser $(BIN)/python tests/bench/page.py
	PYTHONPATH=.:tests $(BIN)/python tests/bench/load.py
	PYTHONPATH=.:tests $(BIN)/python tests/bench/several.py
	PYTHONPATH=.:tests:tests/browser $(BIN)/python tests/bench/turns.py

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
