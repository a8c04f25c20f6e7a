"""How many quotes of kept answers a server checks at once, and what an export of the page holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from answers import answered
from statements import statement_from

from corpus.errors import ShuttenError
from qa.proof.kept_answers import ClaimedQuote, check_size, claimed_quotes, load


@pytest.mark.parametrize(
    ("quotes", "words"), [(["x"] * 101, "101 quotes"), (["x" * 30_000] * 2, "60,000 characters")]
)
def test_too_much_to_check_at_once(quotes: list[str], words: str) -> None:
    with pytest.raises(ShuttenError, match=words):
        check_size([ClaimedQuote(text, 0, 0, "town") for text in quotes])
    check_size([ClaimedQuote("x" * 500, 0, 0, "town")] * 100)


def test_a_conversation_that_the_page_exported_has_all_its_quotes(tmp_path: Path) -> None:
    answer = answered(statement_from("ある文。別の文。")).to_json()
    path = tmp_path / "shutten.json"
    path.write_text(json.dumps({"answers": [answer, answer]}), "utf-8")
    assert load(path) == claimed_quotes(answer) * 2
    assert [quote.text for quote in claimed_quotes(answer)] == ["ある文。", "別の文。"]
