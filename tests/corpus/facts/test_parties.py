"""Countries and organisations in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.facts.parties import find_parties, parties_named, party_name, with_members

CASES = {
    "2023年6月の米印共同声明": ["US", "IN"],
    "日米韓の協力": ["JP", "US", "KR"],
    "日米豪印": ["QUAD"],
    "美印联合声明": ["US", "IN"],
    "한미 정상 공동성명": ["KR", "US"],
    "U.S.-ROK Leaders’ Joint Statement": ["US", "KR"],
    "the United\xa0States and\nIndia's ministers": ["US", "IN"],
    "États-Unis et la Corée du Sud": ["US", "KR"],
    "Vương quốc Anh và Mỹ": ["GB", "US"],
    "G20バリ首脳宣言": ["G20"],
    "Trinidad and Tobago": ["TT"],
    "Guinea-Bissau": ["GW"],
    "the Republic of Korea.": ["KR"],
    "インドネシアの首都": ["ID"],
    "met in Mexico City, Mexico": ["MX"],
    "the United Nations General Assembly": [],
    "a free and open Indo-Pacific, the Indian Ocean and the South China Sea": [],
    "インド太平洋とインド洋": [],
    "日印のインド太平洋協力": ["JP", "IN"],
    "自由开放的印太": [],
    "第2回の米・太平洋島嶼国サミット": ["US", "PIF"],
    "the Kyrgyz Republic and the Republic of Tajikistan": ["KG", "TJ"],
}


@pytest.mark.parametrize(("text", "codes"), CASES.items())
def test_parties_are_found(text: str, codes: list[str]) -> None:
    assert [mention.code for mention in find_parties(text)] == codes


@pytest.mark.parametrize("text", ["tell us about it", "タイムリーな対応", "5月26日", ""])
def test_what_names_no_party(text: str) -> None:
    assert find_parties(text) == []


def test_a_span_holds_the_name() -> None:
    text = "「米国」とIndia."
    assert [mention.span.of(text) for mention in find_parties(text)] == ["米国", "India"]


def test_members_of_small_organisations_are_parties_too() -> None:
    assert with_members({"AUKUS", "IN"}) == {"AUKUS", "AU", "GB", "US", "IN"}
    assert with_members({"G20"}) == {"G20"}


def test_an_organisation_meets_where_nearly_all_of_its_members_do() -> None:
    central_asia = {"KZ", "KG", "TJ", "TM", "UZ"}
    assert with_members(central_asia | {"US"}) == central_asia | {"US", "C5"}
    assert with_members({"KZ", "UZ", "US"}) == {"KZ", "UZ", "US"}
    assert "AUKUS" not in with_members({"AU", "GB", "US", "JP", "KR"})


def test_names_of_parties() -> None:
    assert party_name("IN", "ja") == "インド"
    assert party_name("AUKUS", "ja") == "AUKUS"


NAMED = [
    ("The Grand Ethiopian Renaissance Dam", "ET", True),
    ("スーダンの内戦", "SD", True),
    ("日米露の首脳", "RU", True),
    ("The Romans", "OM", False),  # Oman
    ("tell us more", "US", False),
    ("Niger", "NG", False),  # Nigeria is longer
    ("台湾海峡の平和", "TW", True),
    ("nothing", "XK", False),
    ("ミャンマー情勢", "MM", True),
    ("Myanmar", "MM", True),
    ("刚果", "CD", False),
    ("AUKUS partners", "AUKUS", True),
]


@pytest.mark.parametrize(("text", "code", "named"), NAMED)
def test_a_text_names_a_party(text: str, code: str, named: bool) -> None:
    assert (code in parties_named(text)) == named


@pytest.mark.parametrize("code", ["US", "JP", "DE", "TW", "EU", "KP"])
def test_what_is_found_is_named(code: str) -> None:
    for language in ("en", "ja", "fr", "ko", "zh", "de"):
        name = party_name(code, language)
        assert code in parties_named(f"— {name} —")


@given(st.text(max_size=60))
def test_spans_are_in_order_and_within_the_text(text: str) -> None:
    mentions = find_parties(text)
    ends = [0, *(mention.span.end for mention in mentions)]
    assert all(end <= mention.span.start for end, mention in zip(ends, mentions, strict=False))
    assert ends[-1] <= len(text)
