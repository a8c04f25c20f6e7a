"""A kept answer against its source: exact, moved, altered, missing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import Shutten
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.parsing import parse
from corpus.records import Provenance, Source, Span, Statement
from qa.verifying import Claimed, compare, verify

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
    assert "".join(part.text for part in parts if part.where != "quote") == source
    assert "".join(part.text for part in parts if part.where != "source") == quote


@settings(deadline=None)
@given(st.data())
def test_no_edit_of_a_sentence_passes(statement: Statement, data: st.DataObject) -> None:
    text = statement.source.text
    sentence = data.draw(st.sampled_from([s for p in statement.passages for s in p.sentences]))
    at = data.draw(st.integers(sentence.start, sentence.end - 1)) - sentence.start
    new = data.draw(st.text("のなくは0１", max_size=2))
    edited = sentence.of(text)[:at] + new + sentence.of(text)[at + 1 :]
    kept = Claimed(edited, sentence.start, sentence.start + len(edited), statement.id)
    assert verify(kept, statement).holds == (edited == sentence.of(text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf_16_le", "cp932", "euc_jp"])
@given(st.data())
def test_bytes_of_a_span(encoding: str, data: st.DataObject) -> None:
    source = Source("town", TEXT.encode(encoding), encoding)
    start = data.draw(st.integers(0, len(TEXT) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(TEXT))))
    where = source.byte_span(span)
    assert source.data[where.start : where.end].decode(encoding) == span.of(TEXT)


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
    found = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert found == ["exact"] * len(given["quotes"] + given["nearest"])


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
    other = answer.read_text("utf-8").replace("jucip-2023-05-26.ja", "elsewhere")
    answer.write_text(other, "utf-8")
    shutten("verify", answer).refused("elsewhere")
