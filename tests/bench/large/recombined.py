"""Makes large libraries: statements whose passages are put together of sentences of real ones.

No model reads them. A new passage has as many sentences as a real one, each drawn from all
sentences of the same language. In each sentence, a character of one word in ten is exchanged, three
in twenty values of each token vector are moved by one level, and noise is added to its vectors. So
no two sentences are the same, and the words, the token vectors and the vectors are spread as real
ones are. The titles are real ones for chosen parties, and a model reads them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

import numpy as np

from corpus.facts.parties import party_name
from corpus.records import Passage, Provenance, Source, Span, Statement, passage_id
from index.building.encoding import encode_texts
from index.late_interaction.codes import TokenCodes
from index.lexical.terms import search_terms
from index.models.encoder import Encoder, Floats
from index.store.local import LocalStore
from index.store.segments.encodings import PassageEncoding
from index.store.values import NewStatement
from index.store.vectors.rounding import restored, rounded

PASSAGES_OF_A_STATEMENT = 60
_WORDS_CHANGED, _VALUES_MOVED = 0.1, 0.15
_NOISE = 0.3  # the length of what is added to a vector of length 1
_MASKS = 2**26  # bytes of masks, which are used again and again
_FIRST_DATE, _LAST_DATE = date(1986, 1, 1), date(2026, 1, 1)
_COUNTRIES = (
    *("US", "JP", "KR", "CN", "IN", "AU", "GB", "FR", "DE", "IT", "CA", "BR", "MX", "ID", "VN"),
    *("PH", "TH", "MY", "SG", "NZ", "ES", "PT", "NL", "SE", "FI", "NO", "PL", "UA", "TR", "EG"),
    *("SA", "AE", "IL", "ZA", "KE", "NG", "ET", "AR", "CL", "PE", "CO", "KZ", "UZ", "MN", "BD"),
)
_WITHOUT_SPACES = ("ja", "zh")
_LETTERS_OF_A_WORD = 5
_KINDS = ("Joint Statement", "Joint Declaration", "Joint Press Statement")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A real sentence, and what a model made of it."""

    text: str
    tokens: TokenCodes
    spans: np.ndarray
    background: float
    vector: Floats


@dataclass(frozen=True, slots=True)
class _Part:
    """A new passage, what a model would make of it, and the search terms of its sentences."""

    text: str
    passage: Passage
    encoding: PassageEncoding
    terms: list[list[str]]


