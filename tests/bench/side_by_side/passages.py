"""Real passages with questions, and more passages made of their sentences."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from corpus.library import load_statement
from corpus.records import Span
from corpus.segmentation.sentences import split_sentences
from qa.evaluation.squad import paragraphs

SEED = 1
_UNSPACED = ("jsquad", "xquad.zh")  # sources in languages without spaces between sentences


@dataclass(frozen=True)
class Passage:
    """A paragraph.

    Attributes:
        text: Its words in one line.
        source: The name of the file, or kind of files, that it comes from.
        key: What it says: translations of each other have the same one. Empty if it is recombined.
    """

    text: str
    source: str
    key: str = ""


@dataclass(frozen=True)
class Question:
    """A question, and the key of the passages that answer it."""

    text: str
    key: str


@dataclass(frozen=True)
class Texts:
    """Everything that libraries are made of.

    Attributes:
        asked: The passages that questions are drawn about, and their translations.
        others: All other real passages.
        questions: The questions that were drawn.
    """

    asked: tuple[Passage, ...]
    others: tuple[Passage, ...]
    questions: tuple[Question, ...]

    def endless(self) -> Iterator[Passage]:
        """Yield the real passages, those with questions first, and then recombined ones for ever.

        No two texts are alike. The passages with questions are not recombined, because their
        sentences would answer elsewhere too.
        """
        seen: set[str] = set()
        recombined = recombine(self.others, random.Random(SEED))
        for passage in chain(self.asked, self.others, recombined):
            if passage.text not in seen:
                seen.add(passage.text)
                yield passage

    def of_source(self, name: str) -> tuple[Passage, ...]:
        """Return the real passages of the sources whose name begins so."""
        found = (*self.asked, *self.others)
        return tuple(passage for passage in found if passage.source.startswith(name))


def read_texts(squad: Path, statements: Path, count: int) -> Texts:
    """Read the passages, and draw questions.

    Args:
        squad: A folder of files in SQuAD format. `NAME.LANGUAGE.json` are translations of `NAME`.
        statements: A folder of statements in Markdown; it may be missing.
        count: How many questions are drawn, as many of each set of translations.
    """
    draw, passages = random.Random(SEED), []
    by_family: dict[str, list[Question]] = {}
    for path in sorted(squad.glob("*.json")):
        family = path.stem.partition(".")[0]
        for article, number, paragraph in paragraphs(path):
            key = f"{family}-{article}-{number}"
            passages.append(Passage(_line(paragraph["context"]), path.stem, key))
            questions = by_family.setdefault(family, [])
            questions += [Question(qa["question"], key) for qa in paragraph["qas"]]
    share = count // max(1, len(by_family))
    drawn = [draw.sample(questions, min(share, len(questions))) for questions in by_family.values()]
    keys = {question.key for question in chain(*drawn)}
    others = [passage for passage in passages if passage.key not in keys]
    others += _paragraphs_of_statements(statements)
    draw.shuffle(others)
    asked = [passage for passage in passages if passage.key in keys]
    return Texts(tuple(asked), tuple(others), tuple(chain(*drawn)))


def recombine(passages: Sequence[Passage], draw: random.Random) -> Iterator[Passage]:
    """Yield passages of sentences from all passages of one source, for ever.

    The source and the number of sentences are those of a passage that is drawn.
    """
    cut = [_sentences(passage.text) for passage in passages]
    pools: dict[str, list[str]] = {}
    for passage, sentences in zip(passages, cut, strict=True):
        pools.setdefault(passage.source, []).extend(sentences)
    while True:
        number = draw.randrange(len(passages))
        source = passages[number].source
        chosen = draw.sample(pools[source], len(cut[number]))
        yield Passage(_joined(chosen, source), source)


def of_mean_length(
    passages: Iterable[Passage], length: int, count: int, draw: random.Random
) -> list[Passage]:
    """Return recombined passages of one source whose lengths have a mean.

    Args:
        passages: Passages of one source.
        length: The mean length in characters.
        count: How many passages are made.
        draw: Decides the sentences.
    """
    sentences = [(p.source, sentence) for p in passages for sentence in _sentences(p.text)]
    made: list[Passage] = []
    total = 0
    while len(made) < count:
        chosen: list[str] = []
        while not chosen or total + sum(map(len, chosen)) < length * (len(made) + 1):
            source, sentence = draw.choice(sentences)
            chosen.append(sentence)
        made.append(Passage(_joined(chosen, source), source))
        total += len(made[-1].text)
    return made


def first(passages: Iterable[Passage], count: int) -> list[Passage]:
    """Return the first passages."""
    return list(islice(passages, count))


def _paragraphs_of_statements(folder: Path) -> list[Passage]:
    statements = [load_statement(path) for path in sorted(folder.glob("*.md"))]
    return [
        Passage(_line(passage.span.of(statement.source.text)), "statements")
        for statement in statements
        for passage in statement.passages
        if len(passage.sentences) > 1  # no headings
    ]


def _line(text: str) -> str:
    return " ".join(text.replace("\ufeff", "").split())


def _sentences(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)))]


def _joined(sentences: Iterable[str], source: str) -> str:
    return ("" if source.startswith(_UNSPACED) else " ").join(sentences)
