"""What every store does, wherever it keeps the statements."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from project import DATA
from statements import statement_from
from stores import MakeStore

from corpus.errors import ShuttenError
from corpus.library import load_statement
from corpus.records import Statement
from index.building import adding
from index.building.checking import check
from index.models.encoder import Encoder
from index.search.scope import Scope
from index.search.searcher import Searcher
from index.store.base import Store
from index.store.values import ChangedMeanwhileError

pytest_plugins = ["stores"]

TEXT = """会合の記録

両省は次を決めた。

- 港を整備する。
- 橋を架ける。期限は三月とする。
- 学校を建てる。
"""
OTHER = "Record of a meeting\n\n- They build a harbour.\n- They plant trees.\n"


def town(text: str = TEXT) -> Statement:
    return statement_from(text, "town", date="2024-05-01", language="ja", parties=("JP", "US"))


def add(store: Store, encoder: Encoder, *statements: Statement) -> list[adding.Change]:
    pairs = [(statement, f"{statement.id}.txt") for statement in statements]
    return adding.add(store, encoder, pairs, progress=False)


def best(store: Store, encoder: Encoder, question: str, scope: Scope | None = None) -> str:
    hit = Searcher(store, encoder).search(question, scope=scope).hits[0]
    return hit.span.of(hit.statement.source.text)


def test_a_new_store_is_empty(store: Store, encoder: Encoder) -> None:
    assert (store.has_statements(), store.is_empty(), store.statement_ids()) == (False, True, [])
    assert (store.meta("generation"), store.names(), store.origins()) == (None, {}, {})
    assert check(store) == []
    with pytest.raises(ShuttenError, match="no statement"):
        store.statement("town")
    with pytest.raises(ShuttenError, match="no statement is indexed"):
        Searcher(store, encoder).search("What?")


def test_a_statement_comes_back_as_it_was_added(store: Store, encoder: Encoder) -> None:
    statement = town()
    (change,) = add(store, encoder, statement)
    assert (change.outcome, change.passages) == ("added", len(statement.passages))
    assert store.statement("town") == statement
    assert store.original("town").data == statement.source.data
    assert store.original("town").origin == "town.txt"
    assert store.statement_ids() == ["town"]
    assert (store.has("town"), store.has("city")) == (True, False)
    assert store.has_bytes("town", statement.source.sha256)
    assert not store.has_bytes("town", "0" * 64)
    assert store.id_of_sha256(statement.source.sha256) == "town"
    assert store.passage_count("town") == len(statement.passages)
    assert store.damaged_ids() == []
    assert check(store) == []


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff会合\r\n\r\n- 港を整備する。\r\n- 𠮷野家 ㍻ ⾞ が\r\n",
        "A\n\n" + "- The ports are open. " * 400 + "\n",
        "Signs: 'a' \"b\" \\c ]in[ %d _ * == 1 or 1\n\n- {x} && 'y' \\\" z\n",
    ],
)
def test_every_character_comes_back(store: Store, encoder: Encoder, text: str) -> None:
    statement = statement_from(text, 'it\'s "odd" \\ 名')
    add(store, encoder, statement)
    assert store.statement(statement.id) == statement
    assert check(store) == []


def test_what_is_there_is_not_encoded_again(store: Store, encoder: Encoder) -> None:
    add(store, encoder, town())
    (change,) = add(store, encoder, town())
    assert (change.outcome, change.embedded) == ("unchanged", 0)
    (change,) = add(store, encoder, town(TEXT + "- 森を守る。\n"))
    assert (change.outcome, change.embedded) == ("changed", 1)
    assert store.statement("town") == town(TEXT + "- 森を守る。\n")
    assert check(store) == []


def test_an_edit_takes_the_place_of_the_text_before(store: Store, encoder: Encoder) -> None:
    add(store, encoder, town())
    searcher = Searcher(store, encoder)
    assert "橋" in best(store, encoder, "橋はどうなりますか")
    add(store, encoder, town(TEXT.replace("橋を架ける", "塔を建てる")))
    found = searcher.search("橋はどうなりますか")
    texts = {hit.span.of(hit.statement.source.text) for hit in found.hits}
    assert not any("橋" in text for text in texts)
    assert any("塔" in text for text in texts)


def test_a_removed_statement_is_gone(store: Store, encoder: Encoder) -> None:
    add(store, encoder, town(), statement_from(OTHER, "trees"))
    adding.remove(store, "town")
    assert store.statement_ids() == ["trees"]
    assert "harbour" in best(store, encoder, "港は")
    assert check(store) == []
    with pytest.raises(ShuttenError):
        adding.remove(store, "town")
    add(store, encoder, town())
    assert store.statement_ids() == ["town", "trees"]


def test_a_scope_leaves_other_statements_out(store: Store, encoder: Encoder) -> None:
    add(store, encoder, town(), statement_from(OTHER, "trees"))
    assert "港" in best(store, encoder, "Who builds a harbour?", Scope.equally(["town"]))
    assert "harbour" in best(store, encoder, "港は", Scope.equally(["trees"]))


def test_facts_that_were_set_by_hand_stay(store: Store, encoder: Encoder) -> None:
    add(store, encoder, town())
    adding.set_facts(store, encoder, "town", {"date": "2020-01-02"})
    assert store.statement("town").provenance.date == "2020-01-02"
    add(store, encoder, town(TEXT + "- 森を守る。\n"))
    assert store.statement("town").provenance.date == "2020-01-02"
    assert check(store) == []


def test_a_document_is_kept_byte_for_byte(store: Store, encoder: Encoder) -> None:
    path = DATA / "documents" / "pdf" / "english-letter.pdf"
    statement, data = load_statement(path), path.read_bytes()
    adding.add(store, encoder, [(statement, "a.pdf")], progress=False, file_of=lambda _: data)
    adding.add(
        store,
        encoder,
        [(replace(statement, source=replace(statement.source, id="two")), "b.pdf")],
        progress=False,
    )
    assert store.document_file(statement.id) == data
    assert (store.has_document_file(statement.id), store.has_document_file("two")) == (True, False)
    assert store.document_file("two") is None
    document = statement.source.document
    assert document
    assert store.document_of_origin("a.pdf") == (
        *(statement.id, document.sha256, document.reader),
        True,
    )
    assert store.statement(statement.id) == statement
    with store.writing():
        store.set_origin(statement.id, "moved.pdf")
    assert store.original(statement.id).origin == "moved.pdf"
    assert store.document_of_origin("a.pdf") is None
    assert check(store) == []


def test_settings_are_kept(make_store: MakeStore, encoder: Encoder) -> None:
    store = make_store()
    add(store, encoder, town())
    with store.writing():
        store.set_meta("model", "another")
        assert store.meta("model") == "another"
    assert make_store().meta("model") == "another"
    assert store.meta("colour") is None


def test_what_fails_stores_nothing(store: Store, encoder: Encoder) -> None:
    add(store, encoder, town())
    generation = store.meta("generation")

    def fail() -> None:
        with store.writing():
            store.remove_statement("town")
            store.set_meta("generation", "another")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (store.statement_ids(), store.meta("generation")) == (["town"], generation)
    assert check(store) == []


def test_another_reader_sees_what_is_committed(make_store: MakeStore, encoder: Encoder) -> None:
    writer, reader = make_store(), make_store()
    assert reader.statement_ids() == []
    add(writer, encoder, town())
    searcher = Searcher(reader, encoder)
    assert set(searcher.statements()) == {"town"}
    add(writer.another(), encoder, statement_from(OTHER, "trees"))
    assert set(searcher.statements()) == {"town", "trees"}
    adding.remove(writer, "town")
    assert set(searcher.statements()) == {"trees"}


def test_a_text_that_is_gone_or_another_one_is_never_taken_for_the_old_one(
    make_store: MakeStore, encoder: Encoder
) -> None:
    """Texts are read when they are needed, which may be after a change."""
    writer, reader = make_store(), make_store()
    add(writer, encoder, town(), statement_from(OTHER, "trees"))
    searcher = Searcher(reader, encoder)
    first = searcher.snapshot()
    assert set(first.facts) == {"town", "trees"}
    adding.remove(writer, "town")
    add(writer, encoder, statement_from(OTHER + "- They rest.\n", "trees"))
    for name in ("town", "trees"):
        with pytest.raises(ChangedMeanwhileError):
            _ = first.statements[name]
    assert searcher.statement("trees").source.text.endswith("They rest.\n")
    kept = searcher.snapshot().statements["trees"]
    add(writer, encoder, town())
    assert searcher.snapshot().statements["trees"] is kept


def test_a_reader_keeps_its_state(make_store: MakeStore, encoder: Encoder) -> None:
    writer, reader = make_store(), make_store()
    add(writer, encoder, town())
    with reader.reading():
        before = [key.id for key in reader.statement_keys()], reader.meta("generation")
        add(writer, encoder, statement_from(OTHER, "trees"))
        assert ([key.id for key in reader.statement_keys()], reader.meta("generation")) == before
    assert reader.statement_ids() == ["town", "trees"]


def test_two_writers_at_once(make_store: MakeStore, encoder: Encoder) -> None:
    stores = [make_store() for _ in range(2)]
    errors: list[BaseException] = []

    def write(store: Store, names: list[str]) -> None:
        try:
            for name in names:
                add(store, encoder, statement_from(f"{name}\n\n- {name}を守る。\n", name))
        except BaseException as error:
            errors.append(error)

    names = [[f"{letter}{number}" for number in range(4)] for letter in "ab"]
    threads = [
        threading.Thread(target=write, args=pair) for pair in zip(stores, names, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert make_store().statement_ids() == sorted(names[0] + names[1])
    assert check(make_store()) == []


def test_many_threads_search_at_once(store: Store, encoder: Encoder) -> None:
    add(store, encoder, town(), statement_from(OTHER, "trees"))
    searcher = Searcher(store, encoder)
    questions = ["橋はどうなりますか", "Who plants trees?", "学校", "期限はいつですか"] * 4

    def ranked(question: str) -> list[float]:
        return [hit.score for hit in searcher.search(question).hits]

    expected = [ranked(question) for question in questions]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ranked, questions)) == expected


def test_a_copy_has_the_same_parts(store: Store, encoder: Encoder) -> None:
    add(store, encoder, town())
    stored, known = store.stored("town"), store.known([town()])
    assert stored.statement == town()
    assert len(stored.passages) == len(stored.terms) == len(town().passages)
    assert known.cards
    for encoding, again in zip(known.passages.values(), stored.passages, strict=True):
        assert np.array_equal(encoding.tokens.codes, again.tokens.codes)
        assert np.array_equal(encoding.vectors, again.vectors)
    with store.writing():
        store.put([replace(stored, origin="elsewhere.txt")])
        store.set_meta("generation", "copied")
    assert store.original("town").origin == "elsewhere.txt"
    assert check(store) == []


@pytest.mark.parametrize("ask", [lambda s: s.tidy(), lambda s: s.tidy(more=True)])
def test_tidying_changes_nothing_that_counts(
    store: Store, encoder: Encoder, ask: Callable[[Store], None]
) -> None:
    add(store, encoder, town())
    ask(store)
    assert store.statement("town") == town()
    assert check(store) == []


def test_another_model_is_refused(store: Store, encoder: Encoder) -> None:
    add(store, encoder, town())
    with store.writing():
        store.set_meta("fingerprint", "another model")
    with pytest.raises(ShuttenError, match="was made with another model"):
        Searcher(store, encoder)
    with pytest.raises(ShuttenError, match="was made with another model"):
        add(store, encoder, statement_from(OTHER, "trees"))
