"""A quote against its source: exact, moved, folded, altered or missing."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statements import statement_from

from corpus.characters.folding import key_of
from corpus.records import Passage, Provenance, Source, Span, Statement
from qa.proof.kept_answers import ClaimedQuote
from qa.proof.verification import counts, report, verify, verify_all
from qa.rendering.terminal import verdict_counts, verdict_to_text
from training.datasets import texts

TEXT = (
    "両省は、2023年9月の会合について合意した。両省は、関税を撤廃しないことを確認した。\n\n"
    "- 西村大臣は、レモンド長官の訪日を歓迎した。\n- 両国は、橋の建設を支援する。\n"
)
MEETING, TARIFF = (
    "両省は、2023年9月の会合について合意した。",
    "両省は、関税を撤廃しないことを確認した。",
)
VISIT = "西村大臣は、レモンド長官の訪日を歓迎した。"


def town(text: str = TEXT) -> Statement:
    return statement_from(text)


def claimed(text: str, like: str | None = None) -> ClaimedQuote:
    start = TEXT.find(like or text)
    return ClaimedQuote(text, start, start + len(text), "town", town().source.sha256)


@pytest.mark.parametrize("text", [MEETING, TARIFF, MEETING + TARIFF, VISIT])
def test_exact(text: str) -> None:
    verdict = verify(claimed(text), town())
    assert (verdict.finding, verdict.text, verdict.same_file) == ("exact", text, True)
    assert verdict.difference == ()


@pytest.mark.parametrize("shift", [-3, 5, 1_000, -(10**9), 10**30])
def test_moved_is_found_again(shift: int) -> None:
    kept = claimed(TARIFF)
    verdict = verify(replace(kept, start=kept.start + shift, end=kept.end + shift), town())
    assert (verdict.finding, verdict.span) == ("moved", Span(kept.start, kept.end))
    assert verdict.holds


def test_moved_in_a_newer_file() -> None:
    verdict = verify(claimed(VISIT), town("両国は、空港を建てる。\n\n" + TEXT))
    assert (verdict.finding, verdict.text, verdict.same_file) == ("moved", VISIT, False)


@pytest.mark.parametrize(
    ("before", "after", "only_source", "only_quote"),
    [
        (MEETING, MEETING.replace("9", "8"), "9", "8"),  # a digit
        (TARIFF, TARIFF.replace("しない", "する"), "しない", "する"),  # a negation
        (VISIT, VISIT.replace("西村", "東村"), "西", "東"),  # a name
        (TARIFF, TARIFF[:-1], "。", ""),  # cut at the end
        (TARIFF, "関税を撤廃", None, None),  # a piece of a sentence, though every word stands there
        (MEETING, MEETING + "両省は、関税を撤廃することを確認した。", None, None),
    ],
)
def test_altered_shows_the_difference(
    before: str, after: str, only_source: str | None, only_quote: str | None
) -> None:
    verdict = verify(claimed(after, before), town())
    assert verdict.finding == "altered"
    assert not verdict.holds
    sides = {
        side: "".join(part.text for part in verdict.difference if part.where == side)
        for side in ("source", "quote")
    }
    assert sides != {"source": "", "quote": ""}
    if only_source is not None:
        assert sides == {"source": only_source, "quote": only_quote}


@pytest.mark.parametrize("text", ["", "牛肉の輸入を百倍に増やす。", "Beef is free of duty."])
def test_missing(text: str) -> None:
    verdict = verify(ClaimedQuote(text, 0, len(text), "town"), town())
    assert (verdict.finding, verdict.span, verdict.same_file) == ("missing", None, None)


WRAPPED = (
    "Communique\n\nThe Ministers agreed to open a hydrogen centre\nin Kobe. They met.\n\n"
    "両省は、半導体の\n関税を1,000億円まで撤廃しない。\n"
)


@pytest.mark.parametrize(
    ("quote", "folded"),
    [
        ("The Ministers agreed to open a hydrogen centre in Kobe.", ("breaks",)),
        ("The Ministers agreed to open a hydrogen centre in Kobe. They met.", ("breaks",)),
        (" The Ministers agreed to open a hydrogen centre\nin Kobe.", ("blanks",)),
        ("両省は、半導体の関税を1,000億円まで撤廃しない。", ("breaks",)),
        ("両省は、半導体の\n関税を１,０００億円まで撤廃しない。", ("forms",)),
        ("両省は、半導体の\n関税を1,000億円まで**撤廃**しない。", ("markup",)),
        ("両省は、半導\u200b体の\n関税を1,000億円まで撤廃しない。", ("invisible",)),
    ],
)
def test_what_is_equal_but_for_layout_has_a_finding_of_its_own(
    quote: str, folded: tuple[str, ...]
) -> None:
    verdict = verify(ClaimedQuote(quote, 0, len(quote), "town"), town(WRAPPED))
    assert (verdict.finding, verdict.folded, verdict.holds) == ("folded", folded, True)
    assert verdict.span is not None
    assert verdict.text == WRAPPED[verdict.span.start : verdict.span.end] != quote
    assert verdict.difference == ()


@pytest.mark.parametrize(
    "quote",
    [
        "The Ministers agreed to open a hydrogen centre in Lima.",
        "The Ministers agreed to open a hydrogen centre.",
        "両省は、半導体の関税を1,000億円まで撤廃する。",
        "open a hydrogen centre in Kobe.",
    ],
)
def test_other_words_never_pass_as_layout(quote: str) -> None:
    verdict = verify(ClaimedQuote(quote, 0, len(quote), "town"), town(WRAPPED))
    assert verdict.finding == "altered"
    changed = [part.text for part in verdict.difference if part.where != "both"]
    assert "".join(changed).strip()


def test_a_quote_whose_statement_is_gone_is_not_checked() -> None:
    here, gone = claimed(VISIT), replace(claimed(VISIT), statement="oslo")
    verdicts = verify_all([here, gone, here], ["town"], lambda _: town())
    assert [verdict.finding for verdict in verdicts] == ["exact", "not_checked", "exact"]
    assert not verdicts[1].holds
    assert verdicts[1].reason == "statement not here"
    assert counts(verdicts) == {"exact": 2, "not_checked": 1}
    data = report(verdicts)
    assert (data["holds"], data["not_checked"]) == (False, 1)
    assert report([verdicts[0]]) | {"quotes": []} == {
        "holds": True,
        "not_checked": 0,
        "counts": {"exact": 1},
        "quotes": [],
    }


@settings(deadline=None)
@given(st.data())
def test_no_edit_of_a_sentence_passes(statement: Statement, data: st.DataObject) -> None:
    text = statement.source.text
    sentence = data.draw(st.sampled_from([s for p in statement.passages for s in p.sentences]))
    at = data.draw(st.integers(sentence.start, sentence.end - 1)) - sentence.start
    new = data.draw(st.text("のなくは0１", max_size=2))
    edited = sentence.of(text)[:at] + new + sentence.of(text)[at + 1 :]
    kept = ClaimedQuote(edited, sentence.start, sentence.start + len(edited), statement.id)
    verdict = verify(kept, statement)
    assert verdict.holds == (key_of(edited) == key_of(sentence.of(text)))
    assert (verdict.finding == "exact") == (edited == sentence.of(text))
    assert bool(verdict.folded) == (verdict.finding == "folded")


@pytest.fixture(scope="module")
def long_passage() -> Statement:
    """The sentences of the practice statements as one passage, of 40,000 characters."""
    statements = [sample.statement for sample in texts("practice")]
    rows = [
        " ".join(sentence.of(statement.source.text).split())
        for statement in statements
        for passage in statement.passages
        for sentence in passage.sentences
    ]
    ends = list(accumulate(map(len, rows)))
    spans = tuple(Span(end - len(row), end) for row, end in zip(rows, ends, strict=True))
    whole = Passage("long", "paragraph", Span(0, ends[-1]), spans)
    return Statement(Source("town", "".join(rows).encode()), Provenance(), (whole,))


@pytest.mark.parametrize("count", [1, 3, 25, 150, 700])
def test_an_altered_quote_of_any_length_is_found_in_time(
    long_passage: Statement, count: int
) -> None:
    sentences = long_passage.passages[0].sentences
    true = Span(sentences[40].start, sentences[40 + count - 1].end)
    altered = true.of(long_passage.source.text).replace("した。", "しない。", 1)
    started = time.monotonic()
    verdict = verify(ClaimedQuote(altered, 0, 0, "town"), long_passage)
    difference = verdict.difference
    assert time.monotonic() - started < 60  # it took an hour
    assert (verdict.finding, verdict.span) == ("altered", true)
    assert {part.text for part in difference if part.where == "quote"} <= {
        "しない",
        "ない",
        "な",
        "い",
    }


@pytest.mark.parametrize(
    "text", ["の" * 50_000, "。" * 50_000, "a b" * 10_000, "](" + "." * 50_000]
)
def test_a_text_that_stands_nowhere_is_missing_in_time(long_passage: Statement, text: str) -> None:
    started = time.monotonic()
    assert verify(ClaimedQuote(text, 0, 0, "town"), long_passage).finding == "missing"
    assert time.monotonic() - started < 60


def test_a_piece_across_two_sentences_is_no_whole_sentence() -> None:
    piece = "合意した。両省は、"
    verdict = verify(ClaimedQuote(piece, 0, 0, "town"), town())
    assert (verdict.finding, verdict.text) == ("altered", MEETING + TARIFF)


def test_the_verdict_says_that_the_file_is_another() -> None:
    verdict = verify(claimed(VISIT), town(TEXT + "\n両国は、空港を建てる。\n"))
    assert (verdict.finding, verdict.same_file) == ("exact", False)
    assert "another file" in verdict.to_json()["reason"]
    assert "another file" in verdict_to_text(verdict).splitlines()[0]
    assert verdict_counts([verdict]).endswith("1 exact, 1 of them against another file")
    assert verify(claimed(VISIT), town()).reason == ""
