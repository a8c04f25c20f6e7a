"""A sentence that takes back a part of the quoted one belongs to the answer."""

from __future__ import annotations

import pytest
from statements import quotes_from, statement_from

from qa.answers.answer import Quote
from qa.answers.provisos import with_provisos

PAIRS = {
    "next paragraph of an article": (
        "第二条\n１　両国は、関税を撤廃する。\n２　前項の規定は、コメについては適用しない。\n"
    ),
    "Japanese proviso": "両省は、関税を撤廃する。ただし、コメを除く。\n",
    "Chinese": "双方取消关税。但大米除外。\n",
    "Korean": "양국은 관세를 철폐한다. 다만, 쌀은 제외한다.\n",
    "English": "The tariff is lifted. However, rice is exempt.\n",
    "English paragraph": (
        "1. The tariff is lifted.\n\n2. The preceding paragraph shall not apply to rice.\n"
    ),
    "Notwithstanding": "The tariff is lifted. Notwithstanding this, rice stays as it is.\n",
    "French": "Le tarif est supprimé. Toutefois, le riz est exclu.\n",
    "German": "Der Zoll entfällt. Dies gilt nicht für Reis.\n",
    "Spanish": "Se suprime el arancel. No obstante, el arroz queda excluido.\n",
    "over a line": "The tariff is lifted.\n\nExcept for rice, no duty is paid.\n",
}
OTHERS = {
    "goes on": "The tariff is lifted. Rice is sold.\n",
    "same paragraph": "両省は、関税を撤廃する。前年の実績を確認した。\n",
    "also": "The tariff is lifted. The paragraph on rice was read.\n",
}


def extended(text: str, most: int = 12) -> tuple[Quote, ...]:
    """Return the last sentence but one of a text as a quote, with its provisos."""
    statement = statement_from(text)
    quote = quotes_from(statement)[-2]
    return with_provisos([quote], lambda name: statement, most)


@pytest.mark.parametrize("kind", PAIRS)
def test_a_proviso_is_quoted_too(kind: str) -> None:
    statement = statement_from(PAIRS[kind])
    assert list(extended(PAIRS[kind])) == quotes_from(statement)[-2:]
    assert list(extended(PAIRS[kind], 1)) == quotes_from(statement)[-2:-1]


@pytest.mark.parametrize("kind", OTHERS)
def test_another_sentence_that_comes_next_is_not_quoted(kind: str) -> None:
    statement = statement_from(OTHERS[kind])
    assert list(extended(OTHERS[kind])) == quotes_from(statement)[-2:-1]


def test_a_second_proviso_follows_the_first_and_no_sentence_is_quoted_twice() -> None:
    text = "The tariff is lifted. However, rice is exempt. Unless it is brown. However, no."
    statement = statement_from(text)
    quotes = quotes_from(statement)
    assert list(with_provisos(quotes[:1], lambda name: statement, 12)) == quotes[:3]
    first, second, third, fourth = quotes
    assert list(with_provisos([first, second], lambda name: statement, 12)) == [
        first,
        third,
        second,
        fourth,
    ]
