"""Loaders of the texts, questions and remarks in `training/data`.

The README in that folder says what each file holds, how it was made, and which split it belongs
to. There is no command.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from corpus.library import statement_from_text
from corpus.question_sets import Question, parse_question, read_json_lines
from corpus.records import Statement

DATA = Path(__file__).parent / "data"
REMARK_KINDS = DATA / "remarks" / "kinds.jsonl"
FOLLOWUPS = DATA / "remarks" / "followups.jsonl"
FRAMES = DATA / "remarks" / "frames.json"
Kind = Literal["statements", "encyclopedia", "practice", "families", "prose"]
TRAINED_ON: tuple[Kind, ...] = ("statements", "encyclopedia", "families", "prose")


@dataclass(frozen=True, slots=True)
class TrainingText:
    """A text with questions about it.

    Attributes:
        statement: The text, parsed as a statement.
        questions: The questions about it.
        paraphrases: Questions in other words than the text's. Only practice statements have them.
    """

    statement: Statement
    questions: tuple[Question, ...]
    paraphrases: tuple[Question, ...] = ()


@cache
def texts(*kinds: Kind, split: str = "") -> tuple[TrainingText, ...]:
    """Return the texts of some kinds, in all languages, in the order of their ids.

    The order matters, because training draws from the texts with a fixed seed. The texts are kept,
    because several steps of one command read the same ones.

    Args:
        kinds: The kinds of texts.
        split: The split of the texts; all if empty.
    """
    folders = [DATA / kind for kind in kinds]
    questions = _questions_by_text(folders, "questions")
    paraphrases = _questions_by_text(folders, "paraphrases")
    rows = sorted(_rows(folders, "texts"), key=lambda row: str(row["id"]))
    rows = [row for row in rows if split in ("", row["split"])]
    return tuple(
        TrainingText(
            statement_from_text(row["id"], row["text"]),
            tuple(questions.get(row["id"], ())),
            tuple(paraphrases.get(row["id"], ())),
        )
        for row in rows
    )


def training_texts() -> tuple[TrainingText, ...]:
    """Return the texts that the adapter and the reranker are trained on."""
    return texts(*TRAINED_ON, split="train")


def questions(*kinds: Kind, split: str = "") -> list[Question]:
    """Return all questions about the texts of some kinds, in the order of the texts."""
    return [question for text in texts(*kinds, split=split) for question in text.questions]


def _rows(folders: Iterable[Path], suffix: str) -> list[dict[str, Any]]:
    paths = sorted(path for folder in folders for path in folder.glob(f"*.{suffix}.jsonl"))
    return [row for path in paths for _, row in read_json_lines(path)]


def _questions_by_text(folders: Iterable[Path], suffix: str) -> dict[str, list[Question]]:
    """Return the questions of all files `*.SUFFIX.jsonl`, by the id of their text."""
    questions: dict[str, list[Question]] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"*.{suffix}.jsonl")):
            for number, row in read_json_lines(path):
                question = parse_question(path, number, row)
                questions.setdefault(row["text"], []).append(question)
    return questions
