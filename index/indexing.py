"""Adding, removing, rebuilding and checking statements in a data folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.errors import ShuttenError
from corpus.parsing import parse
from corpus.records import Statement
from index import derived
from index.background import Background
from index.embedding import embed_missing, readings, refuse_endless
from index.encoder import Encoder
from index.models import BUNDLED
from index.schema import SCHEMA_VERSION
from index.storage import Store

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


def chosen_model(store: Store) -> str:
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
        ShuttenError: The index was made with another model, an id is taken, or a statement is more
            than can be read.
    """
    for statement, origin in statements:
        refuse_endless(statement, origin)
    background = Background(encoder)
    with store.writing():
        refuse_mixing(store, background.fingerprint)
        if store.meta("fingerprint") != background.fingerprint:
            store.put_background(background.read())
        background = Background(encoder, store.background())
        present = set(store.statement_ids())
        known_wordings = store.embedded()
        same_bytes = {store.recorded_sha256(name): name for name in reversed(store.statement_ids())}
        changes, written = [], []
        for statement, origin in statements:
            known, size = statement.id in present, len(statement.passages)
            if _is_there(store, statement):
                changes.append(Change(statement.id, "unchanged", size, 0))
                continue
            original = same_bytes.get(statement.source.sha256)
            if leave_copies and original and not known:
                changes.append(Change(statement.id, "copy", size, 0, original))
                continue
            if known and not replace_origin:
                _refuse_namesake(store, statement.id, origin)
            store.put_statement(statement, origin)
            written.append(statement)
            present.add(statement.id)
            same_bytes.setdefault(statement.source.sha256, statement.id)
            new = readings(statement).keys() - known_wordings
            known_wordings |= new
            outcome: Outcome = "changed" if known else "added"
            changes.append(Change(statement.id, outcome, size, len(new)))
        if written:
            embed_missing(store, background, encoder, written, progress)
            _seal(store, background.fingerprint)
    return changes


def _is_there(store: Store, statement: Statement) -> bool:
    return store.is_intact(statement.id) and store.statement(statement.id) == statement


def remove(store: Store, statement: str) -> None:
    """Remove a statement.

    Raises:
        ShuttenError: There is none of that id.
    """
    with store.writing():
        if not store.remove_statement(statement):
            store.statement(statement)  # says which there are
        _seal(store, store.meta("fingerprint") or "")


def rebuild(store: Store, encoder: Encoder, *, progress: bool = True) -> int:
    """Parse and embed everything anew from the stored files; returns the wordings embedded.

    Data of an older version becomes data of this one.

    Raises:
        ShuttenError: The bytes of a statement are not those that were added; nothing is changed.
    """
    background = Background(encoder)
    with store.writing():
        store.set_meta("schema", str(SCHEMA_VERSION))
        store.clear_embeddings()
        store.put_background(background.read())
        statements = []
        for name in store.statement_ids():
            stored, origin = store.statement(name), store.origin(name) or ""
            statements.append(replace(stored, passages=parse(stored.source.text)))
            store.put_statement(statements[-1], origin)
        count = embed_missing(store, background, encoder, statements, progress)
        _seal(store, background.fingerprint)
    return count


def refuse_mixing(store: Store, fingerprint: str) -> None:
    """Raise when the index was made with another model or other background questions."""
    made_with = store.meta("fingerprint")
    if made_with and made_with != fingerprint and store.statement_ids():
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
    if current := store.meta("generation"):
        derived.remove_others(store, current)
    store.drop_unused_embeddings()
    generation = derived.new_generation()
    derived.write(store, generation)
    store.set_meta("generation", generation)
    store.set_meta("fingerprint", fingerprint)


def _refuse_namesake(store: Store, statement: str, origin: str) -> None:
    earlier = store.origin(statement)
    if earlier != origin:
        raise ShuttenError(
            f"{origin}: a statement {statement!r} was already added from {earlier}; "
            f"give `--id` another name, or `--id {statement}` to put it in its place"
        )
