"""Sentences that several statements share, word for word."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.records import Statement


def words_key(text: str) -> str:
    """Return a text without the differences that come from line breaks and blanks."""
    return " ".join(text.split())


class SameWords:
    """Tells in which statements a sentence stands.

    Args:
        statements: The statements.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._statements: dict[str, list[str]] = {}
        for statement in statements:
            for passage in statement.passages:
                for sentence in passage.sentences:
                    key = words_key(sentence.of(statement.source.text))
                    names = self._statements.setdefault(key, [])
                    if statement.id not in names:
                        names.append(statement.id)

    def others(self, text: str, statement: str) -> tuple[str, ...]:
        """Return the ids of the other statements in which a sentence of one statement stands."""
        names = self._statements.get(words_key(text), ())
        return tuple(name for name in names if name != statement)
