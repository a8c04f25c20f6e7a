"""What README and docs/ show is true: commands parse, examples run, links and paths exist."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from project import ROOT
from serving import served

from cli.groups import Command
from cli.main import main
from corpus.records import Provenance
from qa.assistant import Assistant

README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}
CODE_FOLDERS = (
    *("corpus", "index", "qa", "web", "cli", "training", "tests", "docs", "scripts", "deploy"),
)
CODE = [path for folder in CODE_FOLDERS for path in (ROOT / folder).rglob("*")]
# All files and folders that a document may name, as text that begins and ends with a slash.
PATHS = [f"/{path.relative_to(ROOT).as_posix()}/" for path in (*CODE, *ROOT.iterdir())]


def fenced(text: str, language: str) -> list[str]:
    """Return the blocks of code in one language."""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def inline_code(text: str) -> list[str]:
    """Return what stands between backticks in running text."""
    prose = re.sub(r"^```.*?^```|^    .*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    return [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", prose)]


def commands(text: str) -> list[str]:
    """Return the commands of `shutten` in blocks of code."""
    lines = (line.strip() for line in text.splitlines() if re.match(r" {4,}shutten ", line))
    return [part.split("#")[0].strip() for line in lines for part in line.split("&&")]


def curl_examples(text: str) -> list[str]:
    """Return the `curl` commands in blocks of code."""
    return re.findall(r"^    (curl .*?\}')$", text, re.DOTALL | re.MULTILINE)


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub makes for the headings."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def in_documents(pattern: str) -> list[tuple[str, str]]:
    """Return the name of a document and what a pattern finds in it, for each match."""
    return [
        (name, match) for name, text in DOCUMENTS.items() for match in re.findall(pattern, text)
    ]


def named_paths(text: str) -> list[str]:
    """Return the paths of code and folders that running text names in backticks."""
    tokens = (code.partition(":")[0] for code in inline_code(text))
    return [
        token
        for token in tokens
        if re.fullmatch(r"[\w.-]+\.(?:py|npz|json)|[\w.-]+/[\w./-]*", token)
    ]


def test_the_two_commands_come_first() -> None:
    lines = [line.split("#")[0].strip() for line in README.splitlines() if line.startswith("    ")]
    assert lines[:2] == ["make chat", "make test"]


@pytest.mark.parametrize("command", [c for text in DOCUMENTS.values() for c in commands(text)])
def test_every_command_is_understood(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def parse_only(_: Command, context: click.Context) -> int:
        parsed.append(context.command_path)
        return 0

    monkeypatch.setattr(Command, "invoke", parse_only)
    assert main(shlex.split(command)[1:]) == 0
    assert command.startswith(parsed[0])


@pytest.mark.parametrize(
    "command",
    sorted({c for text in DOCUMENTS.values() for c in inline_code(text) if c[:8] == "shutten "}),
)
def test_every_command_in_a_sentence_exists(command: str) -> None:
    # A sentence may leave arguments out. The help is printed only if each option exists.
    assert main([*shlex.split(command)[1:], "--help"]) == 0


def test_the_python_examples_run(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUTTEN_HOME", str(home))
    output = {name: run_python(fenced(text, "python")) for name, text in DOCUMENTS.items()}
    assert len(fenced(README, "python")) == 2
    assert "オープンRAN" in output["README.md"]
    assert "answered" in output["README.md"]
    assert "2023年9月" in output["README.md"]
    assert "list 1, bullet 3" in output["docs/serving.md"]


def run_python(examples: list[str]) -> str:
    """Run examples in one process and return what they print."""
    if not examples:
        return ""
    code = "\n".join(examples)
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def test_the_examples_for_http_run(assistant: Assistant) -> None:
    (first, *others) = [curl for text in DOCUMENTS.values() for curl in curl_examples(text)]
    with served(assistant) as address:
        answer = run_curl(first, address)
        replies = [run_curl(example, address) for example in others]
    assert first in README
    assert "2023年9月" in answer["quotes"][0]["text"]
    assert len(answer["quotes"]) <= 3
    assert len(replies) > 0
    assert all(reply["quotes"] for reply in replies)


def run_curl(example: str, address: str) -> dict[str, list[dict[str, str]]]:
    """Send the request of an example to a server and return the reply."""
    example = example.replace("http://127.0.0.1:7860/", address).replace("\\\n", " ")
    done = subprocess.run(shlex.split(example), stdout=subprocess.PIPE, check=True)
    reply: dict[str, list[dict[str, str]]] = json.loads(done.stdout)
    return reply


def test_the_answer_shown_has_the_fields_of_an_answer(assistant: Assistant) -> None:
    (shown,) = (json.loads(block) for block in fenced(README, "json"))
    answer = assistant.ask(shown["question"], k=1).to_json()
    assert list(shown) == list(answer)
    assert list(shown["quotes"][0]) == list(answer["quotes"][0])
    places = ("start", "end", "byte_start", "byte_end", "passage", "place", "marks")
    assert all(shown["quotes"][0][key] == answer["quotes"][0][key] for key in places)


def test_every_field_of_an_answer_is_explained(assistant: Assistant) -> None:
    answer = assistant.ask("What was agreed on Open RAN?", k=1).to_json()
    explained = inline_code(DOCUMENTS["docs/asking.md"])
    assert {*answer, *answer["quotes"][0]} - set(explained) == set()


def test_the_provenance_shown_has_all_keys() -> None:
    (shown,) = fenced(DOCUMENTS["docs/statements.md"], "toml")
    assert list(tomllib.loads(shown)) == [
        field.name for field in fields(Provenance) if field.name != "origins"
    ]


@pytest.mark.parametrize(
    ("document", "target"), in_documents(r'(?:\]\(|src=")((?!https?:)[^)"]+)[)"]')
)
def test_every_link_leads_somewhere(document: str, target: str) -> None:
    path, _, anchor = target.partition("#")
    linked = (ROOT / document).parent / path if path else ROOT / document
    assert linked.is_file()
    assert not anchor or anchor in anchors(linked.read_text("utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_exists(document: str) -> None:
    """A path counts from the root, or names the end of one: `records.py`, `formats/`."""
    missing = [
        path
        for path in named_paths(DOCUMENTS[document])
        if not any(
            known.startswith(f"/{path.strip('/')}/")
            if path.split("/")[0] in CODE_FOLDERS
            else known.endswith(f"/{path.strip('/')}/")
            for known in PATHS
        )
    ]
    assert missing == []


@pytest.mark.parametrize(
    "module", sorted({name for _, name in in_documents(r"python -m ([\w.]*\w)")})
)
def test_every_module_that_is_run_exists(module: str) -> None:
    assert find_spec(module)


def test_every_make_target_exists() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {name for _, name in in_documents(r"(?:`|^    )make\s+(\w+)")} <= set(targets)


def test_every_dependency_is_listed_in_the_readme() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    block = text.split("dependencies = [", 1)[1].split("\n]", 1)[0]
    names = re.findall(r'^\s+"([a-z0-9-]+)', block, re.MULTILINE)
    assert len(names) > 10
    assert [name for name in names if name not in README] == []