class Recombined:
    """Draws statements.

    Args:
        base: The data folder with the real passages.
        encoder: Reads the titles.
        seed: Another one gives other statements.
    """

    def __init__(self, base: LocalStore, encoder: Encoder, seed: int = 0) -> None:
        self._draw, self._numbers = random.Random(seed), np.random.default_rng(seed)
        self._lengths: dict[str, list[int]] = {}
        self._sentences: dict[str, list[_Sentence]] = {}
        for name in base.statement_ids():
            self._read(base.stored(name))
        self._languages = [
            language for language, lengths in self._lengths.items() for _ in range(len(lengths))
        ]
        bits = self._numbers.random((_MASKS, 4), np.float32) < _VALUES_MOVED
        places = np.array([0, 2, 4, 6], np.uint8)
        self._masks = np.bitwise_or.reduce(bits.astype(np.uint8) << places, axis=1)
        self._pairs = list(combinations(_COUNTRIES, 2))
        self._titles = _titles(base, encoder, self._pairs)

    def _read(self, stored: NewStatement) -> None:
        statement, text = stored.statement, stored.statement.source.text
        language = statement.provenance.language or "en"
        for passage, encoding in zip(statement.passages, stored.passages, strict=True):
            if passage.kind == "heading":
                continue
            self._lengths.setdefault(language, []).append(len(passage.sentences))
            vectors = restored(encoding.vectors)
            several = len(vectors) == len(passage.sentences) + 1
            for number, span in enumerate(passage.sentences):
                first, last = encoding.sentence_tokens[number].tolist()
                if first == last:
                    continue
                start = span.start - passage.span.start
                spans = encoding.spans[first:last].astype(np.int64) - start
                sentence = _Sentence(
                    span.of(text),
                    TokenCodes(
                        encoding.tokens.codes[first:last], encoding.tokens.scales[first:last]
                    ),
                    np.clip(spans, 0, span.end - span.start),
                    float(encoding.sentence_background[number]),
                    vectors[number + 1 if several else 0],
                )
                self._sentences.setdefault(language, []).append(sentence)

    def statements(self, count: int, first: int = 0) -> Iterator[NewStatement]:
        """Yield statements with the numbers from `first` on, spread over forty years."""
        for number in range(first, first + count):
            yield self._statement(number)

    def _statement(self, number: int) -> NewStatement:
        language = self._draw.choice(self._languages)
        pair = self._draw.randrange(len(self._pairs))
        kind = self._draw.randrange(len(_KINDS))
        days = (_LAST_DATE - _FIRST_DATE).days
        day = _FIRST_DATE + timedelta(self._draw.randrange(days))
        title, card = self._titles[pair][kind]
        facts = Provenance(
            title=title,
            date=day.isoformat(),
            language=language,
            parties=self._pairs[pair],
            kind=_KINDS[kind].lower(),
        )
        text = ""
        parts: list[_Part] = []
        for place in range(PASSAGES_OF_A_STATEMENT):
            part = self._part(language, len(text), place + 1)
            text += f"{part.text}\n\n"
            parts.append(part)
        opening = parts[0].encoding
        first = slice(*opening.sentence_tokens[0].tolist())
        whole = TokenCodes(
            np.concatenate([card.codes, opening.tokens.codes[first]]),
            np.concatenate([card.scales, opening.tokens.scales[first]]),
        )
        name = f"{'-'.join(self._pairs[pair]).lower()}-{day:%Y}-{number}"
        source = Source(name, text.encode())
        return NewStatement(
            Statement(source, facts, tuple(part.passage for part in parts)),
            f"{name}.txt",
            None,
            [part.encoding for part in parts],
            [part.terms for part in parts],
            whole,
        )

    def _part(self, language: str, start: int, number: int) -> _Part:
        """Draw the n-th passage of a statement, which begins at `start` of it."""
        count = self._draw.choice(self._lengths[language])
        chosen = [self._draw.choice(self._sentences[language]) for _ in range(count)]
        joint = "" if language in _WITHOUT_SPACES else " "
        texts = [self._changed(sentence.text, language) for sentence in chosen]
        begins = np.cumsum([0, *(len(text) + len(joint) for text in texts)])[:-1].tolist()
        ends = np.cumsum([len(sentence.tokens) for sentence in chosen])
        text = joint.join(texts)
        codes = np.concatenate([sentence.tokens.codes for sentence in chosen])
        mask = int(self._numbers.integers(0, _MASKS - codes.size))
        codes = codes ^ self._masks[mask : mask + codes.size].reshape(codes.shape)
        scales = np.concatenate([sentence.tokens.scales for sentence in chosen])
        spans = [sentence.spans + begin for sentence, begin in zip(chosen, begins, strict=True)]
        backgrounds = np.array([sentence.background for sentence in chosen], np.float32)
        encoding = PassageEncoding(
            TokenCodes(codes, scales),
            np.concatenate(spans).astype(np.uint32),
            float(backgrounds.max()),
            np.stack([np.concatenate([[0], ends[:-1]]), ends], axis=1).astype(np.uint32),
            backgrounds,
            self._vectors(chosen),
        )
        passage = Passage(
            passage_id(text),
            "paragraph",
            Span(start, start + len(text)),
            tuple(
                Span(start + begin, start + begin + len(own))
                for begin, own in zip(begins, texts, strict=True)
            ),
            number=(number,),
        )
        return _Part(text, passage, encoding, list(map(search_terms, texts)))

    def _vectors(self, chosen: Sequence[_Sentence]) -> np.ndarray:
        own = np.stack([sentence.vector for sentence in chosen])
        vectors = np.concatenate([own.mean(axis=0, keepdims=True), own]) if len(own) > 1 else own
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        noise = self._numbers.standard_normal(vectors.shape, np.float32)
        vectors = vectors + noise * (_NOISE / np.sqrt(vectors.shape[1]))
        return rounded(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    def _changed(self, text: str, language: str) -> str:
        """Exchange a character in one of ten words, or one of ten characters without spaces."""
        share = _WORDS_CHANGED / (1 if language in _WITHOUT_SPACES else _LETTERS_OF_A_WORD)
        characters = list(text)
        for place, character in enumerate(characters):
            if self._draw.random() < share and character.isalnum():
                other = self._draw.choice(self._draw.choice(self._sentences[language]).text)
                characters[place] = other if other.isalnum() else character
        return "".join(characters)


def _titles(
    base: LocalStore, encoder: Encoder, pairs: Sequence[tuple[str, str]]
) -> list[list[tuple[str, TokenCodes]]]:
    """Return the titles for each pair of countries, with their tokens."""
    names = [[party_name(code, "en") for code in pair] for pair in pairs]
    titles = [f"{kind} of {one} and {other}" for one, other in names for kind in _KINDS]
    tokens = encode_texts(base.background(), encoder, titles)
    both = list(zip(titles, tokens, strict=True))
    return [both[first : first + len(_KINDS)] for first in range(0, len(both), len(_KINDS))]
