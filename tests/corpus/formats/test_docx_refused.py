"""Files that are no sound Word file are refused in one line, before they can do harm."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from docx_markup import level, lists, numbered, paragraph, row, table
from docx_packing import NAMESPACES, PACKAGE, word_file, word_parts, zipped

from corpus.formats.docx import archive, markup
from corpus.formats.docx.reader import read_docx
from corpus.formats.reading import UnreadableError

PARTS = word_parts(paragraph("甲"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
BOMB = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def with_part(name: str, content: str | bytes) -> bytes:
    return zipped({**PARTS, name: content})


def with_doctype(doctype: str, encoding: str = "utf-8") -> bytes:
    document = PARTS["word/document.xml"].replace("?>\n", f"?>{doctype}", 1).replace("甲", "&a;")
    return with_part("word/document.xml", document.replace("UTF-8", encoding).encode(encoding))


def without(name: str) -> bytes:
    return zipped({part: content for part, content in PARTS.items() if part != name})


def locked() -> bytes:
    """Return an archive whose parts are marked as encrypted."""
    data = bytearray(zipped(PARTS))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(signature, place + 4)
    return bytes(data)


def declared_as(size: int) -> bytes:
    """Return an archive that declares a wrong size for the unpacked main part."""
    data = bytearray(zipped(PARTS))
    for signature, to_size, to_name in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        place = data.find(signature)
        while place >= 0:
            if data[place + to_name :].startswith(b"word/document.xml"):
                data[place + to_size : place + to_size + 4] = struct.pack("<I", size)
            place = data.find(signature, place + 4)
    return bytes(data)


def two_of_a_name() -> bytes:
    buffer = io.BytesIO(zipped(PARTS))
    with zipfile.ZipFile(buffer, "a") as copy:
        copy.writestr("WORD/document.xml", PARTS["word/document.xml"])
    return buffer.getvalue()


REFUSED = {
    "nothing": (b"", "is no Word file"),
    "a text": (b"PDF or text", "is no Word file"),
    "encrypted": (OLE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
    "an old Word file": (OLE + "WordDocument".encode("utf-16-le"), "(.doc)"),
    "an old Office file": (OLE, "not of Word"),
    "encrypted parts": (locked(), "is protected by a password"),
    "an empty archive": (zipped({}), "is no Word file"),
    "a spreadsheet": (zipped({"xl/workbook.xml": "<a/>"}), "is no Word file"),
    "no main part": (without("word/document.xml"), "has no main part"),
    "another main part": (with_part("word/document.xml", "<a/>"), "has no body"),
    "no body": (
        with_part("word/document.xml", f'<w:document xmlns:w="{NAMESPACES["w"]}"/>'),
        "has no body",
    ),
    "a main part without XML": (with_part("word/document.xml", "甲"), "is damaged"),
    "XML that is cut": (
        with_part("word/document.xml", PARTS["word/document.xml"][:-20]),
        "damaged",
    ),
    "damaged styles": (
        zipped({**word_parts(paragraph("甲"), styles=""), "word/styles.xml": "<a>"}),
        "is damaged",
    ),
    "a method of compression that Word does not know": (
        zipped(PARTS, zipfile.ZIP_LZMA),
        "is damaged",
    ),
    "a size that is too small": (declared_as(100), "is damaged"),
    "a size beyond the limit": (declared_as(0xF0000000), "unpacks to more than 100 MB"),
    "two parts of the same name": (two_of_a_name(), "two parts of the same name"),
    "entities": (with_doctype(BOMB), "defines XML entities"),
    "entities in UTF-16": (with_doctype(BOMB, "utf-16"), "defines XML entities"),
    "an external entity": (with_doctype(FILE), "defines XML entities"),
    "a large part that is all the same": (
        with_part("word/document.xml", b" " * 11_000_000),
        "far more data",
    ),
    "deep nesting": (word_file("<w:x>" * 300 + "</w:x>" * 300), "nested too deep"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    data, words = REFUSED[name]
    with pytest.raises(UnreadableError) as refusal:
        read_docx(data)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("share", range(1, 20))
def test_a_file_that_is_cut_short_is_refused(share):
    data = word_file(paragraph("甲"))
    with pytest.raises(UnreadableError):
        read_docx(data[: len(data) * share // 20])


def test_no_more_than_the_limit_is_unpacked(monkeypatch):
    monkeypatch.setattr(archive, "MAX_BYTES", 2000)
    with pytest.raises(UnreadableError, match="unpacks to more than"):
        read_docx(word_file(paragraph("甲" * 2000)))
    assert read_docx(zipped({**PARTS, "word/media/image.png": bytes(5000)})).text == "甲\n"


def test_no_more_than_the_limit_is_unpacked_if_the_declared_size_is_wrong(monkeypatch):
    opened = archive.Archive(zipped({"a": bytes(3000)}))
    opened._entries["a"].file_size = 10
    opened._left = 1000
    real = zipfile.ZipFile(io.BytesIO(zipped({"a": bytes(3000)})))
    monkeypatch.setattr(opened._zip, "open", lambda entry: real.open("a"))
    with pytest.raises(UnreadableError, match="unpacks to more than"):
        opened.read("a")


def test_a_file_with_too_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "MAX_PARTS", 3)
    with pytest.raises(UnreadableError, match="more than 3 parts"):
        read_docx(word_file(paragraph("甲")))


def test_a_file_with_too_much_markup_is_refused(monkeypatch):
    monkeypatch.setattr(markup, "MAX_MARKS", 1000)
    with pytest.raises(UnreadableError, match="too much markup"):
        read_docx(word_file(paragraph("甲") * 200))


STRICT = "http://purl.oclc.org/ooxml/"
OPEN = "http://schemas.openxmlformats.org/"
DANGLING = f'<Relationship Id="rId9" Type="{OPEN}x/styles" Target="../NULL"/></Relationships>'
READ = {
    "with macros": zipped(word_parts(paragraph("甲"), main="document.macroEnabled.main")),
    "strict": zipped(
        {
            name: content.replace(
                f"{OPEN}wordprocessingml/2006/", f"{STRICT}wordprocessingml/"
            ).replace(f"{OPEN}officeDocument/2006/", f"{STRICT}officeDocument/")
            for name, content in word_parts(
                numbered("甲", 1), numbering=lists(level(0, "decimal", "%1."))
            ).items()
        }
    ),
    "a relationship that leads nowhere": zipped(
        {
            **PARTS,
            "word/_rels/document.xml.rels": PARTS["word/_rels/document.xml.rels"].replace(
                "</Relationships>", DANGLING
            ),
        }
    ),
    "no relationships": without("_rels/.rels"),
    "names with backslashes": zipped({n.replace("/", "\\"): c for n, c in PARTS.items()}),
    "names in capitals": zipped({name.upper(): content for name, content in PARTS.items()}),
    "an absolute target": with_part(
        "_rels/.rels", PARTS["_rels/.rels"].replace('"word/doc', '"/word/doc')
    ),
    "UTF-16": with_part(
        "word/document.xml",
        PARTS["word/document.xml"].replace("UTF-8", "UTF-16").encode("utf-16"),
    ),
    "an empty part": zipped({**word_parts(paragraph("甲"), styles=""), "word/styles.xml": ""}),
    "a declared size that is too large": declared_as(5000),
    "stored parts": zipped(PARTS, zipfile.ZIP_STORED),
    "comments and instructions": with_part(
        "word/document.xml",
        PARTS["word/document.xml"].replace("<w:p>", "<!-- a --><?b c?><w:p><!-- d -->"),
    ),
}


@pytest.mark.parametrize("name", READ)
def test_read(name):
    assert read_docx(READ[name]).text in ("甲\n", "1. 甲\n")


def test_nothing_outside_the_file_is_read(tmp_path):
    outside = tmp_path / "header.xml"
    outside.write_text(f'<w:hdr xmlns:w="{NAMESPACES["w"]}">{paragraph("外")}</w:hdr>', "utf-8")
    body = paragraph("甲") + '<w:sectPr><w:headerReference r:id="rId9"/></w:sectPr>'
    for target in (outside.as_uri(), str(outside), "http://tracker.invalid/x", "header1.xml"):
        data = word_file(body, external={"rId9": target}, header1=paragraph("内"))
        assert read_docx(data).details.cuts == ()
    links = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId9" Type="x/header" '
        f'Target="../../../..{outside}"/></Relationships>'
    )
    data = zipped({**word_parts(body), "word/_rels/document.xml.rels": links})
    assert read_docx(data).details.cuts == ()


def test_tables_in_tables_as_deep_as_the_parser_goes():
    inner = paragraph("甲")
    for _ in range(80):
        inner = table(row(inner))
    reading = read_docx(word_file(inner))
    assert reading.text == "甲\n"
    assert [s.where for s in reading.details.map.stretches] == ["table 80, row 1"]
