"""The names and numbers of a claim that a source does not have."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statements import statement_from

from qa.mentions.names import unsupported_names
from qa.mentions.numbers import numbers_in
from qa.proof.claims import unsupported


def missing_from(
    claim: str, source: str, language: str = "ja", **provenance: Any
) -> tuple[list[str], list[str]]:
    """Return what of a claim a source does not have, and what is not checked."""
    statement = statement_from(source, language=language, **provenance)
    result = unsupported(claim, source, statement)
    return result.missing, result.not_checked


@pytest.mark.parametrize(
    ("claim", "source", "missing"),
    [
        ("A mission comes in September 2023.", "2023年9月に計画されている", ()),
        ("A mission comes in October 2024.", "2023年9月に計画されている", ("10", "2024")),
        ("Eine Mission kommt im September 2023.", "2023年9月に計画されている", ()),
        ("Une mission viendra en septembre 2022.", "2023年9月に計画されている", ("2022",)),
        ("A mission may come.", "計画されている", ()),
        ("A mission comes in May 2023.", "2023年9月", ("5",)),
        ("1,000 people", "1000名", ()),
        ("２０２３年９月", "2023年9月", ()),
        ("NSTCとLSTCが協力する", "国立半導体技術センター (NSTC)", ("LSTC",)),
        ("nstc and others", "NSTC", ()),
        ("オープンランの普及", "オープンRANの普及", ("オープンラン",)),
        ("", "", ()),
    ],
)
def test_what_a_source_lacks(claim: str, source: str, missing: tuple[str, ...]) -> None:
    assert tuple(missing_from(claim, source)[0]) == missing


ENGLISH = (
    "The Minister of Trade, Ken Saito, and Secretary Gina Raimondo met in Kobe. The United States "
    "and Japan agreed on Chapter V. The European Union (EU) will join the World Trade Organization."
)
MINISTERS = "西村康稔経済産業大臣とジーナ・レモンド商務長官は、経済産業省 (METI) で会合を開催した。"


@pytest.mark.parametrize(
    ("claim", "source", "language", "missing", "not_checked"),
    [
        # Names of one language.
        ("齋藤健経済産業大臣とジーナ・レモンド商務長官", MINISTERS, "ja", ["齋藤健"], []),
        ("西村康夫経済産業大臣は会合を開催した", MINISTERS, "ja", ["西村康夫"], []),
        ("西村経済産業大臣は会合を開催した", MINISTERS, "ja", [], []),
        ("西村大臣とブリンケン長官", MINISTERS, "ja", ["ブリンケン"], []),
        ("両省の幹部は会合を開催した", MINISTERS, "ja", [], ["両省", "幹部"]),
        ("Secretary Antony Blinken met Saito in Kobe.", ENGLISH, "en", ["Antony Blinken"], []),
        ("Raimondo met Saito in Lima.", ENGLISH, "en", ["Lima"], []),
        ("Gina Raimondo and Ken Saito met in Kobe.", ENGLISH, "en", [], []),
        ("Blinken met Saito.", ENGLISH, "en", [], ["Blinken"]),
        ("In Kobe, the Ministers met.", ENGLISH, "en", [], []),
        # Acronyms and long forms.
        ("The U.S. and the EU agreed with the WTO.", ENGLISH, "en", [], []),
        ("The US agreed with the OECD.", ENGLISH, "en", ["OECD"], []),
        ("METI hosted the meeting.", MINISTERS, "ja", [], []),
        ("The Ministry of Economy, Trade and Industry hosted it.", MINISTERS, "ja", [], []),
        ("METIと経済産業省", MINISTERS, "ja", [], []),
        ("DOC hosted the meeting.", MINISTERS, "ja", ["DOC"], []),
        # Across languages.
        ("Minister Ken Saito hosted it.", MINISTERS, "ja", [], ["Ken Saito"]),
        ("ジーナ・レモンド氏と西村大臣", ENGLISH, "en", [], ["ジーナ・レモンド", "西村大臣"]),
        ("Ken Saito and the others met.", f"{MINISTERS} the and met", "ja", [], ["Ken Saito"]),
        ("齐藤健部长同意", ENGLISH, "en", [], ["齐藤健部长同意"]),
        # Numbers.
        ("1,000億円を拠出", "1000億円を拠出", "ja", [], []),
        ("100 billion yen", "1,000億円を拠出", "ja", [], []),
        ("1億2,000万円を拠出", "120 million yen", "en", [], []),
        ("2,000億円を拠出", "1000億円を拠出", "ja", ["200000000000"], []),
        ("They agreed on Chapter 5.", ENGLISH, "en", [], []),
        ("They agreed on Chapter VI.", ENGLISH, "en", ["6"], []),
        ("第五章を開催", "第Ⅴ章を開催", "ja", [], []),
        ("2025年3月までに策定", "令和７年３月までに策定", "ja", [], []),
        ("令和6年3月までに策定", "令和７年３月までに策定", "ja", ["2024"], []),
        ("環境・社会", "環境ㆍ社会", "ja", [], []),
    ],
)
def test_names_and_numbers(
    claim: str, source: str, language: str, missing: list[str], not_checked: list[str]
) -> None:
    assert missing_from(claim, source, language) == (missing, not_checked)


def test_title_date_and_issuers_count_as_source() -> None:
    about = {"title": "第3回会合 (JUCIP)", "date": "2023-05-26", "issuers": ("商務省 (DOC)",)}
    claim = "On 26 May 2023, DOC hosted the third JUCIP meeting."
    assert missing_from(claim, "会合を開催した。", **about) == ([], [])
    assert missing_from(claim, "会合を開催した。") == (["26", "5", "2023", "DOC", "JUCIP"], [])


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_claim_can_be_looked_up(claim: str, source: str) -> None:
    names = unsupported_names(claim, source, "ja", "ja")
    assert all(name.strip() for name in (*names.missing, *names.not_checked))
    assert all(re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", number) for number in numbers_in(claim))


@settings(deadline=None)
@given(st.text(max_size=60))
def test_a_text_has_its_own_names(text: str) -> None:
    for language in ("ja", "en"):
        names = unsupported_names(text, text, language, language)
        assert names.missing == names.not_checked == []
