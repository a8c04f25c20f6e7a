"""Files of other formats are recognised by their content, and refused with their name."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from project import DATA

from corpus.documents import Format
from corpus.errors import ShuttenError
from corpus.formats.detection import describe_binary_format, describe_text_format
from corpus.formats.documents import document_format
from corpus.library import bundled_paths, load_statement
from training.datasets import TRAINED_ON, texts

FILES = [*bundled_paths(), *sorted((DATA / "statements").glob("*.txt"))]
STATEMENTS = {path.stem: path.read_bytes() for path in FILES} | {
    text.statement.id: text.statement.source.data for text in texts("practice", *TRAINED_ON)
}
BODY = "両省は、水素で協力する。"


def zipped(*names: str, mimetype: str = "") -> bytes:
    """Return an archive of these files. Each is longer than the beginning that chardet reads."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, random.Random(1).randbytes(9000))
    return buffer.getvalue()


def database() -> bytes:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE t (x)")
        data = connection.serialize()
    connection.close()
    return data


PDF = b"%PDF-1.4\n%\x93\x8c\x8b\x9e ReportLab\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
NOISE = random.Random(7).randbytes(3000)
OPENDOCUMENT = "application/vnd.oasis.opendocument"
MAIL = "From: A <a@b.example>\r\nTo: c@d.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\n" + BODY
SAVED = (
    "From: <Saved by Blink>\nSnapshot-Content-Location: https://x.example/\nSubject: y\n"
    'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="z"\n\n' + BODY
)
OTHER_FORMATS: dict[str, tuple[bytes | str, str]] = {
    "XLSX": (zipped("[Content_Types].xml", "xl/workbook.xml"), "(XLSX)"),
    "PPTX": (zipped("[Content_Types].xml", "ppt/presentation.xml"), "(PPTX)"),
    "ODT": (zipped("content.xml", mimetype=f"{OPENDOCUMENT}.text"), "(ODT)"),
    "ODS": (zipped("content.xml", mimetype=f"{OPENDOCUMENT}.spreadsheet"), "(ODS)"),
    "EPUB": (zipped("META-INF/container.xml", mimetype="application/epub+zip"), "(EPUB)"),
    "EPUB without its type": (zipped("META-INF/container.xml"), "(EPUB)"),
    "ZIP": (zipped("a.txt", "b.txt"), "a ZIP archive, which is not opened; unpack it"),
    "ZIP cut short": (zipped("a.txt")[:200], "a ZIP archive"),
    "ZIP of nothing": (zipped(), "a ZIP archive"),
    "Word 97": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE, "an old Office program"),
    "RTF": (r"{\rtf1\ansi\ansicpg932 \u20001?\u22269?\par }", "(RTF)"),
    "PostScript": ("%!PS-Adobe-3.0\n%%Pages: 1\n", "a PostScript document"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + NOISE, "a PNG picture, which holds no text"),
    "JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF" + NOISE, "a JPEG picture"),
    "GIF": (b"GIF89a" + NOISE, "a GIF picture"),
    "TIFF": (b"II*\0" + NOISE, "a TIFF picture"),
    "WebP": (b"RIFF\x24\0\0\0WEBPVP8 " + NOISE, "a WebP picture"),
    "SVG": ('<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="x"><text>x</text></svg>', "an SVG"),
    "gzip": (gzip.compress(NOISE), "a gzip archive"),
    "bzip2": (bz2.compress(NOISE), "a bzip2 archive"),
    "xz": (lzma.compress(NOISE), "an xz archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + NOISE, "a 7z archive"),
    "RAR": (b"Rar!\x1a\x07\x01\x00" + NOISE, "a RAR archive"),
    "SQLite": (database(), "an SQLite database"),
    "MP3": (b"ID3\x03\0\0" + NOISE, "a sound recording"),
    "e-mail": (MAIL, "an e-mail"),
    "JSON": (json.dumps({"text": BODY}), "JSON"),
    "a list in JSON": (json.dumps([BODY, BODY]), "JSON"),
    "JSON cut short": ('[\n  {"text": "両省は', "JSON"),
    "JSON lines": ('{"a": 1}\n{"a": 2}\n', "JSON"),
    "XML": ('<?xml version="1.0" encoding="UTF-8"?>\n<doc><p>x</p></doc>', "an XML file"),
    "TOML": ('title = "声明"\ndate = 2023-05-26\n', "a TOML file"),
    "CSV": ("a,b,c\n" * 6, "a table (CSV)"),
    "tabs": ("id\tname\tyear\n" * 6, "a table (CSV)"),
    "base64": ("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo1234567890+/=QUJD\n" * 9, "base64"),
    "a key": ("-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n", "a key"),
    "TeX": ("% x\n\\documentclass{article}\n\\begin{document}x\\end{document}\n", "TeX"),
    "subtitles": ("1\n00:00:01,000 --> 00:00:02,000\nx\n", "subtitles"),
    "a shell script": ("#!/bin/sh\necho x\n", "a script"),
    "Python": ("import os\n\n\ndef f(x):\n    return os.getenv(x)\n", "source code"),
    "C": ("#include <stdio.h>\nint main(void) {\n  puts(\"x\");\n  return 0;\n}\n", "source code"),
    "JavaScript": ("const a = 1;\nfunction f() {\n  g(a);\n}\nf();\n", "source code"),
    "JavaScript in a line": ("!function(){var a={b:1};if(a.b){c({d:2})}}();", "source code"),
    "CSS": ("body {\n  color: red;\n}\n\na {\n  margin: 0;\n}\n", "source code"),
}  # fmt: skip


