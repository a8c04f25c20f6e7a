"""What commands that change a data folder say when a signal stops them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from qa.signals import leaving

if TYPE_CHECKING:
    from corpus.records import Statement
    from index.store.base import Store
    from index.store.originals import Originals


def adding_to(store: Store, statements: Iterable[Statement]) -> AbstractContextManager[None]:
    """Say how many of some statements are stored, if adding them is stopped."""
    wanted = [(statement.id, statement.source.sha256) for statement in statements]

    def state() -> str:
        count = sum(store.has_bytes(*each) for each in wanted)
        if not count:
            return f"nothing was changed in {store.name}"
        return (
            f"stored so far in {store.name}: {count} of {len(wanted)} statements; "
            "the same command goes on behind them"
        )

    return leaving(state)


def adding_files(store: Store) -> AbstractContextManager[None]:
    """Say how many statements were stored, if adding the files of a folder is stopped."""
    before = len(store.statement_ids())

    def state() -> str:
        count = len(store.statement_ids()) - before
        if count <= 0:
            return f"nothing was added to {store.name}"
        return f"added so far to {store.name}: {count}; the same command goes on behind them"

    return leaving(state)


def changing(store: Store | Originals) -> AbstractContextManager[None]:
    """Say whether a data folder was changed, if its change is stopped."""
    before = store.meta("generation")

    def state() -> str:
        changed = store.meta("generation") != before
        return f"{'the change is stored' if changed else 'nothing was changed'} in {store.name}"

    return leaving(state)
