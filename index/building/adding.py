"""Adding and removing statements in a data folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.errors import ShuttenError
from corpus.records import Statement
from index.building.embedder import embed_missing, refuse_endless
from index.late_interaction.background import Background
from index.models.catalogue import BUNDLED
from index.models.encoder import Encoder
from index.store import search_arrays
from index.store.database import Database
from index.store.store import Store
from index.store.wordings import encoder_inputs

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
    bounded: bool = True,
) -> list[Change]:
    """Add (statement, path it came from) pairs, all or none of them.

    A statement that is there already is left alone; where it was edited, only the wordings that
    are new are embedded.

    Args:
        replace_origin: Whether a statement may take the place of one from another path.
        leave_copies: Whether a new statement is left out when another has the same bytes.
        progress: Whether a bar is shown.
        bounded: Whether a statement is refused that would take hours to read.

    Raises:
        ShuttenError: The index was made with another model, an id is taken, or a statement is more
            than can be read.
    """
    for statement, origin in statements if bounded else ():
        refuse_endless(statement, origin)
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
                new = encoder_inputs(statement).keys() - known
                known |= new
            size = len(statement.passages)
            changes.append(Change(statement.id, outcome, size, len(new), original))
        if written:
            embed_missing(store, background, encoder, written, progress)
            _seal(store, background.fingerprint)
    return changes


def _background(store: Store, encoder: Encoder) -> Background:
    """The background questions, read once for a data folder."""
    background = Background(encoder)
    refuse_mixing(store, background.fingerprint)
    if store.meta("fingerprint") != background.fingerprint:
        store.put_background(background.encoded)
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
    search_arrays.remove_others(store, store.meta("generation") or "")
    store.drop_unused_embeddings()
    generation = search_arrays.new_generation()
    search_arrays.write(store, generation)
    store.set_meta("generation", generation)
    store.set_meta("fingerprint", fingerprint)


def _refuse_namesake(store: Store, statement: str, origin: str) -> None:
    earlier = store.original(statement).origin
    if earlier != origin:
        raise ShuttenError(
            f"{origin}: a statement {statement!r} was already added from {earlier}; "
            f"give `--id` another name, or `--id {statement}` to put it in its place"
        )
