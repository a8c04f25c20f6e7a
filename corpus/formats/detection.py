"""What a file is that is not the plain text of a statement, by its bytes and its structure."""

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
# The folder or file that only this kind of archive has.
_INSIDE = {
    "word/": f"{_OFFICE}wordprocessingml.document",
    "xl/": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/": f"{_OFFICE}presentationml.presentation",
    "META-INF/container.xml": "application/epub+zip",
}
_HEAD = 65_536  # bytes or characters that are looked at where the whole is not needed
_CODE = 0.35  # of the lines; the most in any statement at hand is 0.1
_BRACES = 0.0025  # pairs among the visible characters; statements have none
_BLOCKS = 0.3  # of the lines begin or end with a tag of HTML that makes a block
_TOKEN = re.compile(r"[A-Za-z0-9+/=_-]{40,}")


def binary_format(data: bytes) -> str:
    """What a file is by its first bytes, and what to do about it; empty for text.

    Text in any encoding is told by its beginning too where ASCII letters stand in it.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_type(_zip_type(data))
    return _by_beginning(data[:_HEAD].removeprefix(b"\xef\xbb\xbf").decode("latin-1"))


def unreadable_format(data: bytes) -> str:
    """What a file is that is no text in any encoding, and what to do; empty where unknown."""
    import chardet

    return _of_type(chardet.detect(data[:_HEAD])["mime_type"] or "")


def text_format(text: str) -> str:
    """What a text is that is no statement, and what to do about it; empty for plain text."""
    text = text.removeprefix("\ufeff")
    if known := _by_beginning(text[:_HEAD]):
        return known
    for name, remedy, is_it in (
        ("a web page (HTML)", "page", _is_html),
        ("JSON", "data", _is_json),
        ("a TOML file", "data", _is_toml),
        ("a table (CSV)", "data", _is_table),
        ("binary data written in letters (base64 or the like)", "data", _is_encoded),
        ("the source code of a program", "data", _is_code),
    ):
        if is_it(text):
            return _sentence(name, remedy)
    return ""


@cache
def _table() -> dict[str, Any]:
    return read_table(__package__, "formats.json")


def _sentence(name: str, remedy: str) -> str:
    return f"is {name}, {_table()['remedies'][remedy]}"


def _of_type(media_type: str) -> str:
    types = _table()["types"]
    known = types.get(media_type) or types.get(media_type.partition("/")[0])
    if known and media_type != "application/octet-stream":
        return _sentence(*known)
    return ""


def _by_beginning(head: str) -> str:
    for row in _table()["beginnings"]:
        if re.match(row["starts"], head):
            return _sentence(row["name"], row["remedy"])
    return ""


def _zip_type(data: bytes) -> str:
    """What is in a ZIP archive: OpenDocument says so itself, the others by what they hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").decode("latin-1").strip()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return _ZIP
    return next(
        (kind for inside, kind in _INSIDE.items() if any(n.startswith(inside) for n in names)), _ZIP
    )


def _is_html(text: str) -> bool:
    """Whether the paragraphs are in tags: tags within a line, as Markdown has them, are not it."""
    block = _table()["blocks"]
    if re.search("<rt>", text[:_HEAD], re.I):  # readings between the characters of a word
        return True
    lines = _lines(text)
    edges = re.compile(rf"^(?:{block})|(?:{block})$", re.I)
    tagged = sum(bool(edges.search(line)) for line in lines)
    return tagged >= 2 and tagged >= _BLOCKS * len(lines)


def _is_json(text: str) -> bool:
    """JSON, cut short or not, or an object a line."""
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
    """Five rows or more, each of the same three or more fields, none of them a sentence."""
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
    """Nearly nothing but long runs of the characters that binary data is written in."""
    visible = sum(not char.isspace() for char in text[:_HEAD])
    runs = _TOKEN.findall(text[:_HEAD])
    return sum(map(len, runs)) > 0.9 * visible and any(re.search(r"\d", run) for run in runs)


def _is_code(text: str) -> bool:
    """Whether many lines are written as in a program, or braces stand all over."""
    lines, visible = _lines(text), sum(not char.isspace() for char in text)
    braces = min(text.count("{"), text.count("}"))
    if braces >= 3 and braces >= _BRACES * visible:
        return True
    pattern = re.compile("|".join(_table()["code"]), re.ASCII)
    found = sum(bool(pattern.search(line)) for line in lines)
    return (found >= 3 and found >= _CODE * len(lines)) or _is_python(text)


def _is_python(text: str) -> bool:
    """Whether it is a program to Python itself: prose hardly ever is."""
    if len(text) > _HEAD or not re.search(r"^(?:import|from|def|class|async|@)\b", text, re.M):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text.lstrip("\ufeff")).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return len(body) > 1 and any(not isinstance(one, ast.Expr) for one in body)


def _lines(text: str) -> list[str]:
    """The lines that hold something; the last one may be cut short."""
    return [line.strip() for line in text[:_HEAD].splitlines() if line.strip()]
