"""Libraries on disk: passages put together into statements, and where each of them stands."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpus.library import QUESTIONS, bundled_paths
from corpus.question_sets import load_questions
from side_by_side.passages import SEED, Passage, Question

PASSAGES_OF_A_STATEMENT = 60
BUNDLED_PASSAGES = 18
_FIRST_DATE, _LAST_DATE = date(2021, 1, 1), date(2026, 1, 1)


@dataclass(frozen=True)
class Place:
    """The code points from `start` to `end` of a statement."""

    statement: str
    start: int
    end: int

    def overlaps(self, other: Place) -> bool:
        """Return whether some code point is in both."""
        same = self.statement == other.statement
        return same and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Asked:
    """A question, and the places of the passages that answer it."""

    text: str
    right: tuple[Place, ...]


@dataclass(frozen=True)
class Library:
    """Statements in files.

    Attributes:
        name: Names the figures, such as `300`.
        passages: How many passages they have.
        files: The files.
        questions: What is asked about them.
    """

    name: str
    passages: int
    files: tuple[Path, ...]
    questions: tuple[Asked, ...] = ()


def bundled_library(count: int) -> Library:
    """Return the bundled statement with the first questions of its split `dev`."""
    rows = load_questions(QUESTIONS / "jucip-2023.jsonl")
    asked = tuple(Asked(row.text, ()) for row in rows if row.split == "dev")[:count]
    return Library(str(BUNDLED_PASSAGES), BUNDLED_PASSAGES, bundled_paths()[:1], asked)


def write_library(
    folder: Path, passages: Sequence[Passage], questions: Iterable[Question] = ()
) -> Library:
    """Write statements of sixty passages of one source each.

    Args:
        folder: Where the files are written; its name becomes that of the library.
        passages: The passages.
        questions: Questions about them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    places: dict[str, list[Place]] = {}
    groups = list(_statements(passages))
    for number, group in enumerate(groups):
        path = folder / f"{folder.name}-{group[0].source.replace('.', '-')}-{number + 1}.md"
        day = _FIRST_DATE + (_LAST_DATE - _FIRST_DATE) * number / len(groups)
        text = f"# Statement {number + 1}, {day.day} {day:%B %Y}\n"
        for passage in group:
            start = len(text) + 1
            text += f"\n{passage.text}\n"
            place = Place(path.stem, start, start + len(passage.text))
            places.setdefault(passage.key, []).append(place)
        path.write_text(text, "utf-8")
        files.append(path)
    asked = tuple(Asked(question.text, tuple(places[question.key])) for question in questions)
    return Library(folder.name, len(passages), tuple(files), asked)


def _statements(passages: Sequence[Passage]) -> Iterator[list[Passage]]:
    shuffled = random.Random(SEED).sample(passages, len(passages))
    for source in sorted({passage.source for passage in passages}):
        group = [passage for passage in shuffled if passage.source == source]
        for start in range(0, len(group), PASSAGES_OF_A_STATEMENT):
            yield group[start : start + PASSAGES_OF_A_STATEMENT]
