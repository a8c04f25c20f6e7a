"""Assistants without a model, for tests of the page: many statements, and answers that wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from serving import free_port

import ui
from corpus.errors import ShuttenError
from corpus.records import Provenance, Source, Statement
from corpus.segmentation.parsing import parse
from qa.answers.answer import Answer, Quote


def statement(name: str, text: str, **about: str) -> Statement:
    """One made of its text."""
    return Statement(Source(name, text.encode()), Provenance(**about), parse(text))


PARAGRAPHS = 750
FAILING = "a question that fails"


def long_text(paragraphs: int = PARAGRAPHS) -> str:
    """As long as the longest communiqués; each paragraph has its number."""
    return "\n\n".join(
        f"{number}. Paragraph number {number}, we reaffirm our cooperation on energy security. "
        "We will work together to this end, and welcome the progress that was made since then."
        for number in range(1, paragraphs + 1)
    )


class Books:
    """Quotes the sentences that hold a question, word for word; a question in none is refused.

    Args:
        statements: What there is.

    Attributes:
        calls: Every question that was asked with its history, in order.
        tickets: An answer takes one where there are any to take; `None` lets all through.
    """

    home = Path("nowhere")

    def __init__(self, *statements: Statement) -> None:
        self._statements = {one.id: one for one in statements}
        self.calls: list[tuple[str, list[str]]] = []
        self.tickets: threading.Semaphore | None = None

    def hold(self) -> None:
        """From now on an answer needs a ticket."""
        self.tickets = threading.Semaphore(0)

    def let(self, count: int) -> None:
        """Let so many answers through."""
        assert self.tickets
        self.tickets.release(count)

    def expect(self, question: str) -> None:
        """Wait until a question has come in."""
        until = time.monotonic() + 60
        while question not in [asked for asked, _ in self.calls]:
            assert time.monotonic() < until, question
            time.sleep(0.01)

    def free(self) -> None:
        """Let all through, those that wait and those that come."""
        tickets, self.tickets = self.tickets, None
        if tickets:
            tickets.release(1000)

    def statement(self, statement: str) -> Statement:
        return self._statements[statement]

    def statement_ids(self) -> list[str]:
        return sorted(self._statements)

    def retrieve(self, question: str, k: int = 3) -> list[Quote]:
        return list(self._quotes(question))[:k]

    def ask(self, question: str, history: Sequence[str] = (), k: int = 12) -> Answer:
        """A question that begins with "And" is understood with the last one before it."""
        self.calls.append((question, list(history)))
        if self.tickets:
            assert self.tickets.acquire(timeout=60)
        if question == FAILING:
            raise ShuttenError("this one fails; ask another")
        leans = question.startswith("And ") and history
        words = question.removeprefix("And ")
        searched = f"{history[-1]} {question}" if leans else question
        quotes = tuple(self._quotes(history[-1] if leans else words))[:k]
        everything = [one for one in self._statements.values() if one.passages]
        near = tuple(
            Quote.of(one, one.passages[-1], one.passages[-1].sentences[0], 0.1)
            for one in everything[:3]
        )
        return Answer(
            question,
            searched,
            "answered" if quotes else "not_found",
            0.9,
            "en",
            quotes,
            () if quotes else near,
            sum(len(one.passages) for one in everything),
            "" if quotes else "not_stated",
            statements=len(everything),
        )

    def _quotes(self, words: str) -> list[Quote]:
        return [
            Quote.of(one, passage, span, 1.0)
            for one in self._statements.values()
            for passage in one.passages
            for span in passage.sentences
            if words in span.of(one.source.text)
        ]


@contextmanager
def served(books: Books) -> Iterator[str]:
    """The address of a server that answers with `books`."""
    server = ui.serve(books, "127.0.0.1", free_port())  # type: ignore[arg-type]
    try:
        yield str(server.local_url)
    finally:
        books.free()
        server.close()
