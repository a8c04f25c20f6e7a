"""Folds a text for comparison, and maps what is found back to the text.

Two texts that a reader takes for the same words may differ in line breaks, in the width or the
composition of characters, in quotation marks and dashes, in characters that cannot be seen, in
mark-up, and in how they count years. Their keys are equal. Only keys are compared; a source
itself is never changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape
from typing import Any

from corpus.characters.numerals import KANJI_DIGITS, kanji_number
from corpus.records import Span
from corpus.tables import read_table

# Something to put in the place of `key[begin:end]`.
_Edit = tuple[int, int, str]

_ROUNDS = 20
# What may be long is matched without going back, lest a text take time by the square of its length.
_TARGET = r"\]\((?=[^()\s:/#.]*+[:/#.])[^()\s]*+(?:\s++\"[^\"]*+\")?\)"
_MARKUP = re.compile(
    r"(?P<gone><!--.{0,5000}?-->"
    rf"|!?\[(?=[^\[\]]{{0,500}}{_TARGET})|{_TARGET}"  # [text](url) begins, and ends
    r"|\\(?=[!-/:-@\[-`{-~])|\*+)"  # an escape as in `37\.`; emphasis
    r"|(?P<space></?(?:br|p|div|li|t[dhr]|h[1-6r])\b[^<>]*>|_+)"
    r"|</?[A-Za-z][^<>]*>"
    r"|(?P<character>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});)",
    re.DOTALL | re.IGNORECASE,
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef]+"
)
# Characters that NFKC leaves alone unless something that combines with them follows.
_SIMPLE = "\t-\r -~\u3001-\u3029\u3041-\u3096\u30a1-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_OTHERS = re.compile(rf"[{_SIMPLE}]?[^{_SIMPLE}]+")
_BLANK = re.compile(r"\s+")
_BREAK = re.compile(
    r"(?<![^\S\r\n\v\f\x85\u2028\u2029])[^\S\r\n\v\f\x85\u2028\u2029]*+[\r\n\v\f\x85\u2028\u2029]\s*"
)
# Scripts that write no space between words: there a line break is only layout. No space counts
# beside brackets, dashes and quotation marks either, where typographic habits differ.
_TIGHT = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3001-\u303f\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
    '()\\[\\]{}/"\\-'
)
_TIGHT_BEFORE, _TIGHT_AFTER = re.compile(f"[{_TIGHT}]"), re.compile(f"[{_TIGHT},.;:!?%]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared.

    Attributes:
        key: The folded text; case is kept.
        starts: For each character of the key, the first code point of the text it stands for.
        ends: One past the last of these.
    """

    key: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """What `key[start:end]` stands for in the text."""
        return Span(self.starts[start], self.ends[end - 1])


def fold(text: str, start: int = 0, kinds: Sequence[str] | None = None) -> Folded:
    """Fold a text. To fold a key changes nothing, unless more was escaped than 20 times over.

    A slice of the key stands for the slice of the text whose key it is, if it neither begins nor
    ends with white space and cuts no character of the text and no mark-up in two. There is no
    white space around a key.

    Args:
        text: The text.
        start: The offset of its first code point, which the map begins with.
        kinds: What to fold, of `KINDS`; everything when omitted.
    """
    folded = Folded(text, range(start, start + len(text)), range(start + 1, start + len(text) + 1))
    steps = [_STEPS[kind] for kind in (KINDS if kinds is None else kinds)]
    for _ in range(_ROUNDS):  # what is unescaped or composed may be something to fold in turn
        before = folded.key
        for step in steps:
            folded = _edited(folded, step(folded.key))
        if folded.key == before:
            break
    return folded


@lru_cache(maxsize=1 << 16)
def key_of(text: str) -> str:
    """The key of a text, remembered: the same sentences are compared again and again."""
    return fold(text).key


def differing(one: str, other: str) -> tuple[str, ...]:
    """In what two texts with the same key differ, of `KINDS`; nothing if they are the same."""
    if one == other:
        return ()

    def equal(kinds: Sequence[str]) -> bool:
        return fold(one, kinds=kinds).key == fold(other, kinds=kinds).key

    needed = tuple(kind for kind in KINDS if not equal([k for k in KINDS if k != kind]))
    # Where two kinds of folding do the same, neither is needed and the first one is named.
    return needed or tuple(kind for kind in KINDS if equal([kind]))[:1] or KINDS


def _markup(key: str) -> Iterator[_Edit]:
    for found in _MARKUP.finditer(key):
        new = " " if found["space"] else unescape(found["character"] or "")
        yield found.start(), found.end(), new


