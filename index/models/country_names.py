"""One-character names of countries: 「対露」 is read as 「対露ロシア」, as a search key only.

A Japanese statement writes 日米韓 or 対露輸出管理; a question names Russia in full, in whatever
language. The model knows that ロシア and Russia are one, of 露 it does not. So the full name is put
behind the character wherever that surely stands for a country. Texts without such characters, and
those of other languages, are read as they are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.tables import read_table
from index.models.encoder import Encoded, Encoder, Role, TokenLogits

_HAN = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff"
_KANA = re.compile("[\u3040-\u30ff]")  # Chinese has the same characters in names of its own
_DAY = "日"  # after a figure it is a day


@dataclass(frozen=True, slots=True)
class SpelledOut:
    """A text with names put in, and the way back.

    Attributes:
        text: What is read.
        origins: i64 (characters,), which character of the text as it was each one stands for; a
            name that was put in stands for the character before it.
    """

    text: str
    origins: npt.NDArray[np.int64]

    def back(self, spans: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Spans of the text that is read as spans of the text as it was, i32 (n, 2)."""
        whole = spans[:, 1] > spans[:, 0]  # the others stand for no words
        found = np.zeros_like(spans)
        found[whole, 0] = self.origins[spans[whole, 0]]
        found[whole, 1] = self.origins[spans[whole, 1] - 1] + 1
        return found


def spelled_out(text: str) -> SpelledOut | None:
    """Put full names behind the one-character names of countries; None where there are none."""
    names = _names()
    parts, origins, done = [], [], 0
    for place in countries(text):
        name = names[text[place]]
        parts += [text[done : place + 1], name]
        origins += [*range(done, place + 1), *[place] * len(name)]
        done = place + 1
    if not done:
        return None
    origins += range(done, len(text))
    return SpelledOut("".join([*parts, text[done:]]), np.array(origins, np.int64))


def countries(text: str) -> list[int]:
    """Where a single character stands for a country, ascending."""
    table = _table()
    if table.signs.search(text) is None or _KANA.search(text) is None:
        return []
    masked = text
    for others in (table.never, table.known):
        masked = others.sub(lambda word: " " * len(word[0]), masked)
    places = {place for run in table.run.finditer(masked) for place in range(*run.span())}
    places |= {match.start(1) for one in table.alone for match in one.finditer(masked)}
    return sorted(places)


@dataclass(frozen=True, slots=True)
class _Table:
    """What `countries.json` says, as patterns."""

    signs: re.Pattern[str]
    never: re.Pattern[str]
    known: re.Pattern[str]
    run: re.Pattern[str]
    alone: tuple[re.Pattern[str], ...]


@cache
def _read() -> dict[str, Any]:
    return read_table(__package__, "countries.json")


@cache
def _table() -> _Table:
    table = _read()
    sign = "[" + "".join(table["signs"]) + "]"
    longest = sorted(table["never"], key=len, reverse=True)
    after = "|".join(table["after"])
    known = [f"(?<!{sign}){pair}(?!{sign})" for pair in table["known"]]
    return _Table(
        re.compile(sign),
        re.compile("|".join([rf"(?<=[\d一二三四五六七八九十]){_DAY}", *longest])),
        re.compile("|".join(known)),
        re.compile(sign + "{2,}"),
        (
            re.compile(rf"[{table['before']}]({sign})"),
            re.compile(rf"(?<![{_HAN}])({sign})(?={after})"),
        ),
    )


@cache
def _names() -> dict[str, str]:
    """The Japanese names of the countries, by sign."""
    from babel import Locale

    territories = Locale("ja").territories
    return {sign: territories[code] for sign, code in _read()["signs"].items()}


class SpelledOutEncoder:
    """A model that reads texts with the names put in; what it says is of the texts as they were."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.trained, self.reranker = encoder.trained, encoder.reranker

    @cached_property
    def fingerprint(self) -> str:
        """See `Encoder`; it changes with the table of names."""
        table = files("index.models").joinpath("countries.json").read_bytes()
        return f"{self._encoder.fingerprint}:names-{hashlib.sha256(table).hexdigest()[:8]}"

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        """See `Encoder`."""
        spelled = [spelled_out(text) for text in texts]
        encoded = self._encoder.encode(_read_as(texts, spelled), role)
        for one, names in zip(encoded, spelled, strict=True):
            yield replace(one, spans=names.back(one.spans)) if names else one

    def rerank(self, question: str, passages: Sequence[str]) -> list[TokenLogits]:
        """See `Encoder`."""
        spelled = [spelled_out(text) for text in (question, *passages)]
        asked, *texts = _read_as((question, *passages), spelled)
        readings = self._encoder.rerank(asked, texts)
        return [
            replace(one, spans=names.back(one.spans)) if names else one
            for one, names in zip(readings, spelled[1:], strict=bool(readings))
        ]


def _read_as(texts: Sequence[str], spelled: Sequence[SpelledOut | None]) -> list[str]:
    return [one.text if one else text for text, one in zip(texts, spelled, strict=True)]
