"""A claim from elsewhere beside the words of the source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Shutten

from corpus.records import Statement
from qa.assistant import Assistant
from qa.proof.claims import check

pytest_plugins = ["command_line"]

PROGRESS = "両閣僚は JUCIP において見出された各協力分野における進捗を歓迎した。"


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
    result = check(assistant, claim)
    assert (result.finding, result.missing) == (finding, missing)
    assert (result.quote is None) == (finding == "nothing")
    if result.quote:
        assert result.quote.matches(statement.source)


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
    text = shutten("check", "The Ministers agreed to open a hydrogen centre in Kobe.").succeeded()
    assert text.startswith("Verbatim")
    assert "differs in line breaks" in text
    text = shutten("check", "両省は、2025年3月までに水素のロードマップを策定する。").succeeded()
    assert "元号" in text
    done = shutten("check", "両省は、2026年3月までに水素のロードマップを策定する。")
    assert done.code == 1
    assert "2026" in done.out
    done = shutten("check", "The Ministers agreed to open a battery centre in Kobe.", "--json")
    report = json.loads(done.out)
    assert (done.code, report["finding"], report["missing"]) == (1, "differs", ["battery"])


def test_a_wrong_name_is_always_named(assistant: Assistant) -> None:
    claim = "齋藤健経済産業大臣とジーナ・レモンド商務長官は、デトロイトで会合を開いた"
    result = check(assistant, claim)
    assert (result.finding, result.missing) == ("differs", ("齋藤健",))
    result = check(assistant, claim.replace("齋藤健", "西村康稔"))
    assert (result.finding, result.missing) == ("found", ())
    claim = "METI and DOC decided to strengthen cooperation on the use of quantum computers."
    assert check(assistant, claim).finding == "found"
    claim = "On May 26, 2023, Minister Ken Saito and Secretary Gina Raimondo held the meeting."
    assert check(assistant, claim).not_checked == ("Ken Saito", "Gina Raimondo")
