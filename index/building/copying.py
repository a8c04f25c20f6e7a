"""Copies a library from one store to another, with all that the model made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from corpus.errors import ShuttenError
from index.building.adding import finish, refuse_mixing
from index.store.base import Store
from index.store.segments.array_file import Array
from index.store.values import NewStatement


def copy(source: Store, target: Store, copied: Callable[[str], None] = lambda _: None) -> int:
    """Copy all statements, and compare each with its copy.

    A statement that the target has already, just as it is, is compared only. So a copy that was
    cut off goes on where it stopped.

    Args:
        source: Where the statements are.
        target: Where they are copied to. Other statements there stay.
        copied: Is called with the id of each statement when it was copied and compared.

    Returns:
        The number of statements.

    Raises:
        ShuttenError: The target has an index of another model, or a copy differs.
    """
    fingerprint = source.meta("fingerprint")
    if source.is_empty() or fingerprint is None:
        raise ShuttenError(f"{source.name}: there is no statement to copy")
    refuse_mixing(target, fingerprint)
    # In the order in which they were added, so that equal scores stay in the same order.
    keys = sorted(source.statement_keys(), key=lambda key: key.row)
    for number, key in enumerate(keys, 1):
        stored = source.stored(key.id)
        if not (target.has(key.id) and _differences(stored, target.stored(key.id)) == []):
            with target.writing():
                if target.meta("fingerprint") != fingerprint:  # with the first statement
                    _put_settings(source, target)
                target.put([stored])
                finish(target, fingerprint)
            target.tidy(more=number < len(keys))
        if different := _differences(stored, target.stored(key.id)):
            raise ShuttenError(
                f"{target.name}: the copy of {key.id!r} differs from {source.name} in its "
                f"{' and '.join(different)}; copy it again"
            )
        copied(key.id)
    target.tidy()
    return len(keys)


def _put_settings(source: Store, target: Store) -> None:
    """Copy the name of the model, if one was chosen, and the background questions."""
    target.put_background(source.background())
    if model := source.meta("model"):
        target.set_meta("model", model)


def _differences(one: NewStatement, other: NewStatement) -> list[str]:
    """Return in which parts two statements differ."""
    same = {
        "text": one.statement == other.statement,
        "path": one.origin == other.origin,
        "original": one.file == other.file,
        "search terms": one.terms == other.terms,
        "vectors": _same_arrays(_vectors(one), _vectors(other)),
    }
    return [part for part, equal in same.items() if not equal]


def _vectors(stored: NewStatement) -> list[Array]:
    arrays: list[Array] = [stored.card.codes, stored.card.scales]
    for encoding in stored.passages:
        arrays += [encoding.tokens.codes, encoding.tokens.scales, encoding.spans]
        arrays += [encoding.sentence_tokens, encoding.sentence_background, encoding.vectors]
        arrays.append(np.array([encoding.background], np.float32))
    return arrays


def _same_arrays(one: Sequence[Array], other: Sequence[Array]) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))
