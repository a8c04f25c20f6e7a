"""What a server tells those who run it: metrics, and a log of its answers."""

from __future__ import annotations

import json
import socket
import stat
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from serving import free_port, post, served

import ui
from corpus.errors import ShuttenError
from qa.assistant import Assistant
from web.server import Options

QUESTION, SILENT = "What was agreed on Open RAN?", "Who won the chess tournament in Oslo?"


def figures(port: int) -> dict[str, float]:
    """Return the figures that a server gives Prometheus, by name and labels."""
    text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def ask(address: str, question: str) -> httpx.Response:
    return post(address, "ask", {"question": question})


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def of_questions(log: Path, *questions: str) -> list[dict[str, Any]]:
    """Return the lines of some questions; the server asks itself others."""
    return [line for line in lines(log) if line.get("question") in questions]


def test_answers_and_errors_are_counted(assistant: Assistant) -> None:
    port = free_port()
    with served(assistant, metrics_port=port) as address:
        before = figures(port)
        ask(address, QUESTION)
        ask(address, SILENT)
        ask(address, "  ")
        after = figures(port)

    def more(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert more("shutten_answers_total answered") >= 1
    assert more("shutten_answers_total not_found") >= 1
    assert more("shutten_errors_total ShuttenError") == 1
    assert more("shutten_answer_seconds_count") >= 2
    assert after["shutten_statements"] == 1
    assert after["shutten_turns_waiting"] == 0
    assert not assistant.observers
    with pytest.raises(httpx.ConnectError):
        figures(port)


def test_the_log_tells_how_questions_ended(assistant: Assistant, tmp_path: Path) -> None:
    log = tmp_path / "answers.jsonl"
    log.write_text("{}\n", "utf-8")
    with served(assistant, log=log, log_questions=True) as address:
        ask(address, QUESTION)
        ask(address, SILENT)
        ask(address, "  ")
    assert lines(log)[0] == {}  # what was there stays
    answered, silent, error = of_questions(log, QUESTION, SILENT, "  ")
    assert (answered["status"], answered["quotes"] > 0) == ("answered", True)
    assert answered["statements"] == ["jucip-2023-05-26.ja"]
    assert (silent["status"], silent["statements"], silent["language"]) == ("not_found", [], "en")
    assert (error["status"], error["kind"]) == ("error", "ShuttenError")
    assert all(line["milliseconds"] >= 0 and line["time"] for line in (answered, silent, error))


def test_the_log_has_no_questions_unless_asked(assistant: Assistant, tmp_path: Path) -> None:
    log = tmp_path / "answers.jsonl"
    with served(assistant, log=log) as address:
        ask(address, "What was agreed on Open RAN with Xylophon?")
    assert lines(log)
    assert "Xylophon" not in log.read_text("utf-8")
    assert all("question" not in line for line in lines(log))
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_the_log_may_be_the_output(
    assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(assistant, log=Path("-")) as address:
        ask(address, QUESTION)
        assert not sys.stdout.closed
    assert '"status": "answered"' in capsys.readouterr().out


def test_what_cannot_be_used_is_refused_with_one_line(assistant: Assistant, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ShuttenError, match="choose another --metrics-port"):
            ui.start(assistant, Options(port=free_port(), metrics_port=port))
    with pytest.raises(ShuttenError, match="the log cannot be written"):
        ui.start(assistant, Options(port=free_port(), log=tmp_path / "no" / "log"))
    assert not assistant.observers
