"""Countries and organisations that a text names, in the languages of `corpus.facts.cldr`.

The names of countries come from the Unicode CLDR, other names and acronyms from `parties.json`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from corpus.characters.country_signs import country_runs
from corpus.facts.cldr import LANGUAGES, territories
from corpus.facts.overlaps import without_overlaps
from corpus.records import Span
from corpus.tables import read_table

_WIDE = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_KATAKANA_LETTERS = frozenset(map(chr, (*range(0x30A1, 0x30FB), 0x30FC)))
_KATAKANA = _KATAKANA_LETTERS | {"・"}
_LETTER = r"A-Za-z\u00c0-\u024f\u0370-\u058f\u1e00-\u1eff"
_WORD = re.compile(rf"[{_LETTER}][{_LETTER}0-9.'’]*")
# Between the words of a name: "Guinea-Bissau", "Trinidad and Tobago", "Trinidad & Tobago".
_JOINT = re.compile(r"(?:[\s\-‐‑–&]|\band\b)+")
_IN_BRACKETS = re.compile(r"[(（][^)）]*[)）]?")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_DOTTED = re.compile(r"\.\w+\.\Z")  # "U.S."
_MAX_WORDS = 8
_ACRONYM = 5  # letters
# What makes the name of a country that of its people: "Haitian", "Sudanese", "Israelis".
_PEOPLE = "(?:i?a)?n|i|ese|er|s|(?:i?a)?ns|is"
_ACRONYM_FORM = re.compile("[A-Z][A-Z0-9-]{1,14}")
# An organisation meets where so large a share of its members does, with so many others at most.
_NEARLY_ALL, _MAX_OTHERS = 0.75, 1


@dataclass(frozen=True, slots=True, order=True)
class PartyMention:
    """A country or an organisation that a text names.

    Attributes:
        span: The words that name it, in code points of the text.
        code: The ISO 3166 code of a country, or the acronym of an organisation.
    """

    span: Span
    code: str


def find_parties(text: str) -> list[PartyMention]:
    """Return the countries and organisations that a text names, in order.

    A run of one-character names such as 日米韓 is one mention of each country, with its own
    character.
    """
    return [mention for mention in without_overlaps(_mentions(text)) if mention.code]


def party_code(name: str) -> str:
    """Return the code that a name, a code or an acronym stands for; empty if it is not known.

    An acronym of capitals that is in no table is taken for that of an organisation.
    """
    mentions = find_parties(name)
    if len(mentions) == 1 and mentions[0].span.of(name) == name:
        return mentions[0].code
    code = name.upper()
    return code if code in territories("en") or _ACRONYM_FORM.fullmatch(name) else ""


def parties_named(text: str) -> frozenset[str]:
    """Return the codes of all parties that a text names.

    A text names a country by the name of its people, too, such as "Ethiopian".
    """
    named = {
        code
        for code, names in _names_by_code().items()
        if any(name in text for name in names) and _party_pattern(code).search(text)
    }
    if _WIDE.search(text):
        # Only with other signs beside it does 露 stand for Russia.
        named.update(found.code for found in find_parties(text))
    return frozenset(named)


@cache
def _names_by_code() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for name, code in _all_names():
        if code:
            names.setdefault(code, set()).add(name)
    return names


@cache
def _party_pattern(code: str) -> re.Pattern[str]:
    names = _names_by_code()[code]
    wide = [re.escape(name) for name in names if _WIDE.search(name)]
    spaced = [re.escape(name) for name in names if not _WIDE.search(name)]
    return re.compile("|".join([*wide, rf"(?<!\w)(?:{'|'.join(spaced)})(?:{_PEOPLE})?(?!\w)"]))


def is_group(code: str) -> bool:
    """Return whether a code stands for an organisation: those of countries have two letters."""
    return len(code) != 2 or code in ("G7", "EU", "UN")


def with_members(codes: set[str]) -> set[str]:
    """Return codes of parties, with the members of organisations that are short for some countries.

    If nearly all members of such an organisation are there, and hardly another party, it is added.
    """
    members: dict[str, list[str]] = _table()["members"]
    organisations = {name for name in members if name in codes or _is_met(codes, members[name])}
    return codes.union(organisations, *(members[name] for name in organisations & codes))


def _is_met(codes: set[str], members: Collection[str]) -> bool:
    here = codes.intersection(members)
    return len(here) >= _NEARLY_ALL * len(members) and len(codes) - len(here) <= _MAX_OTHERS


def party_name(code: str, language: str) -> str:
    """Return the name of a country in a language; the acronym of an organisation."""
    return territories(language).get(code, code)


def _mentions(text: str) -> Iterator[PartyMention]:
    yield from _spaced_mentions(text)
    yield from _wide_mentions(text)
    for start, code in country_runs(text):
        yield PartyMention(Span(start, start + 1), code)
    for pattern, codes in _names().runs:
        for match in pattern.finditer(text):
            for place in range(*match.span()):
                yield PartyMention(Span(place, place + 1), codes[text[place]])


def _spaced_mentions(text: str) -> Iterator[PartyMention]:
    """Find names in scripts with spaces between words. A longer name is tried first."""
    names, words = _names(), list(_WORD.finditer(text))
    place = 0
    while place < len(words):
        for count in range(min(_MAX_WORDS, len(words) - place), 0, -1):
            first, last = words[place], words[place + count - 1]
            written = _without_ending(text[first.start() : last.end()])
            code = names.exact.get(written, names.spaced.get(_key(written)))
            if code is not None:
                yield PartyMention(Span(first.start(), first.start() + len(written)), code)
                place += count - 1
                break
        place += 1


def _wide_mentions(text: str) -> Iterator[PartyMention]:
    """Find names in scripts without spaces. A name in katakana is no part of a longer word."""
    by_start = _names().wide
    end = 0
    for place, char in enumerate(text):
        for name, code in by_start.get(char, ()) if place >= end else ():
            if text.startswith(name, place) and _is_whole(text, place, place + len(name)):
                end = place + len(name)
                yield PartyMention(Span(place, end), code)
                break


def _is_whole(text: str, start: int, end: int) -> bool:
    if not all(char in _KATAKANA for char in text[start:end]):
        return True
    return text[start - 1 : start] not in _KATAKANA_LETTERS and text[end : end + 1] not in (
        _KATAKANA_LETTERS
    )


def _without_ending(written: str) -> str:
    """Drop the ending of a possessive, and a full stop that ends a sentence."""
    written = _POSSESSIVE.sub("", written)
    return written if _DOTTED.search(written) else written.rstrip(".")


def _key(name: str) -> str:
    return _JOINT.sub(" ", name.casefold())


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of all parties.

    Attributes:
        exact: Codes by acronyms, in which case matters: "US" is a country and "us" is not.
        spaced: Codes by the keys of names in scripts with spaces between words.
        wide: Names in scripts without them and their codes, by first character, longest first.
        runs: Runs of one-character names, each with the codes of its characters.
    """

    exact: dict[str, str]
    spaced: dict[str, str]
    wide: dict[str, list[tuple[str, str]]]
    runs: tuple[tuple[re.Pattern[str], dict[str, str]], ...]


