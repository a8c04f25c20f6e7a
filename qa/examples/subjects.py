"""Subjects that a statement speaks of, as words that can stand in a question."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice, pairwise

from corpus.facts.dates import find_dates
from corpus.facts.parties import find_parties
from corpus.records import Statement
from corpus.tables import read_table

_HAN = "\u3400-\u9fff々"
# A word of Chinese or Japanese that may be a subject: 半導体, 輸出管理, サプライチェーン.
_UNSPACED = re.compile(rf"[{_HAN}ァ-ヺー]{{3,10}}")
_LETTERS = r"[^\W\d_\u3040-\u9fff]"
_WORD = re.compile(rf"{_LETTERS}(?:{_LETTERS}|[-’'])*{_LETTERS}")
_HEADING = re.compile(rf"{_LETTERS}[^\d:;,.()|*#]*")
_TAG = re.compile(r"<[^>]*>")
_ORNAMENT = re.compile(r"\A[\W_]+|[\W_]+\Z")
_LEAST, _LONG = 2, 4  # sentences with a subject; letters of a word that can be part of one
_MAX_WORDS, _MAX_COLUMNS = 4, 40  # of a heading that is a subject
_COMMON = 0.06  # share of the sentences with a word that is too common to be part of a subject


class Subjects:
    """Finds subjects in the statements of a library.

    Args:
        statements: All statements, by id.
    """

    def __init__(self, statements: Mapping[str, Statement]) -> None:
        self._statements = statements
        self._terms = {name: _terms(statement) for name, statement in statements.items()}
        self._spread = Counter(term for terms in self._terms.values() for term in terms)
        words = [set(map(str.casefold, words)) for words in self._words()]
        counts = Counter(word for each in words for word in each)
        most = max(_LEAST, _COMMON * len(words))
        self._common = {word for word, count in counts.items() if count > most}

    def of(self, name: str, most: int) -> list[str]:
        """Return the subjects of a statement that others seldom have. Its headings come first."""
        statement = self._statements[name]
        titles = " ".join((statement.provenance.title, statement.provenance.title_en)).casefold()
        headings = [text for text in _headings(statement) if text.casefold() not in titles]
        rarity = {
            term: count * math.log(1 + len(self._statements) / self._spread[term])
            for term, count in self._terms[name].items()
            if self._is_subject(term) and term.casefold() not in titles
        }
        terms = sorted(rarity, key=lambda term: -rarity[term])
        return list(islice(dict.fromkeys([*headings, *terms]), most))

    def shared(self, names: Iterable[str], most: int) -> list[str]:
        """Return what most of some statements speak of."""
        spread = Counter(term for name in names for term in self._terms[name])
        common = (term for term, _ in spread.most_common() if self._is_subject(term))
        return list(islice(common, most))

    def _is_subject(self, term: str) -> bool:
        return not self._common.intersection(term.casefold().split()) and _is_neutral(term)

    def _words(self) -> Iterable[list[str]]:
        for statement in self._statements.values():
            for sentence in _sentences(statement):
                yield _WORD.findall(sentence)


def _sentences(statement: Statement) -> Iterable[str]:
    text = statement.source.text
    for passage in statement.passages:
        if passage.kind != "heading":
            yield from (sentence.of(text) for sentence in passage.sentences)


def _terms(statement: Statement) -> Counter[str]:
    """Return the pairs of words, and the words of unspaced scripts, with their sentences' count.

    A word that begins with a capital letter is part of a name, which is seldom a subject.
    """
    counts: Counter[str] = Counter()
    for sentence in _sentences(statement):
        pairs = {
            f"{first[0]} {second[0]}"
            for first, second in pairwise(_WORD.finditer(sentence))
            if sentence[first.end() : second.start()] == " "
            and min(len(first[0]), len(second[0])) >= _LONG
            and f"{first[0]}{second[0]}".islower()
        }
        counts.update(pairs | set(_UNSPACED.findall(sentence)))
    return Counter({term: count for term, count in counts.items() if count >= _LEAST})


def _headings(statement: Statement) -> list[str]:
    """Return the short headings within a statement, in lower case where they are plain words."""
    text = statement.source.text
    known = Counter(word for sentence in _sentences(statement) for word in _WORD.findall(sentence))
    found = []
    for passage in statement.passages[1:]:
        words_of_heading = passage.span.of(text) if passage.kind == "heading" else ""
        heading = _ORNAMENT.sub("", _TAG.sub("", words_of_heading))
        words = heading.split()
        fits = _HEADING.fullmatch(heading) and len(heading) <= _MAX_COLUMNS
        if fits and len(words) <= _MAX_WORDS and _is_neutral(heading):
            found.append([_plain(word, known) for word in words])
    # A name that begins with a capital letter reads badly among words that have lost theirs.
    plain = (words for words in found if all(word.islower() or word.isupper() for word in words))
    return list(map(" ".join, plain))


def _plain(word: str, known: Mapping[str, int]) -> str:
    """Return a word of a heading as it is written within a sentence."""
    lower = word.lower()
    return lower if known.get(lower, 0) >= known.get(word, 0) and known.get(lower) else word


def _is_neutral(term: str) -> bool:
    """Return whether a term has no date and no party, and is no word that any statement has."""
    table = read_table(__package__, "generic.json")
    if term in table["terms"] or term.endswith(tuple(table["endings"])):
        return False
    words = {term.casefold(), *term.casefold().split()}
    return not words.intersection(table["words"]) and not (find_dates(term) or find_parties(term))


def in_words(subject: str, text: str) -> bool:
    """Return whether every word of a subject stands in a text; case does not matter."""
    return all(word in text.casefold() for word in subject.casefold().split())
