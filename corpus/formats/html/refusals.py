"""Refuses pages that hold no statement: frames, errors, pages to log in, pages made by scripts."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from corpus.formats.html.omissions import Omissions, has_words
from corpus.formats.html.titles import head_title
from corpus.formats.html.tree import Page
from corpus.formats.html.weights import columns
from corpus.formats.reading import UnreadableError
from corpus.tables import read_table

_LITTLE = 300  # columns of text, above which a page is not refused for what it says
_FEW = 150  # columns of text, above which a page is not refused for a field of a password


def refuse_frames(page: Page) -> None:
    """Refuse a page of frames.

    Raises:
        UnreadableError: It is one.
    """
    if page.body < 0:
        is_framed = any(node.tag == "frameset" for node in page.nodes)
        raise _refusal("frames" if is_framed else "empty")


def refuse_without_statement(page: Page, omissions: Omissions, text: str) -> None:
    """Refuse a page that holds no statement.

    Args:
        page: The page.
        omissions: What is left out of its text.
        text: Its text.

    Raises:
        UnreadableError: The text has no words, or few words that tell what the page is.
    """
    if columns(text) > _LITTLE:
        return
    seen = f"{head_title(page)}\n{text}"
    if kind := next((kind for kind in ("check", "error", "login") if _says(kind, seen)), ""):
        raise _refusal(kind)
    has_few = columns(text) <= _FEW
    if has_few and any(
        node.attributes.get("type", "").lower() == "password" for node in page.nodes
    ):
        raise _refusal("login")
    if _says("scripts", text):
        raise _refusal("scripts")
    if not has_words(text):
        raise _refusal(_why_empty(page, omissions))


def _why_empty(page: Page, omissions: Omissions) -> str:
    cuts = omissions.cuts()
    if any(cut.reason == "script" for cut in cuts):
        return "scripts"
    if cuts:
        return "furniture"
    return "scripts" if any(node.tag == "script" for node in page.nodes) else "empty"


def _says(kind: str, text: str) -> bool:
    return bool(_phrases(kind).search(text))


@cache
def _table() -> dict[str, Any]:
    return read_table(__package__, "refusals.json")


@cache
def _phrases(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(_table()["phrases"][kind]), re.IGNORECASE | re.MULTILINE)


def _refusal(kind: str) -> UnreadableError:
    return UnreadableError(_table()["messages"][kind])
