"""Answers a file of questions and writes a file of answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from corpus.errors import ShuttenError
from corpus.files import STDIN, replacing, writable_target
from corpus.question_sets import read_json_lines, typed_field
from qa.assistant import Assistant, check_count
from qa.questions.checks import clean_question
from qa.scope.filters import Filter
from qa.together import together


def answer_file(
    assistant: Assistant, questions: Path, answers: Path, k: int, within: Filter = None
) -> None:
    """Answer the question of every line of a JSON Lines file.

    The file of answers is written completely or not at all. An empty or too long question gets a
    refusal with an `error`.

    Args:
        assistant: The assistant that answers.
        questions: The file of questions; `-` is standard input.
        answers: The file to write, one JSON object a line.
        k: The largest number of quotes in an answer.
        within: A filter of statements; see `Assistant.ask`.

    Raises:
        ShuttenError: `questions` cannot be used, `answers` cannot be written, or `k` is wrong.
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
    assistant.check_filter(within)
    target = writable_target(answers)
    if questions != STDIN and target.exists() and target.samefile(questions):
        raise ShuttenError(f"{answers}: holds the questions; give another name")

    def answer(row: tuple[str | None, str, list[str]]) -> dict[str, Any]:
        id_, question, history = row
        return {"id": id_, **_answer(assistant, question, history, k, within)}

    with replacing(answers) as file, together(answer, rows) as found:
        answered = 0
        try:
            for row in tqdm(found, "asking", len(rows), leave=False, delay=1):
                line = json.dumps(row, ensure_ascii=False) + "\n"
                file.write(line.encode("utf-8", "backslashreplace"))
                answered += 1
        except KeyboardInterrupt as stop:
            stop.add_note(f"the answers to {answered} of {len(rows)} questions are gone")
            raise


def _answer(
    assistant: Assistant, question: str, history: list[str], k: int, within: Filter
) -> dict[str, Any]:
    """Return the JSON object of an answer, or of a refusal if the question cannot be asked."""
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
    return assistant.ask(question, history, k, within).to_json()
