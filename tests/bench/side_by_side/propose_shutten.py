"""Compare what Shutten proposes with an exhaustive search, and print the shares as JSON.

python propose_shutten.py HOME QUESTIONS.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import mean

import numpy as np
from timed_answers import FIRST

from index.search.candidates import Candidates, TokenSimilarities, propose
from index.search.query import Query
from index.search.snapshot import Snapshot
from qa import Assistant

QUESTIONS = 30  # that are asked at most; each is compared with every token of the index


def main(home: str, questions: str) -> None:
    """Print the share of the first ten of an exhaustive MaxSim that is among the candidates."""
    searcher = Assistant.open(home).searcher
    texts = json.loads(Path(questions).read_text("utf-8"))
    chosen = texts[:: -(-len(texts) // QUESTIONS)]
    shares = [candidate_share(*searcher.look_up(text)) for text in chosen]
    print(json.dumps({"questions": len(chosen), "of the first ten": mean(shares)}))


def candidate_share(snapshot: Snapshot, query: Query) -> float:
    """Return which share of the first ten passages by MaxSim is proposed, 0..1."""
    every = np.arange(snapshot.total)
    similarities = TokenSimilarities.of(snapshot, query, Candidates.of(snapshot, every))
    best = np.argsort(-similarities.passage_semantic(), kind="stable")[:FIRST]
    return float(np.isin(best, propose(snapshot, query)).mean())


if __name__ == "__main__":
    main(*sys.argv[1:])
