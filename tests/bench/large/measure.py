"""Measure a large library: opening, answers, memory, disk, and what is proposed.

PYTHONPATH=.:tests:tests/bench python tests/bench/large/measure.py HOME QUESTIONS.json [RECALL
[ADDRESS]]

`QUESTIONS.json` is a list of questions. Every fifth one is asked of one named meeting. RECALL of
the others are compared with an exhaustive search. With an address, the library lies on a server.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import mean, quantiles

import numpy as np

from index.late_interaction.maxsim import max_sim_tokens
from index.models.encoder import Floats
from index.search.candidates import propose
from index.search.query import Query
from index.search.scoring import calibrate
from index.search.snapshot import Snapshot
from qa import Assistant

_NAMED = 5  # each so many questions, one names a meeting
_WARMING = 20  # questions before time is taken
_CLIENTS = 8
_FIRST = 10  # passages of an exhaustive search
_AT_ONCE = 10_000  # passages that are compared in one step


def main(home: str, questions: str, recall: str = "0", address: str = "") -> None:
    """Print the figures as JSON, one line each."""
    begun = time.perf_counter()
    assistant = Assistant.open(home, address)
    snapshot = assistant.searcher.snapshot()
    opened = time.perf_counter() - begun
    tell(passages=snapshot.total, statements=len(snapshot.statements), open_s=round(opened, 2))
    tell(disk_GB=round(sum(f.stat().st_size for f in Path(home).rglob("*")) / 1e9, 2))
    texts = _of_meetings(json.loads(Path(questions).read_text("utf-8")), snapshot)
    for text in texts[:_WARMING]:
        assistant.ask(text)
    for clients in (1, _CLIENTS):
        begun = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            seconds = list(pool.map(lambda text: _seconds(assistant, text), texts[_WARMING:]))
        whole = time.perf_counter() - begun
        cuts = quantiles(seconds, n=20)
        tell(
            clients=clients,
            questions=len(seconds),
            p50_ms=round(1000 * cuts[9]),
            p95_ms=round(1000 * cuts[18]),
            a_second=round(len(seconds) / whole, 1),
        )
        # What was answered once is answered from memory, so the others are new again.
        texts = [f"{text} " if clients == 1 else text for text in texts]
    tell(**_memory())
    if count := int(recall):
        # All passages of a named meeting are compared, so those questions would tell nothing.
        plain = [text for number, text in enumerate(texts) if number % _NAMED]
        chosen = plain[1 :: max(1, len(plain) // count)][:count]
        queries = [assistant.searcher.look_up(text)[1] for text in chosen]
        shares = _shares(snapshot, queries)
        tell(questions=len(shares), of_the_first_ten=round(mean(shares), 4), least=min(shares))


def tell(**figures: float) -> None:
    """Print some figures."""
    print(json.dumps(figures), flush=True)


def _of_meetings(texts: Sequence[str], snapshot: Snapshot) -> list[str]:
    """Ask every fifth question of a meeting that the library has."""
    facts = list(snapshot.facts.values())
    named = []
    for number, text in enumerate(texts):
        own = facts[number * 7919 % len(facts)]
        title = f"{own.title} of {own.date[:4]}" if own.title else ""
        named.append(f"In the {title}: {text}" if number % _NAMED == 0 and title else text)
    return named


def _seconds(assistant: Assistant, text: str) -> float:
    begun = time.perf_counter()
    assistant.ask(text)
    return time.perf_counter() - begun


def _memory() -> dict[str, float]:
    """Return the memory of this process: at most, and now, without and with mapped files."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    values = {
        line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("VmHWM", "Rss"))
    }
    return {f"{name}_MB": round(int(value) / 1000) for name, value in values.items()}


def _shares(snapshot: Snapshot, queries: Sequence[Query]) -> list[float]:
    """Return which share of the first passages by MaxSim is proposed for each question, 0..1."""
    scores = _exhaustive(snapshot, queries)
    best = [np.argsort(-own, kind="stable")[:_FIRST] for own in scores]
    return [
        float(np.isin(own, propose(snapshot, query)).mean())
        for own, query in zip(best, queries, strict=True)
    ]


def _exhaustive(snapshot: Snapshot, queries: Sequence[Query]) -> list[Floats]:
    """Return the score of each passage for each question, by MaxSim over all of its tokens."""
    tokens = np.concatenate([query.tokens for query in queries])
    edges = np.cumsum([0, *(len(query.tokens) for query in queries)])
    units, scores = (
        snapshot.arrays.passages,
        [np.zeros(snapshot.total, np.float32) for _ in queries],
    )
    for first in range(0, snapshot.total, _AT_ONCE):
        rows = np.arange(first, min(first + _AT_ONCE, snapshot.total))
        cosines = max_sim_tokens(tokens, units.tokens, rows)
        for number, query in enumerate(queries):
            own = cosines[:, edges[number] : edges[number + 1]] @ query.query_weights.retrieval
            scores[number][rows] = calibrate(own, units.background[rows], snapshot.weights)
    return scores


if __name__ == "__main__":
    main(*sys.argv[1:])
