"""Recognises files that are not the plain text of a statement, by their bytes and structure.

Each `describe_` function returns the words that follow the path in an error message: what the
file is, and what the user can do. They return an empty text where nothing was recognised.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import tomllib
import warnings
import zipfile
from functools import cache
from typing import Any

from corpus.tables import read_table

_ZIP = "application/zip"
_OFFICE = "application/vnd.openxmlformats-officedocument."
# A path that only archives of this type contain.
_TYPE_BY_PATH = {
    "word/": f"{_OFFICE}wordprocessingml.document",
    "xl/": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/": f"{_OFFICE}presentationml.presentation",
    "META-INF/container.xml": "application/epub+zip",
}
_HTML = "a web page (HTML)"
_HEAD = 65_536  # bytes or characters at the beginning, which most checks are limited to
_CODE_LINES = 0.35  # share of lines; the largest in any known statement is 0.1
_BRACE_PAIRS = 0.0025  # per visible character; statements have none
_TAGGED_LINES = 0.3  # share of lines that begin or end with an HTML tag of a block
_LONG_WORD = re.compile(r"[A-Za-z0-9+/=_-]{40,}")


def describe_binary_format(data: bytes) -> str:
    """Describe a file that begins with the signature of a known format.

    Formats of text are recognised too if their beginning is ASCII in the encoding of the file.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_type(zip_type(data))
    return _by_beginning(data[:_HEAD].removeprefix(b"\xef\xbb\xbf").decode("latin-1"))


def describe_undecodable_format(data: bytes) -> str:
    """Describe a file that is not text in any supported encoding."""
    import chardet

    return _of_type(chardet.detect(data[:_HEAD])["mime_type"] or "")


def describe_text_format(text: str) -> str:
    """Describe a text that is not a statement, such as HTML, JSON or source code."""
    text = text.removeprefix("\ufeff")
    if description := _by_beginning(text[:_HEAD]):
        return description
    for name, remedy, is_this_format in (
        (_HTML, "page", is_html),
        ("JSON", "data", _is_json),
        ("a TOML file", "data", _is_toml),
        ("a table (CSV)", "data", _is_table),
        ("binary data written in letters (base64 or the like)", "data", _is_encoded),
        ("the source code of a program", "data", _is_code),
    ):
        if is_this_format(text):
            return _description(name, remedy)
    return ""


@cache
def _table() -> dict[str, Any]:
    return read_table(__package__, "formats.json")


def _description(name: str, remedy: str) -> str:
    return f"is {name}, {_table()['remedies'][remedy]}"


def _of_type(media_type: str) -> str:
    types = _table()["types"]
    name_and_remedy = types.get(media_type) or types.get(media_type.partition("/")[0])
    if name_and_remedy and media_type != "application/octet-stream":
        return _description(*name_and_remedy)
    return ""


def _by_beginning(head: str) -> str:
    for row in _table()["beginnings"]:
        if re.match(row["starts"], head):
            return _description(row["name"], row["remedy"])
    return ""


def zip_type(data: bytes) -> str:
    """Return the media type of a ZIP archive.

    OpenDocument files and e-books name it in a file; Office documents have typical paths.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").decode("latin-1").strip()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return _ZIP
    for start, media_type in _TYPE_BY_PATH.items():
        if any(name.startswith(start) for name in names):
            return media_type
    return _ZIP


def is_html(text: str) -> bool:
    """Return whether paragraphs are in tags. Tags within a line also occur in Markdown."""
    tag = _table()["blocks"]
    if re.search("<rt>", text[:_HEAD], re.I):  # ruby: readings stand between the characters
        return True
    lines = _lines(text)
    tag_at_edge = re.compile(rf"^(?:{tag})|(?:{tag})$", re.I)
    tagged = sum(bool(tag_at_edge.search(line)) for line in lines)
    return tagged >= 2 and tagged >= _TAGGED_LINES * len(lines)


def begins_like_html(head: str) -> bool:
    """Return whether the first characters of a file are those of a web page."""
    return any(
        row["name"] == _HTML and re.match(row["starts"], head) for row in _table()["beginnings"]
    )


def _is_json(text: str) -> bool:
    """Return whether a text is JSON, the beginning of JSON, or JSON Lines."""
    if re.match(r"""\s*(?:\[\s*)?\{\s*(?:"[^"\n]*"|'[^'\n]*')\s*:""", text):
        return True
    if not re.match(r"\s*\[", text):
        return False
    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False


def _is_toml(text: str) -> bool:
    if not re.search(r"^[^\S\n]*[\w.\"-]+[^\S\n]*=", text[:_HEAD], re.M):
        return False
    try:
        return bool(tomllib.loads(text.replace("\r\n", "\n")))
    except (tomllib.TOMLDecodeError, RecursionError):
        return False


def _is_table(text: str) -> bool:
    """Return whether a text has five rows or more of at least three fields, without sentences."""
    lines = _lines(text)
    if len(lines) < 5:
        return False
    for delimiter in "\t,;":
        try:
            rows = list(csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            continue
        widths = {len(row) for row in rows}
        if len(widths) == 1 and widths.pop() >= 3:
            return not any(re.search(r"[.。！？!?]\s*$", field) for row in rows for field in row)
    return False


def _is_encoded(text: str) -> bool:
    """Return whether nearly all of a text is long words of base64 or similar characters."""
    visible = sum(not char.isspace() for char in text[:_HEAD])
    words = _LONG_WORD.findall(text[:_HEAD])
    return sum(map(len, words)) > 0.9 * visible and any(re.search(r"\d", word) for word in words)


def _is_code(text: str) -> bool:
    """Return whether many lines look like source code, or the text has many braces."""
    lines, visible = _lines(text), sum(not char.isspace() for char in text)
    braces = min(text.count("{"), text.count("}"))
    if braces >= 3 and braces >= _BRACE_PAIRS * visible:
        return True
    pattern = re.compile("|".join(_table()["code"]), re.ASCII)
    code_lines = sum(bool(pattern.search(line)) for line in lines)
    return (code_lines >= 3 and code_lines >= _CODE_LINES * len(lines)) or _is_python(text)


def _is_python(text: str) -> bool:
    """Return whether Python can parse a text. Prose is hardly ever valid Python."""
    if len(text) > _HEAD or not re.search(r"^(?:import|from|def|class|async|@)\b", text, re.M):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text.lstrip("\ufeff")).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return len(body) > 1 and any(not isinstance(node, ast.Expr) for node in body)


def _lines(text: str) -> list[str]:
    """Return the lines at the beginning that are not blank. The last one may be incomplete."""
    return [line.strip() for line in text[:_HEAD].splitlines() if line.strip()]
