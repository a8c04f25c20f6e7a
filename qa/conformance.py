"""Checks that a server gives the answers of a data folder."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import ShuttenError
from corpus.library import QUESTIONS, bundled_paths, load_statement
from corpus.question_sets import read_json_lines
from corpus.records import Statement
from index.building import adding
from index.building.checking import check
from index.building.rebuilding import open_store
from index.home import Library
from index.models.catalogue import BUNDLED, open_encoder
from index.models.encoder import Encoder
from index.store.base import Store
from index.store.local import LocalStore
from index.store.milvus.store import MilvusStore
from qa.assistant import Assistant

_ASKED = 40  # questions


@dataclass(frozen=True, slots=True)
class _Pair:
    """A data folder and a library on a server, with the same statements."""

    local: LocalStore
    remote: MilvusStore
    encoder: Encoder
    statement: Statement

    def add(self, statement: Statement) -> None:
        """Add a statement to both."""
        for store in (self.local, self.remote):
            adding.add(store, self.encoder, [(statement, "file.txt")], progress=False)


def conform(address: str) -> Iterator[tuple[str, str]]:
    """Compare a server with a data folder, step by step.

    Args:
        address: A library that is not there yet. It is deleted at the end.

    Yields:
        What is checked, and the problem, which is empty if all is well.

    Raises:
        ShuttenError: The library is there already, or the server does not answer.
    """
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        remote = open_store(Library(home, address, new=True))
        stack.enter_context(closing(remote))
        if not isinstance(remote, MilvusStore) or remote.exists:
            raise ShuttenError(f"{address}: name a library that is not there; it would be deleted")
        stack.callback(remote.drop)
        local = stack.enter_context(closing(LocalStore(home)))
        statement = load_statement(bundled_paths()[0])
        pair = _Pair(local, remote, open_encoder(BUNDLED), statement)
        for name, step in _STEPS.items():
            yield name, _problem(step, pair)


def _problem(step: Callable[[_Pair], str], pair: _Pair) -> str:
    try:
        return step(pair)
    except ShuttenError as error:
        return str(error)


def _adds(pair: _Pair) -> str:
    pair.add(pair.statement)
    return "" if pair.remote.statement(pair.statement.id) == pair.statement else "it differs"


def _is_sound(pair: _Pair) -> str:
    return "; ".join(check(pair.remote))


def _answers(pair: _Pair) -> str:
    """Ask both the same questions."""
    rows = [row for _, row in read_json_lines(QUESTIONS / "jucip-2023.jsonl")]
    asked = [str(row["question"]) for row in rows if row["split"] == "dev"][:_ASKED]
    local, remote = (_answers_of(store, pair.encoder, asked) for store in (pair.local, pair.remote))
    different = sum(one != other for one, other in zip(local, remote, strict=True))
    return f"{different} of {len(asked)} answers differ" if different else ""


def _answers_of(store: Store, encoder: Encoder, asked: list[str]) -> list[object]:
    assistant = Assistant.over(store, encoder)
    answers = map(assistant.ask, asked)
    return [
        (answer.status, round(answer.confidence, 4), [quote.text for quote in answer.quotes])
        for answer in answers
    ]


def _replaces(pair: _Pair) -> str:
    """Store a statement in the place of another one, while a second connection reads."""
    with closing(pair.remote.another()) as reader:
        before = reader.statement(pair.statement.id)
        facts = replace(before.provenance, venue="elsewhere")
        pair.add(replace(before, provenance=facts))
        return (
            "" if reader.statement(before.id).provenance == facts else "a reader sees the old one"
        )


def _takes_two_writers(pair: _Pair) -> str:
    names = [f"writer-{number}" for number in range(2)]
    errors: list[str] = []

    def write(name: str) -> None:
        copy = replace(pair.statement, source=replace(pair.statement.source, id=name))
        try:
            with closing(pair.remote.another()) as store:
                adding.add(store, pair.encoder, [(copy, name)], progress=False)
        except ShuttenError as error:
            errors.append(str(error))

    threads = [threading.Thread(target=write, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    missing = set(names) - set(pair.remote.statement_ids())
    return "; ".join([*errors, *(f"{name} is missing" for name in sorted(missing))])


def _removes(pair: _Pair) -> str:
    for name in pair.remote.statement_ids():
        adding.remove(pair.remote, name)
    return "" if pair.remote.is_empty() else "a statement is still there"


_STEPS: dict[str, Callable[[_Pair], str]] = {
    "a statement comes back as it was added": _adds,
    "its index is sound": _is_sound,
    f"{_ASKED} questions have the same answers": _answers,
    "a statement takes the place of another one": _replaces,
    "two writers at once": _takes_two_writers,
    "the index is still sound": _is_sound,
    "statements are removed": _removes,
}
