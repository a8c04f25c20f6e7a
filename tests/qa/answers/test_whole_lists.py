"""A question for a list gets every item of the list that one of its best quotes introduces."""

from __future__ import annotations

import pytest
from statements import quotes_from, statement_from

from corpus.records import Statement
from qa.answers.answer import Quote
from qa.answers.whole_lists import with_list_items

LIST = """The leaders met in Rome.

They will take the following steps:

- Open a laboratory. It will test cables.
- Send engineers.
- Share the costs.

They will meet again.
"""
JAPANESE = "両首脳は、次の措置をとる。\n\n- 研究所を開く。\n- 技術者を派遣する。\n"
PARENT = "- 両省は協力を進める。\n    - 人材の育成\n    - 共同研究\n"
NO_LIST = "The leaders met in Rome.\n\nThis is their work.\n\n- Open a laboratory.\n- Send them.\n"


def texts(quotes: tuple[Quote, ...]) -> list[str]:
    return [quote.text for quote in quotes]


def extended(statement: Statement, quotes: list[Quote], most: int = 12) -> list[str]:
    return texts(with_list_items(quotes, lambda name: statement, most))


def test_items_stand_behind_their_introduction_whole_and_once() -> None:
    statement = statement_from(LIST)
    met, steps, laboratory, _, engineers, _, again = quotes_from(statement)
    shown = extended(statement, [met, steps, engineers, again])
    assert shown == [
        met.text,
        steps.text,
        "Open a laboratory. It will test cables.",
        "Send engineers.",
        "Share the costs.",
        again.text,
    ]
    assert laboratory.text not in shown


def test_no_more_quotes_than_are_wanted() -> None:
    statement = statement_from(LIST)
    quotes = quotes_from(statement)
    assert len(extended(statement, quotes[1:3], 3)) == 3


@pytest.mark.parametrize(
    ("text", "items"),
    [(JAPANESE, ["研究所を開く。", "技術者を派遣する。"]), (PARENT, ["人材の育成", "共同研究"])],
    ids=["in Japanese", "items below a bullet"],
)
def test_other_introductions(text: str, items: list[str]) -> None:
    statement = statement_from(text)
    first = quotes_from(statement)[0]
    assert extended(statement, [first]) == [first.text, *items]


def test_a_paragraph_that_introduces_nothing_brings_no_items() -> None:
    statement = statement_from(NO_LIST)
    quotes = quotes_from(statement)
    assert extended(statement, quotes[:2]) == [quote.text for quote in quotes[:2]]


def test_an_introduction_that_is_not_among_the_best_brings_no_items() -> None:
    statement = statement_from(LIST)
    met, steps, *_, share, again = quotes_from(statement)
    quotes = [met, again, share, steps]
    assert extended(statement, quotes) == [quote.text for quote in quotes]
