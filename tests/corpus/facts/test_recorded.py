"""Facts that are recorded in a TOML file and facts that are set by hand are checked alike."""

from __future__ import annotations

import pytest
from statements import statement_from

from corpus.errors import ShuttenError
from corpus.facts.reading import with_facts_by_hand
from corpus.facts.recorded import FACTS, MAX_RECORDED, checked, parse_settings
from corpus.records import LIST_FACTS


@pytest.mark.parametrize(
    ("word", "name", "value"),
    [
        ("date=2023-05-26", "date", "2023-05-26"),
        ("title=a = b", "title", "a = b"),
        ("title= 両国 ", "title", "両国"),
        ("parties=Japan, us、ASEAN", "parties", ("JP", "US", "ASEAN")),
        ("parties=日本，韓国", "parties", ("JP", "KR")),
        ("issuers=Ministry of Economy, Trade and Industry", "issuers", None),
        ("language=zh-Hant", "language", "zh-Hant"),
        *((f"{name}=", name, () if name in LIST_FACTS else "") for name in FACTS),
    ],
)
def test_a_word_sets_a_fact(word: str, name: str, value: object) -> None:
    expected = (word.partition("=")[2],) if value is None else value
    assert parse_settings([word], "s") == {name: expected}


def test_the_key_of_a_list_may_be_repeated() -> None:
    words = ["issuers=METI", "issuers=Commerce, Department of", "parties=JP", "parties=US"]
    assert parse_settings(words, "s") == {
        "issuers": ("METI", "Commerce, Department of"),
        "parties": ("JP", "US"),
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["date"], "'date' sets no fact; write KEY=VALUE, such as date=2023-05-26"),
        (["titel=x"], "there is no fact 'titel'; did you mean 'title'?"),
        (["x=1"], f"there is no fact 'x'; there are: {', '.join(FACTS)}"),
        (["origins=x"], "there is no fact 'origins'"),
        (["date=May 2023"], "s: the date 'May 2023' is no date; write it as 2023-05-26"),
        (["date=2023-02-30"], "is no date"),
        (["date=2023-05-26", "date=2023-05-27"], "s: date is given twice"),
        (["url=http://a.example"], "s: url is 'http://a.example'; give an address that begins"),
        (["number=second"], "s: number is 'second'; write digits, such as 2"),
        (["language=Japanese"], "s: language is 'Japanese'; write its code, such as ja or en"),
        (["parties=JP,Atlantis"], "s: the party 'Atlantis' is not known; write the name or"),
        (["parties=India and Japan"], "the party 'India and Japan' is not known"),
        (["title=\udcff"], "s: a fact is no UTF-8 text"),
        (["title=" + "x" * MAX_RECORDED], "50,006 bytes, 50,000 at most"),
    ],
)
def test_a_bad_key_or_value_is_one_line_that_says_what_there_is(
    words: list[str], message: str
) -> None:
    with pytest.raises(ShuttenError) as refusal:
        parse_settings(words, "s")
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [("parties", ["Japan", "JUCIP"], ("JP", "JUCIP")), ("parties", "us", ("US",))],
)
def test_parties_become_codes_in_a_file_too(name: str, given: object, value: object) -> None:
    assert checked({name: given}, "s.toml") == {name: value}


def test_a_fact_that_is_set_by_hand_stays_and_an_emptied_one_stays_empty() -> None:
    statement = statement_from("日米共同声明\n\n2023年5月26日、両国は一致した。\n")
    assert statement.provenance.title == ""  # it is made without facts
    once = with_facts_by_hand(statement, {"date": "2024-01-01", "kind": ""})
    facts = once.provenance
    assert (facts.title, facts.date, facts.kind) == ("日米共同声明", "2024-01-01", "")
    assert facts.origins["date"] == facts.origins["kind"] == "hand"
    assert facts.origins["title"] == "text"
    twice = with_facts_by_hand(once, {"title": "Joint Declaration of ASEAN and Japan"})
    assert (twice.provenance.date, twice.provenance.kind) == ("2024-01-01", "")
    assert twice.provenance.parties == ("ASEAN", "JP")  # read from the title that is right now
