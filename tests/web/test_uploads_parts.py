"""Parts of uploads: names and ids, statements from another process, facts, and the worker."""

from __future__ import annotations

import json
import threading
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uploading import DOCUMENTS

from corpus.characters.country_signs import territory_codes
from corpus.facts.cldr import territories
from corpus.facts.parties import party_code
from corpus.facts.recorded import FACTS
from corpus.library import bundled_paths, load_statement
from corpus.records import Provenance
from web.uploads.errors import RefusedError
from web.uploads.facts import fact_rows, parse_facts
from web.uploads.names import MAX_ID, MAX_NAME, cleaned_name, free_id
from web.uploads.reading import FailedError, Limits, Reading, StoppedError
from web.uploads.transfer import statement_from_json, statement_to_json
from web.uploads.worker import Worker

LONG = "Joint Statement of the Ministers on the Protection of Rivers, Lakes and Coasts"


# -- names ------------------------------------------------------------------------------------


@given(st.text())
def test_a_cleaned_name_is_short_and_can_be_shown(name: str) -> None:
    cleaned = cleaned_name(name)
    assert cleaned
    assert cleaned.isprintable()
    assert len(cleaned) <= MAX_NAME
    assert not set("/\\") & set(cleaned)
    assert cleaned[0] not in ". "
    assert cleaned_name(cleaned) == cleaned


@given(st.text(), st.sets(st.text(max_size=3), max_size=3), st.integers(0, 12))
def test_a_free_id_is_free_and_fits_into_an_address(
    name: str, others: set[str], number: int
) -> None:
    taken = {*others, *(free_id(cleaned_name(name), ()) for _ in range(1))}
    for _ in range(number):
        taken.add(free_id(cleaned_name(name), taken))
    found = free_id(cleaned_name(name), taken)
    assert found not in taken
    assert 0 < len(found.encode()) <= MAX_ID
    assert found.isprintable()
    assert not set("/?#%") & set(found)


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("a.pdf", (), "a"),
        ("a.pdf", ("a",), "a-2"),
        ("a.pdf", ("a", "a-2"), "a-3"),
        ("2023.05.26 Statement.pdf", (), "2023.05.26-Statement"),
        ("あ" * 100, (), "あ" * 66),
        ("あ" * 100, ("あ" * 66,), "あ" * 66 + "-2"),
        ("あ" * 100, ("あ" * 66, "あ" * 66 + "-2"), "あ" * 66 + "-3"),
    ],
)
def test_the_id_of_a_statement_comes_from_the_name(
    name: str, taken: tuple[str, ...], expected: str
) -> None:
    assert free_id(name, taken) == expected


def test_a_long_name_keeps_its_suffix() -> None:
    assert cleaned_name(LONG * 2 + ".docx") == (LONG * 2)[: MAX_NAME - 5].rstrip() + ".docx"


# -- statements from another process ----------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        bundled_paths()[0],
        DOCUMENTS / "pdf" / "english-letter.pdf",
        DOCUMENTS / "docx" / "japanese-lists.docx",
        DOCUMENTS / "html" / "footnotes.html",
    ],
    ids=lambda path: path.name,
)
def test_a_statement_is_the_same_after_the_way_through_json(path: Path) -> None:
    statement = load_statement(path)
    again = statement_from_json(json.loads(json.dumps(statement_to_json(statement))))
    assert again == statement
    assert again.source.document == statement.source.document


def changed(path: tuple[str | int, ...], value: Any) -> Any:
    """Return a statement as JSON in which one value is another one."""
    row = json.loads(json.dumps(statement_to_json(load_statement(bundled_paths()[0]))))
    place = row
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return row


