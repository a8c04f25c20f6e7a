"""A kept answer against its source: exact, moved, altered, missing."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest
from command_line import Shutten
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.characters.folding import key_of
from corpus.errors import ShuttenError
from corpus.records import Passage, Provenance, Source, Span, Statement
from corpus.segmentation.parsing import parse
from qa.proof.comparison import compare
from qa.proof.verification import Claimed, check_size, counts, report, verify, verify_all
from qa.rendering.terminal import verdict_counts, verdict_to_text
from training.datasets import texts

pytest_plugins = ["command_line"]

TEXT = (
    "両省は、2023年9月の会合について合意した。両省は、関税を撤廃しないことを確認した。\n\n"
    "- 西村大臣は、レモンド長官の訪日を歓迎した。\n- 両国は、橋の建設を支援する。\n"
)
MEETING, TARIFF = (
    "両省は、2023年9月の会合について合意した。",
    "両省は、関税を撤廃しないことを確認した。",
)
VISIT = "西村大臣は、レモンド長官の訪日を歓迎した。"


def town(text: str = TEXT, encoding: str = "utf-8") -> Statement:
    return Statement(Source("town", text.encode(encoding), encoding), Provenance(), parse(text))


def claimed(text: str, like: str | None = None) -> Claimed:
    start = TEXT.find(like or text)
    return Claimed(text, start, start + len(text), "town", town().source.sha256)


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
    verdict = verify(Claimed(text, 0, len(text), "town"), town())
    assert (verdict.finding, verdict.span, verdict.same_file) == ("missing", None, None)


@given(st.text("あい。、a1", max_size=30), st.text("あい。、a1", max_size=30))
def test_a_comparison_holds_both_texts(source: str, quote: str) -> None:
    parts = compare(source, quote)
    for side, text in (("source", source), ("quote", quote)):
        joined = "".join(part.text for part in parts if part.where in ("both", side))
        assert "".join(joined.split()) == "".join(key_of(text).split())


@pytest.mark.parametrize(
    ("source", "quote", "difference"),
    [
        ("The ban of rice", "That ban on rice", "[-The -]{+That +}ban [-of -]{+on +}rice"),
        ("They agreed.", "They did not agree.", "They [-agreed-]{+did not agree+}."),
        (
            "open a hydrogen\ncentre",
            "open a battery centre",
            "open a [-hydrogen -]{+battery +}centre",
        ),
        ("1,000 people", "1,200 people", "[-1,000 -]{+1,200 +}people"),
        ("関税を撤廃\nしない", "関税を撤廃する", "関税を撤廃[-しない-]{+する+}"),
        ("西村大臣", "東村大臣", "[-西-]{+東+}村大臣"),
        ("long-term aid", "short-term aid", "[-long-term -]{+short-term +}aid"),
        ("a “quoted” word", 'a "quoted" word', 'a"quoted"word'),
    ],
)
def test_a_comparison_is_by_words(source: str, quote: str, difference: str) -> None:
    signs = {"both": "{}", "source": "[-{}-]", "quote": "{{+{}+}}"}
    parts = compare(source, quote)
    assert "".join(signs[part.where].format(part.text) for part in parts) == difference


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
def test_what_is_equal_but_for_layout_is_told_apart(quote: str, folded: tuple[str, ...]) -> None:
    verdict = verify(Claimed(quote, 0, len(quote), "town"), town(WRAPPED))
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
    verdict = verify(Claimed(quote, 0, len(quote), "town"), town(WRAPPED))
    assert verdict.finding == "altered"
    changed = [part.text for part in verdict.difference if part.where != "both"]
    assert "".join(changed).strip()


def test_a_quote_whose_statement_is_gone_is_not_checked() -> None:
    here, gone = claimed(VISIT), replace(claimed(VISIT), statement="oslo")
    verdicts = verify_all([here, gone, here], ["town"], lambda _: town())
    assert [one.finding for one in verdicts] == ["exact", "not_checked", "exact"]
    assert not verdicts[1].holds
    assert verdicts[1].reason == "statement not here"
    assert counts(verdicts) == {"exact": 2, "not_checked": 1}
    told = report(verdicts)
    assert (told["holds"], told["not_checked"]) == (False, 1)
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
    kept = Claimed(edited, sentence.start, sentence.start + len(edited), statement.id)
    verdict = verify(kept, statement)
    assert verdict.holds == (key_of(edited) == key_of(sentence.of(text)))
    assert (verdict.finding == "exact") == (edited == sentence.of(text))
    assert bool(verdict.folded) == (verdict.finding == "folded")


@pytest.mark.parametrize("encoding", ["utf-8", "utf_16_le", "cp932", "euc_jp"])
@settings(deadline=None)
@given(st.data())
def test_bytes_of_a_span(encoding: str, data: st.DataObject) -> None:
    source = Source("town", TEXT.encode(encoding), encoding)
    start = data.draw(st.integers(0, len(TEXT) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(TEXT))))
    where = source.byte_span(span)
    assert source.data[where.start : where.end].decode(encoding) == span.of(TEXT)


@pytest.fixture(scope="module")
def long_passage() -> Statement:
    """The sentences of the practice statements as one passage, of 40,000 characters."""
    known = [one.statement for one in texts("practice")]
    rows = [
        " ".join(one.of(each.source.text).split())
        for each in known
        for passage in each.passages
        for one in passage.sentences
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
    verdict = verify(Claimed(altered, 0, 0, "town"), long_passage)
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
def test_what_stands_nowhere_is_missing_in_time(long_passage: Statement, text: str) -> None:
    started = time.monotonic()
    assert verify(Claimed(text, 0, 0, "town"), long_passage).finding == "missing"
    assert time.monotonic() - started < 60


def test_a_piece_across_two_sentences_is_no_whole_sentence() -> None:
    piece = "合意した。両省は、"
    verdict = verify(Claimed(piece, 0, 0, "town"), town())
    assert (verdict.finding, verdict.text) == ("altered", MEETING + TARIFF)


def test_another_file_is_told_in_the_verdict() -> None:
    verdict = verify(claimed(VISIT), town(TEXT + "\n両国は、空港を建てる。\n"))
    assert (verdict.finding, verdict.same_file) == ("exact", False)
    assert "another file" in verdict.to_json()["reason"]
    assert "another file" in verdict_to_text(verdict).splitlines()[0]
    assert verdict_counts([verdict]).endswith("1 exact, 1 of them against another file")
    assert verify(claimed(VISIT), town()).reason == ""


@pytest.mark.parametrize(
    ("quotes", "words"), [(["x"] * 101, "101 quotes"), (["x" * 30_000] * 2, "60,000 characters")]
)
def test_too_much_to_check_at_once(quotes: list[str], words: str) -> None:
    with pytest.raises(ShuttenError, match=words):
        check_size([Claimed(text, 0, 0, "town") for text in quotes])
    check_size([Claimed("x" * 500, 0, 0, "town")] * 100)


# -- the command ------------------------------------------------------------------------------


@pytest.fixture
def answer(shutten: Shutten, tmp_path: Path) -> Path:
    path = tmp_path / "answer.json"
    path.write_text(shutten("ask", "What was agreed on Open RAN?", "--json").succeeded(), "utf-8")
    return path


def test_an_answer_is_its_own_proof(shutten: Shutten, answer: Path, statement: Statement) -> None:
    given = json.loads(answer.read_text("utf-8"))
    quote = given["quotes"][0]
    data = statement.source.data
    assert data[quote["byte_start"] : quote["byte_end"]].decode() == quote["text"]
    assert quote["sha256"] == statement.source.sha256
    lines = shutten("verify", answer).succeeded().splitlines()
    found = [line.split()[0] for line in lines[:-1] if not line.startswith(" ")]
    count = len(given["quotes"] + given["nearest"])
    assert found == ["exact"] * count
    assert lines[-1] == f"{count} quotes: {count} exact"


def test_an_altered_answer_is_told(shutten: Shutten, answer: Path) -> None:
    kept = answer.read_text("utf-8")
    changed = kept.replace("歓迎した", "歓迎しなかった")
    assert changed != kept
    answer.write_text(json.dumps(json.loads(changed), indent=2), "utf-8")
    done = shutten("verify", answer)
    assert done.code == 1
    assert "歓迎し{+なかっ+}た" in done.out
    done = shutten("verify", answer, "--json")
    report = json.loads(done.out)
    assert (done.code, report["holds"]) == (1, False)
    assert {row["finding"] for row in report["quotes"]} >= {"altered", "exact"}


def test_against_a_file(shutten: Shutten, answer: Path, tmp_path: Path) -> None:
    source = tmp_path / "other.txt"
    source.write_text("両市は、橋の建設について一致した。\n", "utf-8")
    done = shutten("verify", answer, "--source", source)
    assert done.code == 1
    assert "missing" in done.out
    assert "checksum differs" in done.out


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("", "empty"),
        ("nothing", "not JSON"),
        ("[]", "not a JSON object"),
        ("[1]", "line 1"),
        ("{}", "'quotes'"),
        ('{"quotes": [], "nearest": []}', "no quote"),
        ('{"quotes": [{}], "nearest": []}', "'text'"),
        ('{"quotes": [3], "nearest": []}', "object"),
        ('{"quotes": 3, "nearest": []}', "not an answer"),
        ('{"quotes": [{"text": "a", "start": "0"}], "nearest": []}', "'start'"),
    ],
)
def test_what_is_no_answer(shutten: Shutten, tmp_path: Path, content: str, word: str) -> None:
    path = tmp_path / "kept.json"
    path.write_text(content, "utf-8")
    shutten("verify", path).refused(path.name, word)


def test_a_missing_file_or_statement(shutten: Shutten, answer: Path, tmp_path: Path) -> None:
    shutten("verify", tmp_path / "none.json").refused("none.json")
    shutten("verify", answer, "--source", tmp_path / "none.txt").refused("none.txt")


def test_what_can_be_checked_is(shutten: Shutten, answer: Path) -> None:
    kept = json.loads(answer.read_text("utf-8"))
    kept["quotes"][0]["statement"] = "elsewhere"
    answer.write_text(json.dumps(kept), "utf-8")
    count = len(kept["quotes"] + kept["nearest"])
    done = shutten("verify", answer)
    assert (done.code, done.err) == (1, "")
    lines = done.out.splitlines()
    assert lines[0] == "not checked (statement not here)  elsewhere"
    assert lines[-1] == f"{count} quotes: {count - 1} exact, 1 not checked"
    told = json.loads(shutten("verify", answer, "--json").out)
    assert (told["holds"], told["not_checked"]) == (False, 1)
    assert told["counts"] == {"exact": count - 1, "not_checked": 1}


def test_a_quote_with_other_line_breaks_holds(shutten: Shutten, answer: Path) -> None:
    kept = json.loads(answer.read_text("utf-8"))
    kept["quotes"][0]["text"] = kept["quotes"][0]["text"].replace("、", "、\n", 1)
    answer.write_text(json.dumps(kept), "utf-8")
    told = shutten("verify", answer).succeeded()
    quote = kept["quotes"][0]
    assert told.startswith(
        f"folded at {quote['start']}–{quote['end']} (differs in line breaks)  {quote['statement']}"
    )
    assert " 1 folded" in told.splitlines()[-1]
