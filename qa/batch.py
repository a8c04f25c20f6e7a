"""A file of questions to a file of answers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from corpus.errors import ShuttenError
from corpus.questions import field, read_json_lines
from qa.assistant import Assistant


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
    beside = answers.with_name(answers.name + ".part")
    try:
        with beside.open("w", encoding="utf-8", errors="backslashreplace") as file:
            for id_, question, history in tqdm(rows, "asking", leave=False, delay=1):
                line = {"id": id_, **_answer(assistant, question, history, k)}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        os.replace(beside, answers)
    except OSError as error:
        raise ShuttenError(f"{answers}: cannot be written ({error.strerror}); check it") from None
    finally:
        beside.unlink(missing_ok=True)


def _answer(assistant: Assistant, question: str, history: list[str], k: int) -> dict[str, Any]:
    try:
        return assistant.ask(question, history, k).to_json()
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
