"""Measures passage ranking on SQuAD-format files, through the product's own search."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import ShuttenError
from corpus.files import read_text
from corpus.records import Provenance, Source, Statement
from corpus.segmentation.parsing import parse
from index.building import adding
from index.models.encoder import Encoder
from index.search.searcher import Searcher
from index.store.store import Store
from qa.evaluation.baselines import System, baseline_passages, chosen_systems

MAX_BYTES = 100_000_000  # of a file


def evaluate(
    encoder: Encoder,
    passages: Path,
    questions: Path,
    systems: Sequence[str] | None = None,
    sample: int | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Index the paragraphs of one file and ask the questions of another.

    The right paragraph of a question is the one where the passages file has the question's id,
    so the two files may be in different languages.

    Raises:
        ShuttenError: A file is not in SQuAD format, or the two share no question id.
    """
    if sample is not None and sample < 1:
        raise ShuttenError(f"a sample of {sample} questions; ask for at least 1")
    chosen = chosen_systems(systems)
    contexts, asked = _read(passages, questions)
    if sample is not None and sample < len(asked):
        asked = random.Random(seed).sample(asked, sample)  # noqa: S311
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="shutten-", ignore_cleanup_errors=True) as folder:
        store = Store(Path(folder))
        try:
            statements = [
                (_statement(name, text), passages.name) for name, text in contexts.items()
            ]
            adding.add(store, encoder, [pair for pair in statements if pair[0].passages])
            ranks = _ranks(Searcher(store, encoder), asked, chosen)
        finally:
            store.close()
    measured = {system: _measures(np.array(ranks[system], float)) for system in chosen}
    return {
        **measured[chosen[0]],
        "n": len(asked),
        "passages": len(contexts),
        "seconds": round(time.perf_counter() - started, 2),
        "systems": measured,
    }


def _read(passages: Path, questions: Path) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Texts of the paragraphs by name, and (question, name of the right paragraph) pairs."""
    contexts = {
        f"{article}-{number}": str(paragraph["context"])
        for article, number, paragraph in paragraphs(passages)
    }
    gold = {
        qa["id"]: f"{article}-{number}"
        for article, number, paragraph in paragraphs(passages)
        for qa in paragraph["qas"]
    }
    asked = [
        (qa["question"], gold[qa["id"]])
        for _, _, paragraph in paragraphs(questions)
        for qa in paragraph["qas"]
        if qa["id"] in gold
    ]
    if not asked:
        raise ShuttenError(
            f"{questions}: no question id is also in {passages}; give a matching set"
        )
    return contexts, asked


def _ranks(
    searcher: Searcher, asked: Sequence[tuple[str, str]], systems: Sequence[System]
) -> dict[System, list[float]]:
    """The rank of the right paragraph for each question, infinite when it was not found."""
    from tqdm import tqdm

    ranks: dict[System, list[float]] = {system: [] for system in systems}
    for question, right in tqdm(asked, "asking", leave=False, delay=1):
        for system in systems:
            names = dict.fromkeys(_passages(searcher, system, question))
            rank = next((i for i, name in enumerate(names, 1) if name == right), np.inf)
            ranks[system].append(float(rank))
    return ranks


def _passages(searcher: Searcher, system: System, question: str) -> list[str]:
    """Return the names of the paragraphs that a system ranks, best first."""
    if system != "full":
        return baseline_passages(searcher, system, question)
    return [statement for statement, _, _ in searcher.search(question).passages()]


def _measures(ranks: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, float]:
    return {
        "success@1": float((ranks <= 1).mean()),
        "recall@5": float((ranks <= 5).mean()),
        "mrr@10": float(np.where(ranks <= 10, 1 / ranks, 0).mean()),
    }


def _statement(name: str, text: str) -> Statement:
    return Statement(Source(name, text.encode()), Provenance(), parse(text))


def paragraphs(path: Path) -> list[tuple[int, int, dict[str, Any]]]:
    """(article, place in it, paragraph) of a SQuAD-format file.

    Raises:
        ShuttenError: It cannot be read, or is in another format.
    """
    try:
        data = json.loads(read_text(path, MAX_BYTES))["data"]
        return [
            (article, number, paragraph)
            for article, entry in enumerate(data)
            for number, paragraph in enumerate(entry["paragraphs"])
            if paragraph["context"] and all(qa["id"] and qa["question"] for qa in paragraph["qas"])
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ShuttenError(
            f"{path}: not in SQuAD format ({type(error).__name__}: {error}); "
            "it needs data > paragraphs > context, qas"
        ) from None
