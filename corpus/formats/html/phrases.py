"""Texts that no statement has: labels of buttons, headings of lists of links, notices."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from corpus.documents import CutReason
from corpus.tables import read_table

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_MAX_LABEL = 80  # characters of a text that is compared as a whole
_MAX_COPYRIGHT = 240


@cache
def furniture() -> dict[str, Any]:
    """Return the table of what is no text of a statement; see `furniture.json`."""
    return read_table(__package__, "furniture.json")


@cache
def reasons(kind: str) -> dict[str, CutReason]:
    """Return the reasons by the words of one of the tables `sure`, `likely` and `whole`."""
    return {word: reason for reason, words in furniture()[kind].items() for word in words}


def by_whole_text(text: str) -> CutReason | None:
    """Return the reason for a block that has no words but those of a button, such as "Print"."""
    words = plain(text)
    return reasons("whole").get(words) if words else None


def is_copyright(text: str) -> bool:
    """Return whether a line is the notice of copyright at the foot of a page."""
    words = " ".join(text[:400].split())
    return len(words) <= _MAX_COPYRIGHT and bool(_copyright().search(words))


def label_kind(text: str) -> str:
    """Return `headings` or `contacts` for a heading of furniture, empty for anything else."""
    words = plain(text)
    return next((kind for kind in ("contacts", "headings") if words in _labels(kind)), "")


def is_notice(text: str) -> bool:
    """Return whether a text speaks of cookies, scripts or browsers."""
    return bool(_notices().search(text))


def plain(text: str) -> str:
    """Return a short text in lower case without marks around it; empty if it is long."""
    words = " ".join(text[: 4 * _MAX_LABEL].split())
    return "" if len(words) > _MAX_LABEL else _EDGES.sub("", words).casefold()


@cache
def _labels(kind: str) -> frozenset[str]:
    return frozenset(plain(label) for label in furniture()[kind])


@cache
def _notices() -> re.Pattern[str]:
    return re.compile("|".join(furniture()["notices"]), re.IGNORECASE)


@cache
def _copyright() -> re.Pattern[str]:
    return re.compile(furniture()["copyright"], re.IGNORECASE)
