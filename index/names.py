"""The names in a statement by which a question may mean it.

They are read once, when the statement is added, because that takes milliseconds a statement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.facts.cards import opening_sentences
from corpus.facts.mentions import Mentions, find_mentions, word_table
from corpus.facts.parties import parties_named
from corpus.records import Statement
from index.lexical.terms import search_terms

_MAX_OPENING = 2_000  # code points
_LETTERS = "A-Za-zÀ-ÖØ-öø-ÿ"
# Acronyms and words of four letters or more that begin with a capital letter: "TTC", "6G", "Bali".
_TERM = re.compile(
    rf"(?<![{_LETTERS}])(?:[A-Z0-9]*[A-Z][A-Z0-9]+|\d[A-Z]|[A-ZÀ-ÖØ-Þ][{_LETTERS}’'-]{{3,}})(?![{_LETTERS}])"
)
_WORD = rf"[A-ZÀ-ÖØ-Þ][{_LETTERS}]+"
_MOST_WORDS = 3  # of a name: "von der Leyen"


@dataclass(frozen=True, slots=True)
class Names:
    """The names in one statement.

    Attributes:
        terms: Names in the title, the venue and the opening; see `naming_terms`.
        title_terms: Names in the title alone.
        spoken: Names that questions in other scripts may write by their sound; see `_spoken`.
        small: The words that the statement writes with small letters, with line breaks between them
            and around. None of them is a name.
        parties: The codes of the countries and organisations that the statement names anywhere.
    """

    terms: frozenset[str]
    title_terms: frozenset[str]
    spoken: frozenset[str]
    small: str
    parties: frozenset[str]

    @classmethod
    def of(cls, statement: Statement) -> Names:
        """Read the names in a statement."""
        provenance = statement.provenance
        title = " ".join((provenance.title, provenance.title_en, provenance.venue))
        sentences = opening_sentences(statement.source.text, statement.passages)
        opening = " ".join(sentences)[:_MAX_OPENING]
        naming = find_mentions(f"{title} {opening}")
        words = _words(statement)
        small = sorted({word for word in words if word.islower()})
        return cls(
            frozenset(naming_terms(naming)),
            frozenset(naming_terms(find_mentions(provenance.title))),
            frozenset(_spoken(naming, f" {' '.join(words)} ")),
            "\n".join(["", *small, ""]),
            parties_named(statement.source.text),
        )

    def to_json(self) -> str:
        """Return the names as a JSON list."""
        sets = (self.terms, self.title_terms, self.spoken, self.parties)
        return json.dumps([*map(sorted, sets), self.small], ensure_ascii=False)

    @classmethod
    def from_json(cls, stored: str) -> Names:
        """Return what `to_json` wrote.

        Raises:
            ValueError: It is damaged.
        """
        try:
            *sets, small = json.loads(stored)
            terms, title_terms, spoken, parties = map(frozenset, sets)
            return cls(terms, title_terms, spoken, str(small), parties)
        except TypeError as error:
            raise ValueError(f"no names ({error})") from error

    def has_small(self, word: str) -> bool:
        """Return whether the statement writes a word with small letters."""
        return f"\n{word}\n" in self.small


def naming_terms(mentions: Mentions) -> set[str]:
    """Return the names in a text, without its dates, parties and words for statements.

    In scripts without capital letters a name cannot be told from other words, so none is returned.
    There the card tells which statement is meant, and so does the sound of names; see
    `qa.scope.evidence.Library.terms`.
    """
    return set(search_terms(" ".join(_TERM.findall(rest(mentions)))))


def rest(mentions: Mentions) -> str:
    """Return a text with blanks in the place of its dates, parties and words for statements."""
    characters = list(mentions.text)
    for span in mentions.spans:
        characters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(characters)


def _spoken(mentions: Mentions, words: str) -> set[str]:
    """Return the names of up to three words in a title, in lower case: "jeddah", "east room".

    Words that the statement also writes with small letters are ordinary ones: "partnership".

    Args:
        mentions: What was found in the title and the opening of the statement.
        words: All words of the statement, with blanks between them and around.
    """
    return {
        name
        for match in _phrase().finditer(rest(mentions))
        for name in _parts(re.split("[ -]", match.group()))
        if f" {name} " not in words
    }


def _words(statement: Statement) -> list[str]:
    """Return the words of the sentences without addresses, which have names in small letters."""
    text = statement.source.text
    spans = (span for passage in statement.passages for span in passage.sentences)
    return _word().findall(_address().sub(" ", " ".join(span.of(text) for span in spans)))


def _parts(words: Sequence[str]) -> Iterator[str]:
    """Yield each word of a name, and each few that follow each other, in lower case."""
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _MOST_WORDS) + 1):
            if words[end - 1][0].isupper():
                yield " ".join(words[start:end]).lower()


@cache
def _word() -> re.Pattern[str]:
    return re.compile(rf"[{_LETTERS}]+")


@cache
def _address() -> re.Pattern[str]:
    return re.compile(r"(?:https?://|www\.)\S+")


@cache
def _phrase() -> re.Pattern[str]:
    """Return a pattern for words with capital letters, such as "President von der Leyen"."""
    word = rf"(?:(?:{'|'.join(word_table()['name_particles'])})[ -]){{0,3}}{_WORD}"
    return re.compile(rf"(?<![{_LETTERS}]){word}(?:[ -]{word})*(?![{_LETTERS}])")
