"""What the README shows is what there is."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from project import ROOT
from serving import free_port

import ui
from cli.groups import Command
from cli.main import main
from qa.assistant import Assistant

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    command.split("#")[0].strip()
    for line in README.splitlines()
    if line.startswith("    shutten ")
    for command in line.split("&&")
]


def test_the_two_commands_come_first() -> None:
    lines = [line.split("#")[0].strip() for line in README.splitlines() if line.startswith("    ")]
    assert lines[:2] == ["make chat", "make test"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_understood(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def parse_only(_: Command, context: click.Context) -> int:
        parsed.append(context.command_path)
        return 0

    monkeypatch.setattr(Command, "invoke", parse_only)
    assert main(shlex.split(command)[1:]) == 0
    assert command.startswith(parsed[0])


def test_the_python_examples_run(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    examples = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(examples) == 2
    example = "\n".join(examples)
    monkeypatch.setenv("SHUTTEN_HOME", str(home))
    done = subprocess.run(
        [sys.executable, "-c", example],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert "オープンRAN" in done.stdout
    assert "answered" in done.stdout
    assert "2023年9月" in done.stdout


def test_the_example_for_http_runs(assistant: Assistant) -> None:
    (example,) = re.findall(r"    (curl .*?\}')\n", README, re.DOTALL)
    server = ui.serve(assistant, "127.0.0.1", free_port())
    try:
        example = example.replace("http://127.0.0.1:7860/", server.local_url)
        words = shlex.split(example.replace("\\\n", " "))
        done = subprocess.run(words, capture_output=True, check=True)
    finally:
        server.close()
    given = json.loads(done.stdout)
    assert "2023年9月" in given["quotes"][0]["text"]
    assert len(given["quotes"]) <= 3


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)h][^)]*)\)", README))
def test_every_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).is_file()


def test_every_dependency_earns_its_line() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    block = text.split("dependencies = [", 1)[1].split("\n]", 1)[0]
    names = re.findall(r'^\s+"([a-z0-9-]+)', block, re.MULTILINE)
    assert len(names) > 10
    assert [name for name in names if name not in README] == []
