"""Names written by their sound: ジッダ and 제다 for Jeddah.

Katakana and Hangul are romanised, and folded until few sounds are left: l and r are one, so are b
and v, j and z, and long and short vowels. A name in Latin letters may be read in several ways; each
spelling in it stands for some of these sounds (`sounds.json`). Two names sound alike if one of
these ways is exactly what is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

from anyascii import anyascii

from corpus.tables import read_table

_FEWEST_SOUNDS = 4  # "zida" for Jeddah; what is shorter sounds like too many other words
_FEWEST_LETTERS = 4
_FEWEST_LETTERS_OF_SEVERAL = 8  # of several words together: "East Room"
_MOST_PARTS = 3  # of a name that is written with dots between its parts: フォン・デア・ライエン
_DOT = "[・･·＝=]"
_KATAKANA = re.compile(rf"[ァ-ヺー]+(?:{_DOT}[ァ-ヺー]+)*")
_HANGUL = re.compile("[가-힣]{2,}")
_SMALL = "ァィゥェォャュョヮ"  # They take the place of the vowel before them: フォ is "fo".
_VOWELS = "aeiou"


def spoken_names(text: str) -> Iterator[str]:
    """Yield the words of a text in Katakana and Hangul, as `sounds_of` takes them.

    Of words with dots between them, each is a name, and those that follow each other may be one
    together. A Korean word may end with a particle, so it is also given without it.
    """
    text = unicodedata.normalize("NFKC", text)
    for match in _KATAKANA.finditer(text):
        parts = re.split(_DOT, match.group())
        for start in range(len(parts)):
            for end in range(start + 1, min(len(parts), start + _MOST_PARTS) + 1):
                yield "".join(parts[start:end])
    for match in _HANGUL.finditer(text):
        yield match.group()
        if len(stem := _particle().sub("", match.group())) > 1:
            yield stem


@lru_cache(maxsize=1 << 12)
def sounds_of(word: str) -> str:
    """Return the sounds of a word in Katakana or Hangul: "zeda" for ジェダ and for 제다."""
    sounds = ""
    for before, character in pairwise(f" {word}"):
        if character in _SMALL and sounds.endswith(tuple(_VOWELS)):
            sounds = sounds[:-1] + "w" * (before == "ウ")
        # ッ doubles the next consonant, and doubled ones are folded anyway.
        sounds += "" if character == "ッ" else _folded(anyascii(character).lower())
    # ㅐ stands for the a in Harris, but not for an a at the end of a name.
    sounds = re.sub("æ$", "e", sounds).replace("æ", "a")
    return re.sub(r"([^aeiou])\1+", r"\1", sounds)


class SpokenIndex:
    """Finds the names, of many, that sound like a word. It is made once and asked often.

    The names share their beginnings in a tree. Each step in it is a spelling with the sounds that
    it may stand for.

    Args:
        names: Names in Latin letters. Those that are very short are left out.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._roots = {script: _Node() for script in _table().fillers}
        for name in names:
            words = [_letters(word) for word in name.split()]
            fewest = _FEWEST_LETTERS if len(words) == 1 else _FEWEST_LETTERS_OF_SEVERAL
            if sum(map(len, words)) >= fewest:
                for script, root in self._roots.items():
                    root.add(name, [step for word in words for step in _spellings(word, script)])

    def alike(self, word: str) -> set[str]:
        """Return the names that sound like a word in Katakana or Hangul."""
        sounds = sounds_of(word)
        found: set[str] = set()
        if len(sounds) < _FEWEST_SOUNDS:
            return found
        places = {(self._roots["hangul" if _HANGUL.match(word) else "katakana"], 0)}
        while places:
            found.update(
                name for node, done in places if done == len(sounds) for name in node.names
            )
            places = {
                (following, done + len(reading))
                for node, done in places
                for readings, following in node.steps.items()
                for reading in readings
                if sounds.startswith(reading, done)
            }
        return found


@dataclass(slots=True, eq=False)
class _Node:
    """A place in the tree of names: the steps from here, and the names that end here."""

    steps: dict[tuple[str, ...], _Node] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def add(self, name: str, steps: Iterable[tuple[str, ...]]) -> None:
        """Add a name at the end of some steps from here."""
        node = self
        for readings in steps:
            node = node.steps.setdefault(readings, _Node())
        node.names.append(name)


def _letters(word: str) -> str:
    """Return a word as small letters without accents and signs."""
    return re.sub("[^a-z]", "", anyascii(word).lower())


def _folded(syllable: str) -> str:
    for pattern, sound in _table().romanised:
        syllable = pattern.sub(sound, syllable)
    return syllable


def _spellings(letters: str, script: str) -> Iterator[tuple[str, ...]]:
    """Yield for each spelling in a word, one after the other, the sounds that it may stand for."""
    table, place = _table(), 0
    fillers = table.fillers[script]
    while place < len(letters):
        match = table.spelling.match(letters, place)
        assert match is not None
        sounds, place = table.sounds[match.lastgroup or ""], match.end()
        if place < len(letters) and letters[place] in _VOWELS + "y":
            yield sounds
        else:
            # No vowel follows, so one may be added: "t" is "to" in ペトロ.
            added = [sound + vowel for sound in sounds for vowel in fillers.get(sound[-1:], "")]
            yield tuple(dict.fromkeys((*sounds, *added)))


@dataclass(frozen=True, slots=True)
class _Table:
    """The rules of `sounds.json`.

    Attributes:
        romanised: Patterns in a romanised syllable, and the sound for each.
        spelling: A pattern with one named group for each spelling.
        sounds: The sounds that a spelling may stand for, by the name of its group.
        fillers: For each script, the vowels that it may write behind a consonant that none follows
            in Latin letters.
    """

    romanised: tuple[tuple[re.Pattern[str], str], ...]
    spelling: re.Pattern[str]
    sounds: Mapping[str, tuple[str, ...]]
    fillers: Mapping[str, Mapping[str, str]]


@cache
def _table() -> _Table:
    table = read_table(__package__, "sounds.json")
    groups = {f"spelling{place}": rule for place, rule in enumerate(table["spellings"])}
    return _Table(
        tuple((re.compile(pattern), sound) for pattern, sound in table["romanised"]),
        re.compile("|".join(f"(?P<{name}>{spelling})" for name, (spelling, _) in groups.items())),
        {name: tuple(sounds) for name, (_, sounds) in groups.items()},
        table["fillers"],
    )


@cache
def _particle() -> re.Pattern[str]:
    particles = read_table(__package__, "sounds.json")["particles"]
    return re.compile(f"(?:{'|'.join(particles)})$")
