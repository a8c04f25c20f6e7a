"""Files that readers send: read, shown, kept, and answered from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from serving import post, served
from uploading import DOCUMENTS, LETTER, TEXT, fact, keep, kept, send, settled, state, uploaded

from corpus.library import bundled_paths, load_statement
from index.store.local import LocalStore
from qa.assistant import Assistant
from web.uploads import recognition
from web.uploads.preview import MAX_PASSAGES
from web.uploads.upload import Upload
from web.uploads.waiting import Waiting

BUNDLED = "jucip-2023-05-26.ja"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
SCAN = (DOCUMENTS / "pdf" / "scanned.pdf").read_bytes()
NEWER = TEXT.replace("canal", "canal and a bridge").encode()


@pytest.fixture(scope="module")
def home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the data folder, which these tests change."""
    return Path(shutil.copytree(home, tmp_path_factory.mktemp("uploads") / "home"))


@pytest.fixture(scope="module")
def assistant(home: Path) -> Assistant:
    return Assistant.open(home)


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    """The server of all tests. Each keeps files of names of its own."""
    with served(assistant, uploads=True) as address:
        yield address


@pytest.fixture(autouse=True)
def discard_what_waits(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make room for the files of the next test."""
    begun: list[str] = []
    begin = Waiting.begin

    def noted(*arguments: Any) -> Upload:
        upload = begin(*arguments)
        begun.append(upload.id)
        return upload

    monkeypatch.setattr(Waiting, "begin", noted)
    yield
    for upload in begun:
        httpx.delete(f"{address}uploads/{upload}", timeout=60)


def test_a_pdf_is_read_kept_and_answered_from(address: str, assistant: Assistant) -> None:
    row = uploaded(address, LETTER.read_bytes(), "The letter (final).pdf")
    assert (row["state"], row["statement"], row["error"]) == ("ready", "The-letter-final", "")
    facts = {"date": "2026-10-15", "parties": ["Japan", "ドイツ"], "status": ""}
    reply = keep(address, row["id"], facts=facts)
    assert (reply.status_code, reply.json()["state"]) == (202, "adding")
    done = settled(address, row["id"])
    assert (done["state"], done["statement"]) == ("added", "The-letter-final")
    provenance = assistant.statement("The-letter-final").provenance
    assert (provenance.date, provenance.parties) == ("2026-10-15", ("JP", "DE"))
    assert provenance.origins["date"] == provenance.origins["status"] == "hand"
    body = {"question": "What did they say about rising seas and their coastline?"}
    quote = post(address, "ask", body).json()["quotes"][0]
    assert quote["statement"] == "The-letter-final"
    assert "2.4 million people who live within one kilometre" in quote["text"]
    query = {"id": quote["statement"], "start": quote["start"], "end": quote["end"]}
    place = httpx.get(f"{address}original", params=query).json()
    assert (place["kept"], [page["number"] for page in place["pages"]]) == (True, [1])
    assert assistant.document_file("The-letter-final") == LETTER.read_bytes()
    with closing(LocalStore(assistant.home)) as store:
        assert store.original("The-letter-final").origin == "upload/The letter (final).pdf"


def test_the_preview_shows_what_was_read_and_what_was_cut(address: str) -> None:
    row = uploaded(address, LETTER.read_bytes(), "letter.pdf")
    assert fact(row, "date") == {
        "name": "date",
        "value": "2026-10-14",
        "found": "title",
        "text": {"en": "2026-10-14", "ja": "2026-10-14"},
    }
    assert fact(row, "venue") == {
        "name": "venue",
        "value": "",
        "found": "",
        "text": {"en": "", "ja": ""},
    }
    preview = row["preview"]
    assert preview["note"] == "PDF of 3 pages"
    statement = load_statement(LETTER)
    assert preview["counts"] == {
        "passages": len(statement.passages),
        "sentences": sum(len(passage.sentences) for passage in statement.passages),
        "characters": len(statement.source.text),
        "cuts": 6,
    }
    first = preview["passages"][0]
    assert (first["kind"], first["marker"], first["pages"]) == ("heading", "", [1])
    assert first["sentences"] == [
        "Joint Statement on Coastal Resilience",
        "Port Halden, 14 October 2026",
    ]
    assert {cut["reason"] for cut in preview["cuts"]} <= {"running header", "page number"}
    assert preview["cuts"][0]["page"] == 1
    mixed = (DOCUMENTS / "pdf" / "scanned-and-text.pdf").read_bytes()
    (warning,) = uploaded(address, mixed, "mixed.pdf")["preview"]["warnings"]
    assert warning.startswith("pages that are pictures")


@pytest.mark.parametrize(
    ("path", "note"),
    [
        ("docx/jucip.docx", "Word file"),
        ("html/white-house.html", "web page"),
        ("html/white-house.txt", ""),
        ("pdf/jucip-vertical.pdf", "PDF of 4 pages"),
    ],
)
def test_every_format_can_be_sent(address: str, path: str, note: str) -> None:
    file = DOCUMENTS / path
    row = uploaded(address, file.read_bytes(), file.name)
    assert (row["state"], row["statement"]) == ("ready", file.stem)
    statement, preview = load_statement(file), row["preview"]
    assert (preview["note"], preview["counts"]["passages"]) == (note, len(statement.passages))
    shown = [sentence for passage in preview["passages"] for sentence in passage["sentences"]]
    spans = (span for passage in statement.passages for span in passage.sentences)
    assert shown == [span.of(statement.source.text) for span in spans]


def test_a_text_in_another_encoding_and_markdown_can_be_sent(address: str) -> None:
    japanese = "両省は、運河の建設について一致した。\n\n両省は、橋の建設を歓迎した。\n" * 3
    row = uploaded(address, japanese.encode("cp932"), "合意.txt")
    assert row["preview"]["passages"][0]["sentences"] == ["両省は、運河の建設について一致した。"]
    assert row["preview"]["note"] == "read as Shift_JIS (guessed)"
    row = uploaded(address, b"# Joint Statement\n\n- The **ministers** agreed.\n", "a.md")
    assert [each["kind"] for each in row["preview"]["passages"]] == ["heading", "bullet"]


def test_only_the_first_passages_are_shown(address: str) -> None:
    text = "".join(f"The ministers agreed on point {number}.\n\n" for number in range(500))
    preview = uploaded(address, text.encode())["preview"]
    assert (len(preview["passages"]), preview["counts"]["passages"]) == (MAX_PASSAGES, 500)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.txt", "upload/a.txt: the file is empty"),
        (PNG, "a.pdf", "upload/a.pdf: is a PNG picture"),
        (b'[{"a": 1}]', "a.txt", "upload/a.txt: is JSON"),
        (b"%PDF-1.7\nnothing", "a.pdf", "upload/a.pdf: "),
        ((DOCUMENTS / "pdf" / "encrypted.pdf").read_bytes(), "x.pdf", "a password protects"),
        ((DOCUMENTS / "pdf" / "no-tounicode.pdf").read_bytes(), "x.pdf", "text is garbage"),
        (b"a" * 2_000_001, "a.txt", "over the limit of 2 MB"),
        (b"***\n***\n", "a.txt", "no text was found in it"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_one_line(
    address: str, home: Path, data: bytes, name: str, words: str
) -> None:
    row = uploaded(address, data, name)
    assert row["state"] == "refused"
    assert bool(row["ocr"]) is ("garbage" in words and bool(recognition.ocr_choices()))
    assert words in row["error"]
    assert "\n" not in row["error"]
    assert "shutten-documents" not in row["error"]
    assert str(home) not in row["error"]
    assert keep(address, row["id"]).status_code == 409


@pytest.mark.parametrize(
    ("name", "known_as", "statement"),
    [
        ("../../x.pdf", "x.pdf", "x"),
        ("C:\\secret\\y.pdf", "y.pdf", "y"),
        ("a\nb\x00c\x1b[31m.txt", "a b c [31m.txt", "a-b-c-31m"),
        ("..", "document", "document"),
        ("/", "document", "document"),
        (" .hidden.txt ", "hidden.txt", "hidden"),
        ("👩‍👩‍👧 家族.txt", "👩 👩 👧 家族.txt", "家族"),
        ("\u202egnp.txt", "gnp.txt", "gnp"),
        ("か\u3099.txt", "が.txt", "が"),
        ("あ" * 85 + ".txt", "あ" * 85 + ".txt", "あ" * 66),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf", "x" * 116),
        (f"{BUNDLED}.txt", f"{BUNDLED}.txt", f"{BUNDLED}-2"),
        ("?a=b&name=c#d.txt", "?a=b&name=c#d.txt", "a-b-name-c-d"),
    ],
)
def test_the_name_of_a_file_is_only_a_name(
    address: str, name: str, known_as: str, statement: str
) -> None:
    row = uploaded(address, TEXT.encode(), name)
    assert (row["state"], row["name"], row["statement"]) == ("ready", known_as, statement)


def test_a_copy_of_a_statement_is_named_and_not_added(address: str, assistant: Assistant) -> None:
    row = uploaded(address, bundled_paths()[0].read_bytes(), "copy.txt")
    assert (row["state"], row["copy_of"], row["changes"]) == ("ready", BUNDLED, "")
    reply = keep(address, row["id"])
    assert reply.status_code == 409
    assert reply.json() == {
        "error": f"copy.txt: has the same text as {BUNDLED!r}, which is here already"
    }
    # Two files with the same text are both ready until one of them is kept.
    text = TEXT.replace("canal", "lock").encode()
    first, second = (uploaded(address, text, name) for name in ("lock.txt", "same.txt"))
    assert (first["copy_of"], second["copy_of"]) == ("", "")
    keep(address, first["id"])
    keep(address, second["id"])
    assert settled(address, first["id"])["state"] == "added"
    refused = settled(address, second["id"])
    assert (refused["state"], refused["error"]) == (
        "refused",
        "same.txt: has the same text as 'lock', which is here already",
    )
    assert {"lock", "same"}.intersection(assistant.statement_ids()) == {"lock"}


def test_a_file_of_a_known_name_is_another_statement_or_takes_its_place(
    address: str, assistant: Assistant
) -> None:
    kept(address, TEXT.encode(), "a.txt")
    row = uploaded(address, NEWER, "a.txt")
    assert (row["changes"], row["copy_of"], row["statement"]) == ("a", "", "a-2")
    assert keep(address, row["id"]).status_code == 202
    assert settled(address, row["id"])["statement"] == "a-2"
    assert assistant.statement("a").source.data == TEXT.encode()
    newest = TEXT.replace("canal", "tunnel").encode()
    row = uploaded(address, newest, "a.txt")
    assert row["changes"] == "a-2"
    keep(address, row["id"], replace=True, facts={"title": "Newer"})
    assert settled(address, row["id"])["statement"] == "a-2"
    statement = assistant.statement("a-2")
    assert statement.source.data == newest
    assert statement.provenance.title == "Newer"
    reply = keep(address, uploaded(address, NEWER, "other.txt")["id"], replace=True)
    assert (reply.status_code, reply.json()["error"]) == (
        409,
        "other.txt: changes no statement that is here",
    )


def test_facts_by_hand_stay_when_a_newer_file_takes_the_place(
    address: str, assistant: Assistant
) -> None:
    text = TEXT.replace("canal", "ferry").encode()
    kept(address, text, "b.txt", facts={"title": "By hand", "status": "draft"})
    row = uploaded(address, text + b"\nThey met again.\n", "b.txt")
    keep(address, row["id"], replace=True, facts={"status": "final"})
    assert settled(address, row["id"])["state"] == "added"
    provenance = assistant.statement("b").provenance
    assert (provenance.title, provenance.status) == ("By hand", "final")


@pytest.mark.parametrize(
    ("facts", "field", "words"),
    [
        ({"date": "2023-13-01"}, "date", "a.txt: the date '2023-13-01' is no date"),
        ({"title": "x", "url": "http://a.example"}, "url", "begins with https://"),
        ({"parties": "Japan, Atlantis"}, "parties", "'Atlantis' is not known"),
        ({"language": "Japanese!"}, "language", "write its code"),
        ({"colour": "red"}, "facts", "there is no fact 'colour'"),
        ({"title": "x" * 50_001}, "title", "50,000 at most"),
    ],
)
def test_a_fact_that_cannot_be_used_is_named(
    address: str, facts: dict[str, str], field: str, words: str
) -> None:
    row = uploaded(address, TEXT.encode())
    reply = keep(address, row["id"], facts=facts)
    assert (reply.status_code, reply.json()["field"]) == (422, field)
    assert words in reply.json()["error"]
    assert state(address, row["id"])["state"] == "ready"


def test_a_fact_that_no_text_can_hold_is_refused(address: str) -> None:
    row = uploaded(address, TEXT.encode())
    reply = httpx.post(
        f"{address}uploads/{row['id']}/keep",
        content=rb'{"facts": {"title": "\ud800"}}',
        headers={"Content-Type": "application/json"},
    )
    assert reply.status_code == 422
    assert reply.json()["error"]


@pytest.mark.parametrize("body", [{"facts": {"date": 3}}, {"fact": {}}, {"replace": "yes"}, []])
def test_a_malformed_decision_is_refused(address: str, body: Any) -> None:
    row = uploaded(address, TEXT.encode())
    reply = httpx.post(f"{address}uploads/{row['id']}/keep", json=body)
    assert (reply.status_code, list(reply.json())) == (422, ["error"])


@pytest.mark.skipif(not recognition.ocr_choices(), reason="no tesseract here")
def test_the_words_of_a_scan_can_be_recognised(address: str) -> None:
    row = uploaded(address, SCAN, "scan.pdf")
    assert row["state"] == "refused"
    assert row["error"].startswith("upload/scan.pdf: is a scan")
    assert row["ocr"] == recognition.ocr_choices()
    row = uploaded(address, SCAN, "scan.pdf", ocr=row["ocr"][0])
    assert (row["state"], row["preview"]["note"]) == ("ready", "PDF of 2 pages, read by OCR")
    assert "recognised in pictures by tesseract" in row["preview"]["warnings"][0]
    reply = send(address, SCAN, ocr="tlh")
    assert (reply.status_code, "words can be recognised in" in reply.text) == (400, True)


def test_without_tesseract_no_words_are_recognised(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "_installed", lambda: ())
    assert uploaded(address, SCAN, "scan.pdf")["ocr"] == []
    reply = send(address, SCAN, ocr="jpn")
    assert reply.status_code == 400
    assert "tesseract, which recognises words, is not installed" in reply.json()["error"]
