"""Make a library of recombined statements.

PYTHONPATH=.:tests:tests/bench python tests/bench/large/build.py BASE HOME PASSAGES [ADDRESS]

`BASE` is a data folder with real passages, such as the one that `side_by_side` makes. The library
grows until it has so many passages, so it can be stopped. With an address such as
`milvus://127.0.0.1:19530/large` it lies on a server.
"""

from __future__ import annotations

import sys
import time
from itertools import islice
from pathlib import Path
from unittest.mock import patch

from corpus.facts.mentions import find_mentions
from corpus.records import Statement
from index.building.adding import chosen_model, finish
from index.building.rebuilding import open_store
from index.home import Library
from index.models.catalogue import open_encoder
from index.names import Names, naming_terms
from index.store.local import LocalStore
from large.recombined import PASSAGES_OF_A_STATEMENT, Recombined

_AT_ONCE = 100  # statements


def main(base: str, home: str, passages: str, address: str = "") -> None:
    """Add statements until there are so many passages."""
    source = LocalStore(Path(base))
    store = open_store(Library(Path(home), address, new=True))
    there = len(store.statement_ids())
    wanted = int(passages) // PASSAGES_OF_A_STATEMENT - there
    encoder = open_encoder(chosen_model(source))
    drawn = Recombined(source, encoder, seed=there).statements(wanted, there)
    begun, done = time.perf_counter(), 0
    # To read the names in a text takes as long as all else, and they say nothing here.
    with patch.object(Names, "of", _names_of_title):
        while group := list(islice(drawn, _AT_ONCE)):
            with store.writing():
                if store.is_empty():
                    store.put_background(source.background())
                    store.set_meta("model", source.meta("model") or "")
                store.put(group)
                finish(store, source.meta("fingerprint") or "")
            done += len(group) * PASSAGES_OF_A_STATEMENT
            store.tidy(more=True)
            print(f"{done} passages, {time.perf_counter() - begun:.0f} s", flush=True)
    store.tidy()
    print(f"{time.perf_counter() - begun:.0f} s with tidying", flush=True)


def _names_of_title(statement: Statement) -> Names:
    terms = frozenset(naming_terms(find_mentions(statement.provenance.title)))
    parties = frozenset(statement.provenance.parties)
    return Names(terms, terms, frozenset(), "\n", parties)


if __name__ == "__main__":
    main(*sys.argv[1:])
