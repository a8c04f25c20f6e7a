"""A sentence from elsewhere beside the source's own words."""

from __future__ import annotations

import json

import pytest
from command_line import Shutten

from corpus.records import Statement
from qa.assistant import Assistant
from qa.claims import check, lacking

pytest_plugins = ["command_line"]

PROGRESS = "両閣僚は JUCIP において見出された各協力分野における進捗を歓迎した。"


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
    assert lacking(claim, source) == missing


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
