"""A file of questions to a file of answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from corpus.errors import ShuttenError
from corpus.files import STDIN, replacing, writable_target
from corpus.question_sets import read_json_lines, typed_field
from qa.assistant import Assistant, check_count, clean_question


def answer_file(assistant: Assistant, questions: Path, answers: Path, k: int) -> None:
    """Answer every line of `questions`, `-` being standard input.

    `answers` appears whole or not at all. A question that cannot be asked (empty, too long) gets
    a refusal with an `error`.

    Raises:
        ShuttenError: `questions` is no question file, or `answers` cannot be written.
    """
    from tqdm import tqdm

    rows = [
        (
            typed_field(questions, number, row, "id", str, None),
            typed_field(questions, number, row, "question", str, None),
            typed_field(questions, number, row, "history", list, []),
        )
        for number, row in read_json_lines(questions)
    ]
    check_count(k)
    target = writable_target(answers)
    if questions != STDIN and target.exists() and target.samefile(questions):
        raise ShuttenError(f"{answers}: holds the questions; give another name")
    with replacing(answers) as file:
        done = 0
        try:
            for id_, question, history in tqdm(rows, "asking", leave=False, delay=1):
                line = {"id": id_, **_answer(assistant, question, history, k)}
                text = json.dumps(line, ensure_ascii=False) + "\n"
                file.write(text.encode("utf-8", "backslashreplace"))
                done += 1
        except KeyboardInterrupt as stop:
            stop.add_note(f"the answers to {done} of {len(rows)} questions are gone")
            raise


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
