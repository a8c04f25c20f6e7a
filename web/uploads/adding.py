"""Changes the statements of a data folder while the server answers questions."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from corpus.errors import ShuttenError
from corpus.facts.reading import with_facts_by_hand
from corpus.records import Provenance, Statement
from index.building import adding
from index.models.catalogue import open_encoder
from index.models.encoder import Encoded, Encoder, Role
from index.store.base import Store
from web.gate import Gate
from web.uploads.names import free_id, origin_of
from web.uploads.worker import Worker

_TEXTS_AT_ONCE = 4  # that are encoded before the questions of readers have their turn again
_STOP_SECONDS = 5.0
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement that a reader keeps.

    Attributes:
        statement: The statement.
        name: The name of its file.
        file: The path of the file.
        facts: The facts that the reader corrected.
        replaces: The id of the statement that it takes the place of; empty if it is another one.
    """

    statement: Statement
    name: str
    file: Path
    facts: Mapping[str, Any]
    replaces: str = ""


class Adder:
    """Makes one change after another, in a thread and on a connection of its own.

    A connection is locked as long as it writes, so it cannot be the one that answers questions.
    The model is a second one, too, and only in memory while there is something to change.

    Args:
        store: Where the statements are; see `Store.another`.
        gate: Gives out the turns. Changes give way to the questions of readers.
    """

    def __init__(self, store: Store, gate: Gate) -> None:
        self._store, self._gate = store, gate
        self._worker = Worker("adder")
        self._lock, self._waiting = threading.Lock(), 0
        self._model: tuple[str, Encoder] | None = None
        self._stopping = threading.Event()

    def keep(self, kept: Kept) -> Future[adding.Change]:
        """Add a statement, with the file that it was read from."""
        return self._submit(lambda store: self._keep(store, kept))

    def set_facts(
        self, statement: str, facts: Mapping[str, Any]
    ) -> Future[tuple[Provenance, Provenance]]:
        """Correct facts of a statement; see `index.building.adding.set_facts`."""
        return self._submit(
            lambda store: adding.set_facts(store, self._encoder(store), statement, facts)
        )

    def remove(self, statement: str) -> Future[None]:
        """Remove a statement."""
        return self._submit(lambda store: adding.remove(store, statement))

    def close(self) -> None:
        """Take back the change that is being made, and make no more."""
        self._stopping.set()
        self._worker.close(_STOP_SECONDS)

    def _submit(self, change: Callable[[Store], _T]) -> Future[_T]:
        with self._lock:
            self._waiting += 1

        def run() -> _T:
            with closing(self._store.another()) as store:
                return change(store)

        future = self._worker.submit(run)
        future.add_done_callback(lambda _: self._rest())
        return future

    def _rest(self) -> None:
        """Give the memory of the model back after the last change."""
        with self._lock:
            self._waiting -= 1
            if not self._waiting:
                self._model = None

    def _encoder(self, store: Store) -> Encoder:
        name = adding.chosen_model(store)
        if self._model is None or self._model[0] != name:
            self._model = name, open_encoder(name)
        return _PatientEncoder(self._model[1], self._gate, self._stopping)

    def _keep(self, store: Store, kept: Kept) -> adding.Change:
        name = kept.replaces or free_id(kept.name, store.statement_ids())
        source = replace(kept.statement.source, id=name)
        statement = replace(kept.statement, source=source)
        if kept.facts:
            statement = with_facts_by_hand(statement, kept.facts)
        encoder = self._encoder(store)
        (change,) = adding.add(
            store,
            encoder,
            [(statement, origin_of(kept.name))],
            replace_origin=bool(kept.replaces),
            leave_copies=True,
            progress=False,
            file_of=lambda _: _document(kept),
        )
        if kept.replaces and kept.facts:
            # Facts that were set by hand earlier stayed. Those of the reader are newer.
            adding.set_facts(store, encoder, name, kept.facts)
        return change


def _document(kept: Kept) -> bytes | None:
    """Return the file that the text was read from; None if the file is the text."""
    document = kept.statement.source.document
    if document is None:
        return None
    data = kept.file.read_bytes()
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise ShuttenError(f"{origin_of(kept.name)}: was changed on the server; send it again")
    return data


class _PatientEncoder:
    """An encoder that takes a turn for every few texts; see `Encoder` for the methods."""

    def __init__(self, encoder: Encoder, gate: Gate, stopping: threading.Event) -> None:
        self._encoder, self._gate, self._stopping = encoder, gate, stopping
        self.trained, self.reranker = encoder.trained, encoder.reranker

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            if self._stopping.is_set():
                raise ShuttenError("the server is being stopped; add it again later")
            with self._gate.patient_turn():
                few = list(self._encoder.encode(texts[start : start + _TEXTS_AT_ONCE], role))
            yield from few

    def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        return self._encoder.rerank(question, texts)
