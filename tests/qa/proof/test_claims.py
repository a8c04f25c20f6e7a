"""A sentence from elsewhere beside the source's own words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Shutten
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.records import Provenance, Source, Statement
from corpus.segmentation.parsing import parse
from qa.assistant import Assistant
from qa.proof.claims import check, lacking
from qa.proof.names import unfounded
from qa.proof.numbers import figures

pytest_plugins = ["command_line"]

PROGRESS = "両閣僚は JUCIP において見出された各協力分野における進捗を歓迎した。"


def said(text: str, language: str = "ja", **about: Any) -> Statement:
    source = Source("town", text.encode())
    return Statement(source, Provenance(language=language, **about), parse(text))


def wanting(
    claim: str, source: str, language: str = "ja", **about: Any
) -> tuple[list[str], list[str]]:
    found = lacking(claim, source, said(source, language, **about))
    return found.missing, found.not_checked


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
    assert tuple(wanting(claim, source)[0]) == missing


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
    assert wanting(claim, source, language) == (missing, not_checked)


def test_title_date_and_issuers_count_as_said() -> None:
    about = {"title": "第3回会合 (JUCIP)", "date": "2023-05-26", "issuers": ("商務省 (DOC)",)}
    claim = "On 26 May 2023, DOC hosted the third JUCIP meeting."
    assert wanting(claim, "会合を開催した。", **about) == ([], [])
    assert wanting(claim, "会合を開催した。") == (["26", "5", "2023", "DOC", "JUCIP"], [])


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_claim_can_be_looked_up(claim: str, source: str) -> None:
    found = unfounded(claim, source, "ja", "ja")
    assert all(one.strip() for one in (*found.missing, *found.not_checked))
    assert figures(claim).keys() <= figures(claim + "\n" + claim).keys()


@settings(deadline=None)
@given(st.text(max_size=60))
def test_a_text_has_its_own_names(text: str) -> None:
    for language in ("ja", "en"):
        found = unfounded(text, text, language, language)
        assert found.missing == found.not_checked == []


@pytest.mark.parametrize(
    ("claim", "finding", "missing"),
    [
        (PROGRESS, "verbatim", ()),
        (f"「{PROGRESS}」", "verbatim", ()),
        ("各協力分野における進捗を歓迎した", "verbatim", ()),
        (PROGRESS.replace("歓迎した", "歓迎しなかった"), "differs", ("なかっ",)),
        (PROGRESS.replace("進捗", "停滞"), "differs", ("停滞",)),
        (PROGRESS.replace("各協力分野における", ""), "differs", ("…",)),
        ("経産省はNSTCとの統合に合意した", "found", ()),
        ("The cyber security mission is planned for September 2023.", "found", ()),
        ("The cyber security mission is planned for October 2023.", "differs", ("10",)),
        ("IPEFとTPPを通じてサプライチェーンを強化する", "differs", ("TPP",)),
        ("Japan will buy 100 fighter jets.", "nothing", ()),
        ("牛肉の関税は三割に下がる。", "nothing", ()),
    ],
)
def test_a_claim(
    assistant: Assistant, statement: Statement, claim: str, finding: str, missing: tuple[str, ...]
) -> None:
    found = check(assistant, claim)
    assert (found.finding, found.missing) == (finding, missing)
    assert (found.quote is None) == (finding == "nothing")
    if found.quote:
        assert found.quote.matches(statement.source)


def test_part_of_a_sentence_brings_the_whole(assistant: Assistant) -> None:
    part, whole = check(assistant, "進捗を歓迎した。"), check(assistant, PROGRESS)
    assert part.quote == whole.quote
    assert (part.whole, whole.whole) == (False, True)


def test_the_command(shutten: Shutten) -> None:
    assert "語句の比較" in shutten("check", PROGRESS.replace("進捗", "停滞")).out
    assert "原文どおり" in shutten("check", PROGRESS).succeeded()
    assert "一部だけ" in shutten("check", "各協力分野における進捗").succeeded()
    assert "No passage" in shutten("check", "Japan will buy 100 fighter jets.").out
    done = shutten("check", "The cyber security mission is planned for October 2023.", "--json")
    report = json.loads(done.out)
    assert (done.code, report["finding"], report["missing"]) == (1, "differs", ["10"])
    for wrong in ("", "  ", "長" * 3000):
        shutten("check", wrong).refused()


def test_a_wrapped_statement_is_quoted_verbatim(
    shutten: Shutten, own_home: Path, tmp_path: Path
) -> None:
    source = tmp_path / "wrapped.txt"
    source.write_text(
        "Communique\n\nThe Ministers agreed to open a hydrogen centre\nin Kobe. They met.\n\n"
        "両省は、令和７年３月までに水素の\nロードマップを策定する。\n",
        "utf-8",
    )
    shutten("index", "add", source).succeeded()
    said = shutten("check", "The Ministers agreed to open a hydrogen centre in Kobe.").succeeded()
    assert said.startswith("Verbatim")
    assert "differs in line breaks" in said
    said = shutten("check", "両省は、2025年3月までに水素のロードマップを策定する。").succeeded()
    assert "元号" in said
    done = shutten("check", "両省は、2026年3月までに水素のロードマップを策定する。")
    assert done.code == 1
    assert "2026" in done.out
    done = shutten("check", "The Ministers agreed to open a battery centre in Kobe.", "--json")
    report = json.loads(done.out)
    assert (done.code, report["finding"], report["missing"]) == (1, "differs", ["battery"])


def test_a_wrong_name_is_never_passed_over(assistant: Assistant) -> None:
    claim = "齋藤健経済産業大臣とジーナ・レモンド商務長官は、デトロイトで会合を開いた"
    found = check(assistant, claim)
    assert (found.finding, found.missing) == ("differs", ("齋藤健",))
    found = check(assistant, claim.replace("齋藤健", "西村康稔"))
    assert (found.finding, found.missing) == ("found", ())
    claim = "METI and DOC decided to strengthen cooperation on the use of quantum computers."
    assert check(assistant, claim).finding == "found"
    claim = "On May 26, 2023, Minister Ken Saito and Secretary Gina Raimondo held the meeting."
    assert check(assistant, claim).not_checked == ("Ken Saito", "Gina Raimondo")