DOCUMENTS: dict[str, tuple[bytes | str, Format]] = {
    "PDF": (PDF, "pdf"),
    "PDF after other bytes": (b"\r\n\0\0junk\n" + PDF, "pdf"),
    "PDF of text alone": (b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n", "pdf"),
    "DOCX": (zipped("[Content_Types].xml", "docProps/app.xml", "word/document.xml"), "docx"),
    "HTML": (f"<!DOCTYPE html>\n<html><body><p>{BODY}</p></body></html>", "html"),
    "HTML, upper case": (f"\ufeff\n <HTML><BODY>{BODY}</BODY></HTML>", "html"),
    "HTML in Shift_JIS": (f"<html><body>{BODY}</body></html>".encode("cp932"), "html"),
    "HTML in UTF-16": (f"<html><body>{BODY}</body></html>".encode("utf-16"), "html"),
    "XHTML": (f'<?xml version="1.0"?>\n<!DOCTYPE html>\n<html><p>{BODY}</p></html>', "html"),
    "a comment, then HTML": (f"<!-- saved -->\n<html><p>{BODY}</p></html>", "html"),
    "a list in HTML": (f"<ul>\n<li>{BODY}</li>\n<li>{BODY * 9}</li>\n</ul>\n", "html"),
    "paragraphs in HTML": (f"<p>{BODY * 20}</p>\n\n<p>{BODY}\n{BODY}</p>\n", "html"),
    "ruby": ("<ruby>半<rt>はん</rt>導<rt>どう</rt>体<rt>たい</rt></ruby>の協力。", "html"),
    "MHTML": (SAVED, "html"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "format_"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_is_known_by_its_content(content: bytes | str, format_: Format) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    assert document_format(data) == format_


@pytest.mark.parametrize(("content", "words"), OTHER_FORMATS.values(), ids=OTHER_FORMATS)
@pytest.mark.parametrize("name", ["statement.txt", "statement.md"])
def test_another_format_is_refused_with_its_name(
    content: bytes | str, words: str, name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ShuttenError) as refusal:
        load_statement(path)
    message = str(refusal.value)
    assert message.startswith(f"{path}: is ")
    assert words in message
    assert "; " in message
    assert "\n" not in message


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_is_not_taken_for_another_format(name: str) -> None:
    assert document_format(STATEMENTS[name]) is None
    assert describe_binary_format(STATEMENTS[name]) == ""
    assert describe_text_format(STATEMENTS[name].decode("utf-8-sig")) == ""


PLAIN = {
    "a head": "---\ntitle: Joint Statement\ndate: '2024-05-01'\n---\n\nThe Ministers met.\n",
    "tags within lines": "The 21<sup>st</sup> meeting<br>\nThey **<u>agreed</u>** to meet.\n" * 3,
    "one tag": '<p align="center">Joint Statement</p>\n\nThe Ministers met.\n\nThey agreed.\n'
    "They will meet again.\n",
    "semicolons": "The Ministers:\n- welcomed the pilot (CSTP);\n- agreed on trade (WTO);\n"
    "- will meet in May;\n- noted the report;\n",
    "BM": "BMW and others took part in the meeting.\n",
    "a bracket": "[Joint Statement]\n\nThe Ministers met.\n",
    "a formula": "The share is x = y + 2.\n\nThe Ministers agreed.\n",
    "headers": "From: the Ministry\nDate: 1 May 2024\nSubject: Joint Statement\n\nThey met.\n",
    "import": "import duties\n",
    "from": "from Oslo\n\nThe Ministers met.\n",
    "names": "Japan, Korea, Chile\nPeru, Cuba, Haiti\n",
    "a word": "agreed\n",
    "a link": "See https://www.example.org/a/b/c?d=e&f=g for the text of the agreement.\n",
    "no blanks": "ประเทศสมาชิกเห็นพ้องที่จะส่งเสริมความร่วมมือด้านเศรษฐกิจและการค้าระหว่างกัน\n" * 3,
    "numbers": "1. The Ministers met.\n2. They agreed.\n3. They will meet.\n" * 3,
}  # fmt: skip


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_plain_text_stays_plain_text(text: str, ends: str, tmp_path: Path) -> None:
    path = tmp_path / "statement.md"
    path.write_bytes(text.replace("\n", ends).encode())
    assert load_statement(path).passages


@pytest.mark.parametrize(
    "make",
    [
        lambda: "Name: x\r\n" * 100_000,
        lambda: "<p " * 100_000,
        lambda: "<!-- " * 50_000,
        lambda: "[" * 100_000,
        lambda: "%" * 100_000,
        lambda: '{"' + "a" * 100_000,
        lambda: "a = " * 50_000,
        lambda: "(" * 100_000,
    ],
)
def test_no_text_makes_the_patterns_slow(make: Callable[[], str]) -> None:
    """The check of a text that is built to be hard ends, and has one result."""
    text = make()
    assert describe_text_format(text) == describe_text_format(text)
