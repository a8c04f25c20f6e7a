"""Adds statements to a data folder and removes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from corpus.errors import ShuttenError
from corpus.facts.reading import facts_by_hand, with_facts_by_hand
from corpus.records import Provenance, Statement
from index.building.embedding import embed_missing
from index.building.limits import refuse_oversized
from index.late_interaction.background import Background, BackgroundTokens
from index.models.catalogue import BUNDLED
from index.models.encoder import Encoder
from index.store import search_arrays
from index.store.database import Database
from index.store.encoder_inputs import EncoderInput, encoder_inputs
from index.store.store import Store

Outcome = Literal["added", "changed", "unchanged", "copy"]


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one statement that was to be added.

    Attributes:
        statement: The id of the statement.
        outcome: `copy` means that it was left out, because `original` has the same bytes.
        passages: The number of its passages.
        embedded: The number of its texts that were encoded.
        original: The id of the statement that it is a copy of.
        by_hand: The names of the facts that were set by hand, and stay.
    """

    statement: str
    outcome: Outcome
    passages: int
    embedded: int
    original: str = ""
    by_hand: tuple[str, ...] = ()


def chosen_model(store: Database) -> str:
    """Return the name of the model that was chosen for a data folder."""
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
    """Add statements, all or none of them.

    A statement that is in the data folder already stays. If it was edited, only its new texts are
    encoded. The facts that were set by hand stay, too.

    Args:
        store: The data folder.
        encoder: The model.
        statements: Pairs of a statement and the path it is added from.
        replace_origin: Whether a statement may replace one that was added from another path.
        leave_copies: Whether a new statement is left out if another one has the same bytes.
        progress: Whether a progress bar is shown.
        bounded: Whether a statement over the limits is refused; see `refuse_oversized`.

    Raises:
        ShuttenError: Another model made the index, an id is in use, or a statement is over a limit.
    """
    for statement, origin in statements if bounded else ():
        refuse_oversized(statement, origin)
    with store.writing():
        kept = [(_with_kept_facts(store, statement), origin) for statement, origin in statements]
        refuse_origins = not replace_origin
        return _put(store, encoder, kept, refuse_origins, leave_copies, progress)


def set_facts(
    store: Store, encoder: Encoder, statement: str, facts: Mapping[str, Any]
) -> tuple[Provenance, Provenance]:
    """Set facts of a statement by hand.

    They stay when the file of the statement is added again, edited or not, and after a rebuild.

    Args:
        store: The data folder.
        encoder: The model, which reads the card of the statement anew.
        statement: The id of the statement.
        facts: Values by the names of facts; see `corpus.facts.recorded.checked`.

    Returns:
        The facts before and after.

    Raises:
        ShuttenError: There is no such statement, it is damaged, or another model made the index.
    """
    with store.writing():
        before = store.statement(statement)
        after = with_facts_by_hand(before, facts)
        _put(store, encoder, [(after, store.original(statement).origin)], progress=False)
    return before.provenance, after.provenance


def _put(
    store: Store,
    encoder: Encoder,
    statements: Sequence[tuple[Statement, str]],
    refuse_origins: bool = False,
    leave_copies: bool = False,
    progress: bool = True,
) -> list[Change]:
    """Put statements into the open transaction, with their embeddings and the search arrays."""
    changes: list[Change] = []
    missing: dict[str, EncoderInput] = {}
    fingerprint, background = _background(store, encoder)
    stored_keys = store.embedding_keys()
    for statement, origin in statements:
        outcome, original = _outcome(store, statement, leave_copies)
        if outcome == "changed" and refuse_origins:
            _refuse_other_origin(store, statement.id, origin)
        new: dict[str, EncoderInput] = {}
        if outcome in ("added", "changed"):
            store.put_statement(statement, origin)
            inputs = encoder_inputs(statement)
            new = {key: text for key, text in inputs.items() if key not in stored_keys}
            stored_keys |= new.keys()
            missing |= new
        by_hand = tuple(facts_by_hand(statement.provenance))
        passages = len(statement.passages)
        changes.append(Change(statement.id, outcome, passages, len(new), original, by_hand))
    if any(change.outcome in ("added", "changed") for change in changes):
        embed_missing(store, background, encoder, missing, progress)
        _write_search_arrays(store, fingerprint)
    return changes


def _with_kept_facts(store: Store, statement: Statement) -> Statement:
    """Return a statement with the facts that were set by hand for the one with the same id."""
    if not store.has(statement.id):
        return statement
    try:
        kept = facts_by_hand(store.original(statement.id).parse_provenance())
    except ValueError:  # The stored provenance is damaged.
        return statement
    return with_facts_by_hand(statement, kept) if kept else statement


def _background(store: Store, encoder: Encoder) -> tuple[str, BackgroundTokens]:
    """Return the fingerprint, and the background questions as the model encoded them.

    They are encoded only once for a data folder.
    """
    background = Background(encoder)
    fingerprint = background.fingerprint
    refuse_mixing(store, fingerprint)
    if store.meta("fingerprint") != fingerprint:
        store.put_background(background.encoded)
    return fingerprint, store.background()


def _outcome(store: Store, statement: Statement, leave_copies: bool) -> tuple[Outcome, str]:
    """Return what adding a statement will do, and the id of the statement that it is a copy of."""
    if store.has(statement.id):
        return ("unchanged" if _is_stored(store, statement) else "changed"), ""
    original = store.id_of_sha256(statement.source.sha256) if leave_copies else ""
    return ("copy" if original else "added"), original


def _is_stored(store: Store, statement: Statement) -> bool:
    try:
        return store.statement(statement.id) == statement
    except ShuttenError:  # The stored statement is damaged. Adding it again repairs it.
        return False


def remove(store: Store, statement: str) -> None:
    """Remove a statement.

    Raises:
        ShuttenError: There is no statement with this id.
    """
    with store.writing():
        if not store.remove_statement(statement):
            store.original(statement)  # raises the error, which lists the ids
        _write_search_arrays(store, store.meta("fingerprint") or "")


def refuse_mixing(store: Store, fingerprint: str) -> None:
    """Raise an error if vectors of two models, or of other background questions, would be mixed.

    Args:
        store: The data folder.
        fingerprint: See `Background.fingerprint`.

    Raises:
        ShuttenError: The index was made with another fingerprint.
    """
    stored = store.meta("fingerprint") or "an unknown model"
    if stored != fingerprint and not store.is_empty():
        raise ShuttenError(
            f"{store.home}: the index was made with {stored}, the chosen model is "
            f"{fingerprint}; run `shutten index rebuild`, or choose the old one again"
        )


def restore_search_arrays(store: Store) -> None:
    """Make the search arrays again from the database."""
    with store.writing():
        _write_search_arrays(store, store.meta("fingerprint") or "")


def _write_search_arrays(store: Store, fingerprint: str) -> None:
    """Write the search arrays of a new generation. This is the last step of every change."""
    search_arrays.remove_others(store, store.meta("generation") or "")
    store.drop_unused_embeddings()
    generation = search_arrays.new_generation()
    search_arrays.write(store, generation)
    store.set_meta("generation", generation)
    store.set_meta("fingerprint", fingerprint)


def _refuse_other_origin(store: Store, statement: str, origin: str) -> None:
    stored_origin = store.original(statement).origin
    if stored_origin != origin:
        raise ShuttenError(
            f"{origin}: a statement {statement!r} was already added from {stored_origin}; "
            f"give `--id` another name, or `--id {statement}` to put it in its place"
        )