def _invisible(key: str) -> Iterator[_Edit]:
    return ((found.start(), found.end(), "") for found in _INVISIBLE.finditer(key))


def _signs(key: str) -> Iterator[_Edit]:
    pattern, table = _sign_table()
    return ((found.start(), found.end(), table[found[0]]) for found in pattern.finditer(key))


def _forms(key: str) -> Iterator[_Edit]:
    """Compatibility forms and composition (NFKC), character by character."""
    if unicodedata.is_normalized("NFKC", key):
        return
    for run in _OTHERS.finditer(key):
        begin, end = run.span()
        while begin < end:
            after = begin + 1
            while after < end and _combines(key[after]):
                after += 1
            each = [unicodedata.normalize("NFKC", char) for char in key[begin:after]]
            whole = unicodedata.normalize("NFKC", key[begin:after])
            if whole == "".join(each):  # nothing became one
                yield from zip(range(begin, after), range(begin + 1, after + 1), each, strict=True)
            else:
                yield begin, after, whole
            begin = after


def _eras(key: str) -> Iterator[_Edit]:
    """Years of Japanese eras as western ones: 令和五年, 令和元年, Reiwa 5."""
    pattern, table = _era_table()
    for found in pattern.finditer(key):
        name, digits, kanji = found.groups()
        before, last = table[name.casefold()]
        number = int(digits) if digits else 1 if kanji == "元" else kanji_number(kanji)
        if number and number <= last:
            yield found.start(), found.end(), f"{before + number}{'年' if kanji else ''}"


def _breaks(key: str) -> Iterator[_Edit]:
    return _spaces(key, _BREAK)


def _blanks(key: str) -> Iterator[_Edit]:
    return _spaces(key, _BLANK)


def _spaces(key: str, pattern: re.Pattern[str]) -> Iterator[_Edit]:
    for found in pattern.finditer(key):
        start, end = found.span()
        inside = start > 0 and end < len(key)
        tight = inside and (_TIGHT_BEFORE.match(key, start - 1) or _TIGHT_AFTER.match(key, end))
        yield start, end, " " if inside and not tight else ""


# What texts may differ in and still have the same key. White space comes last: what it stands
# beside is known only then. Line breaks are told from other white space, which may mean something.
_STEPS: dict[str, Callable[[str], Iterator[_Edit]]] = {
    "markup": _markup,
    "invisible": _invisible,
    "signs": _signs,
    "forms": _forms,
    "eras": _eras,
    "breaks": _breaks,
    "blanks": _blanks,
}
KINDS = tuple(_STEPS)


def _edited(folded: Folded, edits: Iterator[_Edit]) -> Folded:
    done = 0
    keys: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for begin, end, new in edits:
        if folded.key[begin:end] == new:
            continue
        keys += folded.key[done:begin], new
        starts += folded.starts[done:begin]
        starts += [folded.starts[begin]] * len(new)
        ends += folded.ends[done:begin]
        ends += [folded.ends[end - 1]] * len(new)
        done = end
    if not done:
        return folded
    key = "".join([*keys, folded.key[done:]])
    return Folded(key, [*starts, *folded.starts[done:]], [*ends, *folded.ends[done:]])


@lru_cache(maxsize=4096)
def _combines(char: str) -> bool:
    """Whether a character may become one with what stands before it."""
    first = unicodedata.normalize("NFKD", char)[0]
    vowel_or_final = "\u1160" <= first <= "\u11ff"  # of a Hangul syllable
    return vowel_or_final or unicodedata.category(first).startswith("M")


@cache
def _folding_table() -> dict[str, Any]:
    return read_table(__package__, "folding.json")


@cache
def _sign_table() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all signs, and what each is folded to."""
    table = {sign: one for one, signs in _folding_table()["signs"].items() for sign in signs}
    table |= dict(_folding_table()["radicals"].split())
    return re.compile(f"[{re.escape(''.join(table))}]"), table


@cache
def _era_table() -> tuple[re.Pattern[str], dict[str, tuple[int, int]]]:
    """A pattern for a year of an era; the year before each era, and its last one, by its name."""
    table = {
        name.casefold(): (before, last)
        for names, before, last in _folding_table()["eras"]
        for name in names
    }
    number = rf"(?:(\d{{1,9}})|([元{KANJI_DIGITS}]{{1,9}})\s*年)"
    return re.compile(rf"({'|'.join(table)})\s*{number}", re.IGNORECASE), table
