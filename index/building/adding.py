"""Adds statements to a data folder and removes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from corpus.errors import ShuttenError
from corpus.facts.reading import facts_by_hand, with_facts_by_hand
from corpus.records import Provenance, Statement
from index.building.limits import encoding_cost, refuse_oversized
from index.building.new_statements import new_statements
from index.late_interaction.background import Background, BackgroundTokens
from index.models.catalogue import BUNDLED
from index.models.encoder import Encoder
from index.store.base import Store
from index.store.database import Database
from index.store.encoder_inputs import card_input, passage_input
from index.store.values import new_generation

if TYPE_CHECKING:
    from tqdm import tqdm

Outcome = Literal["added", "changed", "unchanged", "copy"]
# Returns the document that the text of a statement was read from, if it is to be kept.
FileOf = Callable[[Statement], bytes | None]

# Small statements share a transaction until they have so many passages, because each transaction
# waits for the disk.
PASSAGES_AT_ONCE = 64


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


def chosen_model(store: Store | Database) -> str:
    """Return the name of the model that was chosen for a data folder."""
    return store.meta("model") or BUNDLED


def keep_nothing(_: Statement) -> None:
    """Keep no document. Only the texts that were read from them are stored."""


def add(
    store: Store,
    encoder: Encoder,
    statements: Sequence[tuple[Statement, str]],
    *,
    replace_origin: bool = False,
    leave_copies: bool = False,
    progress: bool = True,
    bounded: bool = True,
    file_of: FileOf = keep_nothing,
    at_once: int = PASSAGES_AT_ONCE,
) -> list[Change]:
    """Add statements, each of them wholly or not at all.

    All are looked at before the first one is stored, so that a statement that is refused stops
    nothing halfway. After that, a statement is stored when it was encoded: if the program is
    killed, those that are stored stay, and adding all again goes on behind them.

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
        file_of: Is asked for the document of a statement when this is stored.
        at_once: Small statements share a transaction until they have so many passages.

    Raises:
        ShuttenError: Another model made the index, an id is in use, or a statement is over a limit.
    """
    for statement, origin in statements if bounded else ():
        refuse_oversized(statement, origin)
    refuse_mixing(store, Background(encoder).fingerprint)
    if not replace_origin:
        _refuse_other_origins(store, statements)
    changes: list[Change] = []
    with _progress_bar(statements, progress) as bar:
        groups = list(_groups(statements, at_once))
        for number, group in enumerate(groups, 1):
            with store.writing():
                kept = [(_with_kept_facts(store, statement), origin) for statement, origin in group]
                changes += _put(store, encoder, kept, leave_copies, file_of)
            bar.update(sum(map(_cost, group)))
            store.tidy(more=number < len(groups))
    return changes


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
        file = store.document_file(statement)
        origin = store.original(statement).origin
        _put(store, encoder, [(after, origin)], file_of=lambda _: file)
    store.tidy()
    return before.provenance, after.provenance


def _put(
    store: Store,
    encoder: Encoder,
    statements: Sequence[tuple[Statement, str]],
    leave_copies: bool = False,
    file_of: FileOf = keep_nothing,
) -> list[Change]:
    """Encode the statements that are new, and put them into the open transaction."""
    changes: list[Change] = []
    new: list[tuple[Statement, str]] = []
    fingerprint, background = _background(store, encoder)
    for statement, origin in statements:
        outcome, original = _outcome(store, statement, leave_copies)
        if outcome in ("added", "changed"):
            new.append((statement, origin))
        by_hand = tuple(facts_by_hand(statement.provenance))
        passages = len(statement.passages)
        changes.append(Change(statement.id, outcome, passages, 0, original, by_hand))
    if not new:
        return changes
    ready, encoded = new_statements(store, background, encoder, new, file_of)
    store.put(ready)
    finish(store, fingerprint)
    return [
        replace(change, embedded=encoded.get(change.statement, change.embedded))
        for change in changes
    ]


def _groups(
    statements: Sequence[tuple[Statement, str]], at_once: int
) -> Iterator[list[tuple[Statement, str]]]:
    """Group the statements that share a transaction.

    Statements of the same id or the same bytes share none, so that the first one is found in the
    data folder when the second one is looked at.
    """
    group: list[tuple[Statement, str]] = []
    seen: set[str] = set()
    for pair in statements:
        new = {pair[0].id, pair[0].source.sha256}
        passages = sum(len(statement.passages) for statement, _ in group)
        if group and (passages >= at_once or new & seen):
            yield group
            group, seen = [], set()
        group.append(pair)
        seen |= new
    if group:
        yield group


def _progress_bar(statements: Sequence[tuple[Statement, str]], progress: bool) -> tqdm[NoReturn]:
    from tqdm import tqdm

    return tqdm(
        total=sum(map(_cost, statements)),
        desc="encoding",
        unit=" tokens",
        unit_scale=True,
        leave=False,
        delay=1,
        disable=not progress,
    )


def _cost(pair: tuple[Statement, str]) -> int:
    """Estimate how long it takes to encode a statement, in tokens."""
    statement, _ = pair
    inputs = [passage_input(statement, passage) for passage in statement.passages]
    return sum(map(encoding_cost, [card_input(statement), *inputs]))


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
        finish(store, store.meta("fingerprint") or "")
    store.tidy()


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
            f"{store.name}: the index was made with {stored}, the chosen model is "
            f"{fingerprint}; choose the old one again, or {store.remedy}"
        )


def finish(store: Store, fingerprint: str) -> None:
    """Say that the data changed. This is the last step of every change."""
    store.set_meta("generation", new_generation())
    store.set_meta("fingerprint", fingerprint)


def _refuse_other_origins(store: Store, statements: Iterable[tuple[Statement, str]]) -> None:
    for statement, origin in statements:
        if not store.has(statement.id) or _is_stored(store, statement):
            continue
        if (stored_origin := store.original(statement.id).origin) != origin:
            name = statement.id
            raise ShuttenError(
                f"{origin}: a statement {name!r} was already added from {stored_origin}; "
                f"give `--id` another name, or `--id {name}` to put it in its place"
            )
