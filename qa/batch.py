"""A file of questions to a file of answers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from corpus.errors import ShuttenError
from corpus.questions import field, read_json_lines
from qa.assistant import Assistant, check_count, clean_question


def answer_file(assistant: Assistant, questions: Path, answers: Path, k: int) -> None:
    """Answer every line of `questions`; `answers` appears whole or not at all.

    A question that cannot be asked (empty, too long) gets a refusal with an `error`.

    Raises:
        ShuttenError: `questions` is no question file, or `answers` cannot be written.
    """
    from tqdm import tqdm

    rows = [
        (
            field(questions, number, row, "id", str, None),
            field(questions, number, row, "question", str, None),
            field(questions, number, row, "history", list, []),
        )
        for number, row in read_json_lines(questions)
    ]
    _refuse_target(questions, answers)
    check_count(k)
    try:
        with NamedTemporaryFile(
            *("w", -1, "utf-8"), dir=answers.parent, errors="backslashreplace", delete=False
        ) as file:
            try:
                for id_, question, history in tqdm(rows, "asking", leave=False, delay=1):
                    line = {"id": id_, **_answer(assistant, question, history, k)}
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
                file.close()
                os.chmod(file.name, 0o666 & ~_umask())
                os.replace(file.name, answers.resolve())
            except BaseException:
                Path(file.name).unlink()
                raise
    except OSError as error:
        raise ShuttenError(f"{answers}: cannot be written ({error.strerror}); check it") from None


def _refuse_target(questions: Path, answers: Path) -> None:
    """Answers only ever take the place of a regular file, and never of the questions."""
    try:
        if answers.exists() and not answers.is_file():
            raise ShuttenError(f"{answers}: is not a regular file; give the name of a file")
        if answers.exists() and answers.samefile(questions):
            raise ShuttenError(f"{answers}: holds the questions; give another name")
        if not answers.parent.is_dir():
            raise ShuttenError(f"{answers}: there is no folder {answers.parent}; create it")
    except OSError as error:
        raise ShuttenError(f"{answers}: cannot be written ({error.strerror}); check it") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _answer(assistant: Assistant, question: str, history: list[str], k: int) -> dict[str, Any]:
    try:
        clean_question(question)
    except ShuttenError as error:
        return {
            "status": "not_found",
            "confidence": 0.0,
            "language": "en",
            "quotes": [],
            "nearest": [],
            "question": question,
            "error": str(error),
        }
    return assistant.ask(question, history, k).to_json()
