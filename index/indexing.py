"""Adding and removing statements in a data folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from corpus.errors import ShuttenError
from corpus.records import Statement
from index import derived
from index.background import Background, BackgroundTokens, centred
from index.database import Database
from index.embedding import Embedding
from index.encoder import Encoder
from index.models import BUNDLED
from index.storage import Placing, Store
from index.wordings import readings

Outcome = Literal["added", "changed", "unchanged", "copy"]


@dataclass(frozen=True, slots=True)
class Change:
    """What adding one statement came to.

    Attributes:
        statement: Its id.
        outcome: `copy`: it was left out, since `original` has the same bytes.
        passages: How many it has.
        embedded: How many wordings were new.
        original: The id of the statement that it is a copy of.
    """

    statement: str
    outcome: Outcome
    passages: int
    embedded: int
    original: str = ""


def chosen_model(store: Database) -> str:
    """The name of the model that this data folder is set to."""
    return store.meta("model") or BUNDLED


def add(
    store: Store,
    encoder: Encoder,
    statements: Sequence[tuple[Statement, str]],
    *,
    replace_origin: bool = False,
    leave_copies: bool = False,
    progress: bool = True,
) -> list[Change]:
    """Add (statement, path it came from) pairs, all or none of them.

    A statement that is there already is left alone; where it was edited, only the wordings that
    are new are embedded.

    Args:
        replace_origin: Whether a statement may take the place of one from another path.
        leave_copies: Whether a new statement is left out when another has the same bytes.
        progress: Whether a bar is shown.

    Raises:
        ShuttenError: The index was made with another model, or an id is taken.
    """
    changes, written = [], []
    with store.writing():
        background = _background(store, encoder)
        known = store.embedded()
        for statement, origin in statements:
            outcome, original = _outcome(store, statement, leave_copies)
            new: set[str] = set()
            if outcome in ("added", "changed"):
                if outcome == "changed" and not replace_origin:
                    _refuse_namesake(store, statement.id, origin)
                store.put_statement(statement, origin)
                written.append(statement)
                new = readings(statement).keys() - known
                known |= new
            size = len(statement.passages)
            changes.append(Change(statement.id, outcome, size, len(new), original))
        if written:
            _embed_missing(store, background, encoder, written, progress)
            _seal(store, background.fingerprint)
    return changes


def _background(store: Store, encoder: Encoder) -> Background:
    """The background questions, read once for a data folder."""
    background = Background(encoder)
    refuse_mixing(store, background.fingerprint)
    if store.meta("fingerprint") != background.fingerprint:
        store.put_background(background.read())
    return Background(encoder, store.background())


def _outcome(store: Store, statement: Statement, leave_copies: bool) -> tuple[Outcome, str]:
    """What adding a statement will come to, and the statement it is a copy of."""
    if store.has(statement.id):
        return ("unchanged" if _is_there(store, statement) else "changed"), ""
    original = store.with_sha256(statement.source.sha256) if leave_copies else ""
    return ("copy" if original else "added"), original


def _is_there(store: Store, statement: Statement) -> bool:
    try:
        return store.statement(statement.id) == statement
    except ShuttenError:  # what is there is damaged, which adding it again may mend
        return False


def remove(store: Store, statement: str) -> None:
    """Remove a statement.

    Raises:
        ShuttenError: There is none of that id.
    """
    with store.writing():
        if not store.remove_statement(statement):
            store.original(statement)  # says which there are
        _seal(store, store.meta("fingerprint") or "")


def refuse_mixing(store: Store, fingerprint: str) -> None:
    """Raise when the index was made with another model or other background questions."""
    made_with = store.meta("fingerprint") or "an unknown model"
    if made_with != fingerprint and not store.is_empty():
        raise ShuttenError(
            f"{store.home}: the index was made with {made_with}, the chosen model is "
            f"{fingerprint}; run `shutten index rebuild`, or choose the old one again"
        )


def restore_derived(store: Store) -> None:
    """Make the derived files again for the data as it is."""
    with store.writing():
        _seal(store, store.meta("fingerprint") or "")


def _seal(store: Store, fingerprint: str) -> None:
    """Name a new generation, the last step of every change."""
    derived.remove_others(store, store.meta("generation") or "")
    store.drop_unused_embeddings()
    generation = derived.new_generation()
    derived.write(store, generation)
    store.set_meta("generation", generation)
    store.set_meta("fingerprint", fingerprint)


def _refuse_namesake(store: Store, statement: str, origin: str) -> None:
    earlier = store.original(statement).origin
    if earlier != origin:
        raise ShuttenError(
            f"{origin}: a statement {statement!r} was already added from {earlier}; "
            f"give `--id` another name, or `--id {statement}` to put it in its place"
        )


def _embed_missing(
    store: Store,
    background: Background,
    encoder: Encoder,
    statements: Sequence[Statement],
    progress: bool,
) -> None:
    from tqdm import tqdm

    known = store.embedded()
    missing = {
        key: reading
        for statement in statements
        for key, reading in readings(statement).items()
        if key not in known
    }
    texts = [before + wording for before, wording in missing.values()]
    encoded = encoder.encode(texts, "passage")
    bar = tqdm(encoded, "embedding", len(texts), leave=False, delay=1, disable=not progress)
    for (key, (before, wording)), one in zip(missing.items(), bar, strict=True):
        own = one.spans[:, 1] > len(before)
        if before and not own.any():  # the window was full before the wording began
            (one,), before = encoder.encode([wording], "passage"), ""
            own = one.spans[:, 1] > 0
        tokens = centred(one.tokens[own], background.common)
        mean = background.read().mean(tokens)
        spans = np.maximum(one.spans[own] - len(before), 0)
        store.put_embedding(key, Embedding(one.vector, tokens.astype(np.float16), spans, mean))
    _place_sentences(store, background.read())


def _place_sentences(store: Store, background: BackgroundTokens) -> None:
    known: tuple[str, Embedding] | None = None
    for one in store.placings(missing=True):
        if known is None or known[0] != one.introduced:
            known = one.introduced, next(iter(store.embeddings([one.introduced])))
        first, last = placed(one, known[1])
        mean = background.mean(known[1].tokens[first:last].astype(np.float32))
        store.place(one.row, first, last, mean)


def placed(one: Placing, passage: Embedding) -> tuple[int, int]:
    """Find a sentence's tokens among its passage's: the sentence read in its context.

    Returns:
        The first, and one past the last.
    """
    inside = (passage.spans[:, 0] < one.end) & (passage.spans[:, 1] > one.start)
    tokens = np.flatnonzero(inside)
    return (int(tokens[0]), int(tokens[-1]) + 1) if len(tokens) else (0, 0)