@pytest.mark.parametrize(
    "row",
    [
        None,
        [],
        {"id": "a"},
        changed(("data",), "not base64!"),
        changed(("encoding",), "no-such-codec"),
        changed(("document",), ["exe", "0", "x", ""]),
        changed(("document",), ["pdf", "0", "x", "AAAA"]),
        changed(("provenance",), {"title": "x"}),
        changed(("provenance", "colour"), "red"),
        changed(("passages", 0), []),
        changed(("passages", 0, 1), "poem"),
        changed(("passages", 0, 2), [5, 4]),
        changed(("passages", 0, 2), [0, 10**9]),
        changed(("passages", 0, 3), []),
        changed(("passages", 1, 3), [[0, 1]]),
    ],
)
def test_what_is_no_statement_is_refused(row: Any) -> None:
    with pytest.raises(ValueError, match="no statement"):
        statement_from_json(row)


def test_a_file_that_is_gone_is_named_by_its_origin(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "file", "upload/a.txt", "a", "", Limits())
    with pytest.raises(FailedError) as caught:
        reading.statement()
    assert str(caught.value) == "upload/a.txt: no such file; check the path"


def test_a_reading_that_was_stopped_does_not_begin(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "file", "upload/a.txt", "a", "", Limits())
    reading.stop()
    with pytest.raises(StoppedError):
        reading.statement()


# -- facts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_names_of_parties_are_understood_again(language: str) -> None:
    codes = [code for code in territories("en") if len(code) == 2 and code.isalpha()]
    codes += [*territory_codes().values(), "ASEAN", "EU", "G7", "QUAD", "NATO"]
    # In Indonesian, AS is the abbreviation of the United States.
    assert [code for code in codes if party_code(code) != code] == ["AS"]
    codes.remove("AS")
    for start in range(0, len(codes), 10):
        parties = tuple(dict.fromkeys(codes[start : start + 10]))
        row = next(row for row in fact_rows(Provenance(parties=parties)) if row["value"])
        assert parse_facts({"parties": row["text"][language]}, "x") == {"parties": parties}


def test_every_fact_has_a_row_and_says_where_it_was_found() -> None:
    facts = Provenance(title="T", venue="Kyoto", origins={"title": "text"})
    rows = {row["name"]: row for row in fact_rows(facts)}
    assert tuple(rows) == FACTS
    assert [rows[name]["found"] for name in ("title", "venue", "date")] == ["text", "recorded", ""]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({}, {}),
        ({"date": " 2023-05-26 "}, {"date": "2023-05-26"}),
        ({"title": " two\n lines "}, {"title": "two lines"}),
        ({"title": "", "parties": []}, {"title": "", "parties": ()}),
        ({"parties": ["JP", "US, ドイツ"]}, {"parties": ("JP", "US", "DE")}),
        ({"issuers": ["A, B", "C"]}, {"issuers": ("A, B", "C")}),
        ({"title": "a=b"}, {"title": "a=b"}),
    ],
)
def test_facts_are_parsed(table: dict[str, Any], expected: dict[str, Any]) -> None:
    assert parse_facts(table, "x") == expected


def test_several_values_for_one_fact_are_refused() -> None:
    with pytest.raises(RefusedError, match="title is given twice") as caught:
        parse_facts({"title": ["a", "b"]}, "x")
    assert (caught.value.status, caught.value.field) == (422, "title")


# -- the worker -------------------------------------------------------------------------------


def test_a_worker_does_one_thing_after_another_and_goes_on_after_an_error() -> None:
    worker, order = Worker("test"), list[int]()
    first = worker.submit(lambda: order.append(1))
    failed = worker.submit(lambda: 1 // 0)
    last = worker.submit(lambda: threading.current_thread().name)
    assert (first.result(10), last.result(10), order) == (None, "test", [1])
    with pytest.raises(ZeroDivisionError):
        failed.result(10)
    worker.close(10)
    with pytest.raises(CancelledError):
        worker.submit(lambda: order.append(2)).result(10)


def test_a_worker_that_is_closed_cancels_what_waits() -> None:
    worker, begun, go = Worker("test"), threading.Event(), threading.Event()
    running = worker.submit(lambda: (begun.set(), go.wait(10)))
    assert begun.wait(10)
    next_one, taken_back = worker.submit(lambda: 1), worker.submit(lambda: 2)
    assert taken_back.cancel()
    worker.close(0)
    go.set()
    assert running.result(10) == (None, True)
    with pytest.raises(CancelledError):
        next_one.result(10)