@cache
def _table() -> dict[str, Any]:
    return read_table(__package__, "parties.json")


@cache
def _names() -> _Names:
    exact: dict[str, str] = {}
    spaced: dict[str, str] = {}
    wide: dict[str, list[tuple[str, str]]] = {}
    for name, code in _all_names():
        if _WIDE.search(name):
            wide.setdefault(name[0], []).append((name, code))
        elif name.isascii() and name.upper() == name and len(name.replace(".", "")) <= _ACRONYM:
            exact[name] = code
        else:
            spaced[_key(name)] = code
    for names in wide.values():
        names.sort(key=lambda pair: len(pair[0]), reverse=True)
    korean, chinese = _table()["signs"]["ko"], _table()["signs"]["zh"]
    before_noun = r"(?=[\s·]|정상|공동|회담|동맹|양국)"
    runs = (
        (re.compile(rf"(?<![가-힣])[{''.join(korean)}]{{2,4}}{before_noun}"), korean),
        (re.compile(rf"[{''.join(chinese)}]{{2,4}}(?!洲)"), chinese),
    )
    return _Names(exact, spaced, wide, runs)


def _all_names() -> Iterator[tuple[str, str]]:
    yield from _names_of_countries()
    for code, names in _table()["names"].items():
        for name in names:
            yield name, code
    for place in _table()["places"]:
        yield place, ""


def _names_of_countries() -> Iterator[tuple[str, str]]:
    """Yield the names in CLDR, and those with an addition without it: "Myanmar (Burma)".

    刚果（金） and 刚果（布） are two countries, so 刚果 is none.
    """
    short: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for code, name in territories(language).items():
            if len(name) > 1:
                yield name, code
                if _IN_BRACKETS.search(name):
                    short.setdefault(_IN_BRACKETS.sub("", name).strip(), set()).add(code)
    yield from ((name, codes.pop()) for name, codes in short.items() if len(codes) == 1)
