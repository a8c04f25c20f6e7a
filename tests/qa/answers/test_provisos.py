"""What takes a part of a quoted sentence back belongs to the answer."""

import pytest

from corpus.records import Provenance, Source, Statement
from corpus.segmentation.parsing import parse
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


def quotes(text):
    statement = Statement(Source("x", text.encode()), Provenance(), parse(text))
    sentences = [(passage, s) for passage in statement.passages for s in passage.sentences]
    passage, first = sentences[-2]
    quote = Quote.of(statement, passage, first, 0.5)
    return quote, lambda most: with_provisos([quote], lambda name: statement, most)


@pytest.mark.parametrize("reason", PAIRS)
def test_an_exception_belongs_to_the_answer(reason):
    quote, found = quotes(PAIRS[reason])
    first, second = found(12)
    assert first == quote
    assert (
        second.text
        == PAIRS[reason]
        .splitlines()[-1]
        .removeprefix("２　")
        .removeprefix("2. ")
        .removeprefix(quote.text)
        .strip()
    )
    assert found(1) == (quote,)


@pytest.mark.parametrize("reason", OTHERS)
def test_what_only_comes_next_does_not(reason):
    quote, found = quotes(OTHERS[reason])
    assert found(12) == (quote,)
