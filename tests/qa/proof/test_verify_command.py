"""`shutten verify`: what it prints of kept answers, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Shutten

from corpus.records import Statement

pytest_plugins = ["command_line"]


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
    findings = [line.split()[0] for line in lines[:-1] if not line.startswith(" ")]
    count = len(given["quotes"] + given["nearest"])
    assert findings == ["exact"] * count
    assert lines[-1] == f"{count} quotes: {count} exact"


def test_an_altered_answer_is_reported(shutten: Shutten, answer: Path) -> None:
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
    data = json.loads(shutten("verify", answer, "--json").out)
    assert (data["holds"], data["not_checked"]) == (False, 1)
    assert data["counts"] == {"exact": count - 1, "not_checked": 1}


def test_a_quote_with_other_line_breaks_holds(shutten: Shutten, answer: Path) -> None:
    kept = json.loads(answer.read_text("utf-8"))
    kept["quotes"][0]["text"] = kept["quotes"][0]["text"].replace("、", "、\n", 1)
    answer.write_text(json.dumps(kept), "utf-8")
    text = shutten("verify", answer).succeeded()
    quote = kept["quotes"][0]
    assert text.startswith(
        f"folded at {quote['start']}–{quote['end']} (differs in line breaks)  {quote['statement']}"
    )
    assert " 1 folded" in text.splitlines()[-1]
