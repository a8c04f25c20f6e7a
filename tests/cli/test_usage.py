"""How the words of a command are read: suggestions, texts with a dash, default command, shells."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from command_line import OPEN_RAN, Shutten
from processes import start_python

from cli.groups import Command

pytest_plugins = ["command_line"]

Parse = Callable[..., dict[str, object]]


@pytest.fixture
def parsed(shutten: Shutten, monkeypatch: pytest.MonkeyPatch) -> Parse:
    """Return what a command would get for its words; the command does not run."""
    calls: list[dict[str, object]] = []

    def keep(_: Command, context: click.Context) -> int:
        calls.append({"command": context.command_path, **context.params})
        return 0

    monkeypatch.setattr(Command, "invoke", keep)

    def parse(*words: object) -> dict[str, object]:
        assert shutten(*words).succeeded() == ""
        return calls.pop()

    return parse


# -- suggestions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message", "command"),
    [
        ("aks x", "no such command 'aks' (did you mean `ask`?)", ""),
        ("evla x", "no such command 'evla' (did you mean `eval`?)", ""),
        ("qqq", "no such command 'qqq'", ""),
        ("index lst", "no such action 'lst' (did you mean `list`?)", "index "),
        ("--verison", "no such option '--verison' (did you mean `--version`?)", ""),
        ("ask x --jsn", "no such option '--jsn' (did you mean `--json`?)", "ask "),
        ("ask x -json", "no such option '-json' (did you mean `--json`?)", "ask "),
        ("ask x --hist y", "no such option '--hist' (did you mean `--history`?)", "ask "),
        ("index add x --i=y", "no such option '--i' (did you mean `--id`?)", "index add "),
        ("eval x --splt y", "no such option '--splt' (did you mean `--split`?)", "eval "),
        ("eval squad --sed 1", "no such option '--sed' (did you mean `--seed`?)", "eval squad "),
        ("ask x --qqq", "no such option '--qqq'", "ask "),
    ],
)
def test_a_mistyped_word_gets_a_suggestion(
    shutten: Shutten, words: str, message: str, command: str
) -> None:
    done = shutten(*words.split())
    assert (done.code, done.out) == (2, "")
    assert done.err == f"shutten: {message}; see `shutten {command}--help`\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([], "missing argument 'COMMAND'; see `shutten --help`"),
        (["model"], "missing argument 'ACTION'; see `shutten model --help`"),
        (["verify"], "missing argument 'ANSWER.json'; see `shutten verify --help`"),
        (["eval"], "missing argument 'QUESTIONS.jsonl'; see `shutten eval --help`"),
        (["ask", "--history"], "option '--history' requires an argument; see `shutten ask --help`"),
        (
            ["ask", "--out", "--json"],
            "option '--out' requires an argument; see `shutten ask --help`",
        ),
        (["ask", "--json=1"], "option '--json' does not take a value; see `shutten ask --help`"),
        (
            ["ask", "x", "\x1b[31m\u3000\ny"],
            "got unexpected extra argument ( [31m y); see `shutten ask --help`",
        ),
        (["--\x1b"], "no such option '--\\x1b'; see `shutten --help`"),
    ],
    ids=repr,
)
def test_a_usage_error_names_its_command(shutten: Shutten, words: list[str], line: str) -> None:
    done = shutten(*words)
    assert (done.code, done.out, done.err) == (2, "", f"shutten: {line}\n")


# -- texts and values -------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["- 両省は一致した。 続く。", "-5", "-1.5", "-", "--json or not?"])
def test_a_text_may_begin_with_a_dash(parsed: Parse, text: str) -> None:
    assert parsed("ask", text)["question"] == text
    assert parsed("check", text, "--json") == parsed("check", "--json", "--", text)
    assert parsed("ask", "x", "--history", text)["history"] == (text,)


def test_paths_keep_their_order(parsed: Parse) -> None:
    words = ["b", "- a", "c", "--home", ".", "a", "--", "--id"]
    assert parsed("index", "add", *words)["paths"] == ("b", "- a", "c", "a", "--id")


@pytest.mark.parametrize("words", [["-k", 3], ["-k3"], ["-k=3"], ["-k 3"]], ids=str)
def test_forms_of_a_value(parsed: Parse, words: list[object]) -> None:
    assert parsed("ask", "x", *words)["k"] == 3


def test_a_value_after_a_sign_may_begin_with_a_dash(parsed: Parse) -> None:
    assert parsed("ask", "x", "--history=--json")["history"] == ("--json",)


# -- eval -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "command", "questions"),
    [
        (["set.jsonl"], "shutten eval", "set.jsonl"),
        (["--split", "dev", "set.jsonl"], "shutten eval", "set.jsonl"),
        (["./squad"], "shutten eval", "squad"),
        (["--", "squad"], "shutten eval", "squad"),
        (["squad", "--questions", "a", "--passages", "b"], "shutten eval squad", "a"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_eval_has_a_default_command(
    parsed: Parse, words: list[str], command: str, questions: str
) -> None:
    call = parsed("eval", *words)
    assert (call["command"], call["questions"]) == (command, Path(questions))


# -- completion -------------------------------------------------------------------------------


@pytest.fixture
def completions(shutten: Shutten, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Return what bash is offered for a line that ends where the cursor is."""

    def complete(line: str) -> list[str]:
        words = line.split()
        monkeypatch.setenv("_SHUTTEN_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(words) - (not line.endswith(" "))))
        return shutten().succeeded().split()

    return complete


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("shutten ", "ask verify check index eval chat feedback model"),
        ("shutten mo", "model"),
        ("shutten index ", "add sync list show set remove rebuild check copy conformance"),
        ("shutten index r", "remove rebuild"),
        ("shutten ask --h", "--home --history --help"),
        ("shutten ask x --history y --b", "--batch"),
        ("shutten eval --s", "--store --split --system --statement"),
        ("shutten eval squad --s", "--sample --seed --system"),
        ("shutten eval set.jsonl --system ", "full dense lexical hybrid"),
    ],
)
def test_a_shell_completes_names(
    completions: Callable[[str], list[str]], line: str, offers: str
) -> None:
    assert completions(line) == [f"plain,{word}" for word in offers.split()]


