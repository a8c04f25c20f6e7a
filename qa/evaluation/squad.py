"""Measures passage ranking on SQuAD-format files, with the search of the product."""

from __future__ import annotations

import json
import math
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import ShuttenError
from corpus.files import read_text
from corpus.library import statement_from_text
from corpus.records import Statement
from index.building import adding
from index.models.encoder import Encoder
from index.search.searcher import Searcher
from index.store.local import LocalStore
from qa.evaluation.baselines import System, baseline_passages, chosen_systems

MAX_BYTES = 100_000_000  # of a file


@dataclass(frozen=True, slots=True)
class PassageMeasures:
    """How well one system ranks paragraphs. Every value is a mean over the questions, 0..1.

    Attributes:
        success_at_1: The share of questions whose right paragraph is first.
        recall_at_5: The share of questions whose right paragraph is among the first five.
        mrr_at_10: The reciprocal rank of the right paragraph, 0 after the first ten.
    """

    success_at_1: float
    recall_at_5: float
    mrr_at_10: float

    def to_json(self) -> dict[str, float]:
        """Return the values by the usual names of the measures."""
        return {
            "success@1": self.success_at_1,
            "recall@5": self.recall_at_5,
            "mrr@10": self.mrr_at_10,
        }


@dataclass(frozen=True, slots=True)
class SquadResults:
    """What `evaluate` measured.

    Attributes:
        systems: The measures of each system. The JSON repeats those of the first system.
        n: The number of questions.
        passages: The number of paragraphs that were searched.
        seconds: The time that it took.
    """

    systems: Mapping[System, PassageMeasures]
    n: int
    passages: int
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object that `shutten eval squad --json` prints."""
        systems = {system: measures.to_json() for system, measures in self.systems.items()}
        return {
            **next(iter(systems.values())),
            "n": self.n,
            "passages": self.passages,
            "seconds": self.seconds,
            "systems": systems,
        }


def evaluate(
    encoder: Encoder,
    passages: Path,
    questions: Path,
    systems: Sequence[str] | None = None,
    sample: int | None = None,
    seed: int = 0,
) -> SquadResults:
    """Index the paragraphs of one file and ask the questions of another.

    The right paragraph of a question is the one that has a question of the same id in the passages
    file. So the two files may be in different languages.

    Args:
        encoder: The model that encodes paragraphs and questions.
        passages: The file whose paragraphs are searched.
        questions: The file whose questions are asked.
        systems: Names of the systems to measure; `full` alone if there is none.
        sample: How many questions to draw at random. None asks all of them.
        seed: The seed of the draw.

    Raises:
        ShuttenError: A file is not in SQuAD format, the two share no question id, or `sample` or a
            name of `systems` is wrong.
    """
    if sample is not None and sample < 1:
        raise ShuttenError(f"a sample of {sample} questions; ask for at least 1")
    chosen = chosen_systems(systems)
    texts, pairs = _read(passages, questions)
    if sample is not None and sample < len(pairs):
        pairs = random.Random(seed).sample(pairs, sample)  # noqa: S311
    started = time.perf_counter()
    statements = [(statement_from_text(name, text), passages.name) for name, text in texts.items()]
    ranks = _ranks_in_new_index(encoder, statements, pairs, chosen)
    return SquadResults(
        {system: _measures(ranks[system]) for system in chosen},
        n=len(pairs),
        passages=len(texts),
        seconds=round(time.perf_counter() - started, 2),
    )


def _read(passages: Path, questions: Path) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the paragraphs by name, and pairs of a question and the name of its paragraph."""
    by_name = {
        f"{article}-{number}": paragraph for article, number, paragraph in paragraphs(passages)
    }
    texts = {name: str(paragraph["context"]) for name, paragraph in by_name.items()}
    names = {qa["id"]: name for name, paragraph in by_name.items() for qa in paragraph["qas"]}
    pairs = [
        (qa["question"], names[qa["id"]])
        for _, _, paragraph in paragraphs(questions)
        for qa in paragraph["qas"]
        if qa["id"] in names
    ]
    if not pairs:
        raise ShuttenError(
            f"{questions}: no question id is also in {passages}; give a matching set"
        )
    return texts, pairs


def _ranks_in_new_index(
    encoder: Encoder,
    statements: Sequence[tuple[Statement, str]],
    pairs: Sequence[tuple[str, str]],
    systems: Sequence[System],
) -> dict[System, list[float]]:
    """Return the ranks in an index that is removed afterwards; see `_ranks`."""
    with tempfile.TemporaryDirectory(prefix="shutten-", ignore_cleanup_errors=True) as folder:
        store = LocalStore(Path(folder))
        try:
            adding.add(store, encoder, [pair for pair in statements if pair[0].passages])
            return _ranks(Searcher(store, encoder), pairs, systems)
        finally:
            store.close()


def _ranks(
    searcher: Searcher, pairs: Sequence[tuple[str, str]], systems: Sequence[System]
) -> dict[System, list[float]]:
    """Return the rank of the right paragraph of each question; infinite if it is not ranked."""
    from tqdm import tqdm

    ranks: dict[System, list[float]] = {system: [] for system in systems}
    for question, right_name in tqdm(pairs, "asking", leave=False, delay=1):
        for system in systems:
            names = dict.fromkeys(_ranked_names(searcher, system, question))
            places = (rank for rank, name in enumerate(names, 1) if name == right_name)
            ranks[system].append(next(places, math.inf))
    return ranks


def _ranked_names(searcher: Searcher, system: System, question: str) -> list[str]:
    """Return the names of the paragraphs that a system ranks, best first."""
    if system != "full":
        return baseline_passages(searcher, system, question)
    return [statement for statement, _, _ in searcher.search(question).passages()]


def _measures(ranks: Sequence[float]) -> PassageMeasures:
    values = np.array(ranks, float)
    return PassageMeasures(
        float((values <= 1).mean()),
        float((values <= 5).mean()),
        float(np.where(values <= 10, 1 / values, 0).mean()),
    )


def paragraphs(path: Path) -> list[tuple[int, int, dict[str, Any]]]:
    """Read the paragraphs of a SQuAD-format file.

    Returns:
        For each paragraph the number of its article, its number in the article, and its JSON
        object with `context` and `qas`.

    Raises:
        ShuttenError: The file cannot be read, or is in another format.
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
