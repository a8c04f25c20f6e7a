"""Ask Shutten all questions of a file, and print seconds and places as JSON.

python ask_shutten.py HOME QUESTIONS.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from timed_answers import FIRST, timed

from qa import Assistant

SENTENCES = 60  # that are ranked, so that ten passages are among them


def main(home: str, questions: str) -> None:
    """Print the seconds of each answer, and the places of the first passages for each question."""
    assistant = Assistant.open(home)
    texts = json.loads(Path(questions).read_text("utf-8"))
    seconds, _ = timed(texts, assistant.ask)
    places = [first_passages(assistant, text) for text in texts]
    print(json.dumps({"seconds": seconds, "places": places}))


def first_passages(assistant: Assistant, question: str) -> list[tuple[str, int, int]]:
    """Return the best sentence of each of the first passages: its statement, start and end."""
    best: dict[tuple[str, str], tuple[str, int, int]] = {}
    for quote in assistant.retrieve(question, SENTENCES):
        best.setdefault((quote.statement, quote.passage), (quote.statement, quote.start, quote.end))
    return list(best.values())[:FIRST]


if __name__ == "__main__":
    main(*sys.argv[1:])
