"""How many quotes of kept answers a server checks at once, and what an export of the page holds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from answers import answered, by_id, refused
from statements import statement_from

from corpus.errors import ShuttenError
from qa.answers.answer import Answer
from qa.proof.kept_answers import ClaimedQuote, check_size, claimed_quotes, load
from qa.proof.verification import verify_all


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


LATER = statement_from("新しい橋を二つ架ける。", "later")
EARLIER = statement_from("新しい橋を一つ架ける。", "earlier")
(QUOTE,), (COUNTERPART,) = answered(LATER).quotes, answered(EARLIER).quotes
COMPARED = replace(answered(LATER), quotes=(replace(QUOTE, counterpart=COUNTERPART),))


@pytest.mark.parametrize("answer", [COMPARED, refused(COMPARED)])
@pytest.mark.parametrize(
    ("old", "new", "findings"),
    [
        ("", "", ["exact", "exact"]),
        ("橋を一つ", "橋を三つ", ["exact", "altered"]),
        ("橋を二つ", "橋を三つ", ["altered", "exact"]),
        ('"earlier"', '"gone"', ["exact", "not_checked"]),
    ],
)
def test_a_counterpart_is_proved_as_a_quote_is(
    answer: Answer, old: str, new: str, findings: list[str]
) -> None:
    kept = json.dumps(answer.to_json(), ensure_ascii=False)
    assert old in kept
    claimed = claimed_quotes(json.loads(kept.replace(old, new)))
    statements = by_id([LATER, EARLIER])
    verdicts = verify_all(claimed, statements, statements.__getitem__)
    assert [verdict.finding for verdict in verdicts] == findings


def test_an_answer_of_an_older_version_has_no_counterparts() -> None:
    kept = COMPARED.to_json()
    del kept["quotes"][0]["counterpart"]
    assert [quote.text for quote in claimed_quotes(kept)] == [QUOTE.text]


@pytest.mark.parametrize("counterpart", [3, "x", {}, {"text": "x"}, []])
def test_what_is_no_counterpart_is_refused(counterpart: object) -> None:
    kept = COMPARED.to_json()
    kept["quotes"][0]["counterpart"] = counterpart
    with pytest.raises(ShuttenError, match="not an answer"):
        claimed_quotes(kept)