@pytest.mark.parametrize(
    "line", ["verify ", "index add a ", "eval ", "ask --home ", "verify x --source ", "feedback "]
)
def test_a_shell_completes_files(completions: Callable[[str], list[str]], line: str) -> None:
    assert completions(f"shutten {line}") == ["file,"]


def test_a_shell_completes_a_file_or_the_other_command(
    completions: Callable[[str], list[str]],
) -> None:
    assert completions("shutten eval s") == ["file,s", "plain,squad"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script(
    shutten: Shutten, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    monkeypatch.setenv("_SHUTTEN_COMPLETE", f"{shell}_source")
    done = shutten()
    assert done.code == 0
    assert f"_SHUTTEN_COMPLETE={shell}_complete" in done.out


def test_an_unknown_shell_is_refused(shutten: Shutten, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_SHUTTEN_COMPLETE", "tcsh_source")
    shutten().refused("_SHUTTEN_COMPLETE", "bash_source", "'tcsh_source'")


# -- errors -----------------------------------------------------------------------------------


def test_a_fault_of_the_program_is_not_hidden(
    shutten: Shutten, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(Command, "invoke", fail)
    with pytest.raises(ZeroDivisionError):
        shutten("ask", OPEN_RAN)


@pytest.mark.parametrize("words", ["--help", "ask -h", "--version", "index list"])
def test_a_closed_pipe_is_no_error(home: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """`head` closes the pipe as soon as it has read enough."""
    monkeypatch.setenv("SHUTTEN_HOME", str(home))
    read, write = os.pipe()
    os.close(read)
    with open(write, "wb") as pipe:
        process = start_python("-m", "cli", *words.split(), stdout=pipe, stderr=subprocess.PIPE)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
