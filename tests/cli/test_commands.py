"""What each command prints, its exit code, and what it changes."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from command_line import BUNDLED, OPEN_RAN, Shutten, raising
from processes import start_python
from project import ROOT

from index.home import Library
from index.models.encoder import Encoded, Encoder, Role, unit_rows

pytest_plugins = ["command_line"]

TOWN = "両市は、橋の建設について一致した。\n\n両市は、祭りを毎年開くことを歓迎した。\n"
BRIDGE = "橋の建設について何が合意されましたか"
QUOTE_KEYS = {"text", "start", "end", "statement", "passage", "score"}


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.txt"
    path.write_text(TOWN, "utf-8")
    return path


def on_disk(quote: dict[str, object]) -> str:
    path = ROOT / "corpus" / "statements" / f"{quote['statement']}.txt"
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()[quote["start"] : quote["end"]]


def process(
    *argv: object, program: Sequence[str] = (), **env: object
) -> subprocess.CompletedProcess[bytes]:
    program = program or [str(Path(sys.executable).with_name("shutten"))]
    return subprocess.run(
        [*program, *map(os.fsencode, map(str, argv))],
        cwd=ROOT,
        env=os.environ | {key: str(value) for key, value in env.items()},
        capture_output=True,
        check=False,
    )


# -- ask --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "language"),
    [("オープンRANについて何が合意されましたか", "ja"), (OPEN_RAN, "en")],
    ids=["ja", "en"],
)
def test_an_answer_as_json(shutten: Shutten, question: str, language: str) -> None:
    done = shutten("ask", question, "--json")
    assert (done.code, done.err, done.out.count("\n")) == (0, "", 1)
    answer = json.loads(done.out)
    assert (answer["status"], answer["language"]) == ("answered", language)
    assert 0 <= answer["confidence"] <= 1
    assert "オープンRAN" in answer["quotes"][0]["text"]
    for quote in answer["quotes"] + answer["nearest"]:
        assert quote.keys() >= QUOTE_KEYS
        assert quote["text"] == on_disk(quote)
    scores = [quote["score"] for quote in answer["quotes"]]
    assert scores == sorted(scores, reverse=True)


def test_a_refusal_as_json(shutten: Shutten) -> None:
    done = shutten("ask", "牛肉の関税は何パーセントですか", "--json")
    answer = json.loads(done.out)
    assert (done.code, done.err, answer["status"]) == (1, "", "not_found")
    assert 0 <= answer["confidence"] <= 1
    assert answer["quotes"] == []
    assert answer["nearest"]
    assert all(quote["text"] == on_disk(quote) for quote in answer["nearest"])


@pytest.mark.parametrize(
    ("question", "code", "words"),
    [
        (OPEN_RAN, 0, ["オープンRAN", "list 1, bullet 3", "confidence: "]),
        ("オープンRANについて何が合意されましたか", 0, ["オープンRAN", "3番目の項目", "確度："]),
        ("牛肉の関税は何パーセントですか", 1, ["扱われていない事柄", "最も近い箇所"]),
        ("How do I bake bread at home?", 1, ["about other things", "nearest passages"]),
    ],
    ids=["en", "ja", "ja silent", "en silent"],
)
def test_an_answer_as_text(shutten: Shutten, question: str, code: int, words: list[str]) -> None:
    done = shutten("ask", question)
    assert (done.code, done.err) == (code, "")
    for word in words:
        assert word in done.out


@pytest.mark.parametrize("k", [1, 2, 12])
def test_k_is_the_most_there_can_be(shutten: Shutten, k: int) -> None:
    answer = json.loads(shutten("ask", OPEN_RAN, "--json", "-k", k).out)
    assert 1 <= len(answer["quotes"]) <= k


def test_a_follow_up_is_read_with_its_history(shutten: Shutten) -> None:
    history = ["--history", "気候変動について", "--history", "オープンRANについて教えてください"]
    answer = json.loads(shutten("ask", "それについて詳しく", "--json", *history).out)
    assert answer["status"] == "answered"
    assert "オープンRAN" in answer["quotes"][0]["text"]


def test_the_first_question_indexes_the_bundled_statement(shutten: Shutten, tmp_path: Path) -> None:
    home = ("--home", tmp_path / "new")
    (tmp_path / "new").mkdir()
    assert "index add" in shutten("index", "list", *home).succeeded()
    assert shutten("ask", OPEN_RAN, *home).code == 0
    (row,) = json.loads(shutten("index", "list", "--json", *home).out)
    assert row["id"] == BUNDLED
    assert "all well" in shutten("index", "check", *home).succeeded()


# -- index ------------------------------------------------------------------------------------


def listed(shutten: Shutten) -> dict[str, dict[str, object]]:
    return {row["id"]: row for row in json.loads(shutten("index", "list", "--json").succeeded())}


@pytest.mark.usefixtures("own_home")
def test_add_ask_remove(shutten: Shutten, town: Path) -> None:
    assert "town: added" in shutten("index", "add", town).succeeded()
    assert listed(shutten).keys() == {BUNDLED, "town"}
    assert listed(shutten)["town"]["origin"] == str(town)
    assert "town" in shutten("index", "list").succeeded()
    answer = json.loads(shutten("ask", BRIDGE, "--json").out)
    assert answer["quotes"][0]["statement"] == "town"
    assert "town: removed" in shutten("index", "remove", "town").succeeded()
    assert listed(shutten).keys() == {BUNDLED}
    shutten("index", "check").succeeded()


@pytest.mark.usefixtures("own_home")
def test_adding_again_embeds_only_what_changed(shutten: Shutten, town: Path) -> None:
    shutten("index", "add", town).succeeded()
    assert "town: unchanged" in shutten("index", "add", town).succeeded()
    town.write_text(TOWN + "\n両市は、図書館の協力に合意した。\n", "utf-8")
    assert "town: changed, 3 passages, 1 " in shutten("index", "add", town).succeeded()
    shutten("index", "check").succeeded()


@pytest.mark.usefixtures("own_home")
def test_rebuild_keeps_every_statement_and_answer(shutten: Shutten, town: Path) -> None:
    shutten("index", "add", town).succeeded()
    before = listed(shutten), shutten("ask", OPEN_RAN).out
    assert "rebuilt 2 statements" in shutten("index", "rebuild").succeeded()
    assert (listed(shutten), shutten("ask", OPEN_RAN).out) == before
    assert "2 statements" in shutten("index", "check").succeeded()


@pytest.mark.usefixtures("own_home")
def test_a_namesake_needs_an_id(shutten: Shutten, town: Path, tmp_path: Path) -> None:
    namesake = tmp_path / "other" / "town.txt"
    namesake.parent.mkdir()
    namesake.write_text("二つの町は、道路の整備を決定した。\n", "utf-8")
    shutten("index", "add", town).succeeded()
    shutten("index", "add", namesake).refused(namesake, town, "--id")
    shutten("index", "add", town, namesake).refused("town", "--id")
    shutten("index", "add", town, namesake, "--id", "x").refused("--id")
    assert "other: added" in shutten("index", "add", namesake, "--id", "other").succeeded()
    assert "town: changed" in shutten("index", "add", namesake, "--id", "town").succeeded()
    assert listed(shutten)["town"]["origin"] == str(namesake)


@pytest.mark.parametrize("statement", ["a/b", "../../x", "共同 声明", "😀", "%s", "x" * 300])
def test_any_id_is_only_a_name(
    shutten: Shutten, own_home: Path, town: Path, statement: str
) -> None:
    before = {path.name for path in own_home.parent.iterdir()}
    shutten("index", "add", town, "--id", statement).succeeded()
    answer = json.loads(shutten("ask", BRIDGE, "--json").out)
    assert answer["quotes"][0]["statement"] == statement
    shutten("index", "remove", statement).succeeded()
    shutten("index", "check").succeeded()
    assert {path.name for path in own_home.parent.iterdir()} == before


@pytest.mark.parametrize(
    ("name", "statement"),
    [("a b.txt", "a-b"), ("😀 橋.txt", "橋"), ("😀.txt", "statement"), ("no ending", "no-ending")],
)
def test_odd_file_names(
    shutten: Shutten, own_home: Path, tmp_path: Path, name: str, statement: str
) -> None:
    path = tmp_path / name
    path.write_text(TOWN, "utf-8")
    assert f"{statement}: added" in shutten("index", "add", path).succeeded()
    assert listed(shutten)[statement]["origin"] == str(path)


@pytest.mark.usefixtures("own_home")
def test_without_any_statement_asking_says_what_to_do(shutten: Shutten, town: Path) -> None:
    shutten("index", "remove", BUNDLED).succeeded()
    shutten("ask", OPEN_RAN).refused("shutten index add")
    shutten("ask", OPEN_RAN, "--json").refused("shutten index add")
    shutten("index", "remove", BUNDLED).refused(BUNDLED)
    assert "0 statements" in shutten("index", "check").succeeded()
    shutten("index", "add", town).succeeded()
    assert shutten("ask", BRIDGE).code == 0


def test_home_may_be_relative(
    shutten: Shutten, own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own_home.parent)
    monkeypatch.setenv("SHUTTEN_HOME", str(tmp_path / "elsewhere"))
    assert BUNDLED in shutten("index", "list", "--home", own_home.name).succeeded()
    assert not (tmp_path / "elsewhere").exists()


# -- model ------------------------------------------------------------------------------------


class Tiny:
    """A second model, whose vectors have another dimension."""

    trained = False
    fingerprint, reranker = "tiny", ""

    def encode(self, texts: Sequence[str], role: Role) -> Iterator[Encoded]:
        for text in texts:
            rows = unit_rows([[ord(char) % n + 1 for n in (3, 5, 7, 11)] for char in text])
            spans = np.array([(at, at + 1) for at in range(len(text))], np.int32)
            yield Encoded(unit_rows(rows.mean(axis=0)), rows, spans)

    def rerank(self, question: str, texts: Sequence[str]) -> list[float]:
        del question, texts
        return []


@pytest.fixture
def two_models(
    own_home: Path, caching_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Encoder]:
    models = {"multilingual-e5-small": caching_encoder, "tiny": Tiny()}
    for place in ("index.models.catalogue.open_encoder", "qa.opening.open_encoder"):
        monkeypatch.setattr(place, models.__getitem__)
    return models


@pytest.mark.usefixtures("two_models")
def test_another_model_needs_a_rebuild(shutten: Shutten, town: Path) -> None:
    assert "shutten index rebuild" in shutten("model", "use", "tiny").succeeded()
    assert "* tiny" in shutten("model", "list").succeeded()
    for command in (["ask", OPEN_RAN], ["index", "add", town], ["index", "check"]):
        shutten(*command).refused("tiny", "shutten index rebuild")
    shutten("index", "rebuild").succeeded()
    assert shutten("ask", OPEN_RAN).code == 0
    shutten("index", "check").succeeded()


@pytest.mark.usefixtures("two_models")
def test_an_emptied_index_starts_anew_with_another_model(shutten: Shutten, town: Path) -> None:
    shutten("index", "remove", BUNDLED).succeeded()
    shutten("model", "use", "tiny").succeeded()
    shutten("index", "add", town).succeeded()
    shutten("index", "check").succeeded()
    assert shutten("ask", BRIDGE).code == 0


@pytest.mark.parametrize(
    ("library", "words"),
    [
        (None, ["needs sentence-transformers", "pip install"]),
        (OSError("no such model\nsecond line"), ["cannot be loaded", "no such model", "folder"]),
        (ValueError(""), ["cannot be loaded", "folder"]),
    ],
    ids=["not installed", "not there", "without reason"],
)
def test_a_model_that_does_not_load_is_not_chosen(
    shutten: Shutten,
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    library: Exception | None,
    words: list[str],
) -> None:
    from index.models.sentence_transformer import SentenceTransformerEncoder

    module = library and SimpleNamespace(SentenceTransformer=raising(library))
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    before = shutten("model", "list").succeeded()
    monkeypatch.setattr("index.models.catalogue.open_encoder", SentenceTransformerEncoder)
    shutten("model", "use", "nonsense").refused("'nonsense'", *words)
    assert shutten("model", "list").succeeded() == before


def test_the_bundled_model_is_listed_and_built(shutten: Shutten) -> None:
    assert "* multilingual-e5-small" in shutten("model", "list").succeeded()
    assert "multilingual-e5-small: " in shutten("model", "build").succeeded()


# -- eval and chat ----------------------------------------------------------------------------


def test_eval(shutten: Shutten, tmp_path: Path) -> None:
    rows = [
        {"id": "1", "question": OPEN_RAN, "language": "en", "gold": ["具体的な共通目標の策定"]},
        {"id": "2", "question": "牛肉の関税は？", "language": "ja", "kind": "unanswerable"},
    ]
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    done = shutten("eval", path, "--json", "--report", tmp_path / "report")
    results = json.loads(done.succeeded())
    assert (results["n"], results["answerable"], results["success@1"]) == (2, 1, 1.0)
    assert (tmp_path / "report" / "report.md").is_file()
    shutten("eval", path, "--split", "nonsense").refused(path, "'nonsense'")
    path.write_text('{"id": "1", "question": "?", "gold": ["牛肉"]}\n', "utf-8")
    shutten("eval", path).refused("'牛肉'", "question 1")


def test_eval_squad(shutten: Shutten, tmp_path: Path) -> None:
    path = tmp_path / "squad.json"
    questions = [{"id": "1", "question": BRIDGE}]
    paragraphs = [{"context": TOWN, "qas": questions}, {"context": "図書館は無料だ。", "qas": []}]
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), "utf-8")
    files = ("--passages", path, "--questions", path)
    results = json.loads(shutten("eval", "squad", *files, "--json").succeeded())
    assert (results["n"], results["passages"], results["success@1"]) == (1, 2, 1.0)
    path.write_text("[]", "utf-8")
    shutten("eval", "squad", *files).refused(path, "SQuAD")


def test_chat_passes_its_options_to_the_page(
    shutten: Shutten, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[object, ...]] = []
    page = SimpleNamespace(main=lambda *arguments: calls.append(arguments), Options=dict)
    page.is_for_this_machine_only = lambda host, names, proxies: not (names or proxies)
    monkeypatch.setitem(sys.modules, "ui", page)
    words = ["--port", 8001, "--home", tmp_path, "--allow-host", "notes.example", "--mcp"]
    assert shutten("chat", *words, "--proxy", "10.0.0.0/8").succeeded() == ""
    options = {
        "host": "127.0.0.1",
        "port": 8001,
        "names": ("notes.example",),
        "auth_file": None,
        "mcp": True,
        "proxies": ("10.0.0.0/8",),
        "uploads": False,
        "metrics_port": 0,
        "log": None,
        "log_questions": False,
    }
    assert calls == [(options, Library(tmp_path))]


# -- help and usage ---------------------------------------------------------------------------

HELP = {
    "": ["ask", "index", "eval", "eval squad", "chat", "feedback", "model", "--version"],
    "ask": ["--json", "-k", "--history", "--batch", "--out", "--home"],
    "index": ["add", "list", "show", "set", "remove", "rebuild", "check"],
    "index add": ["PATH", "--id", "--home"],
    "index list": ["--json", "--home"],
    "index show": ["ID", "--json", "--home"],
    "index set": ["ID", "KEY=VALUE", "--home"],
    "index remove": ["ID", "--home"],
    "index rebuild": ["--home"],
    "index check": ["--home"],
    "eval": ["QUESTIONS.jsonl", "--split", "--report", "--json", "--system", "--home"],
    "eval squad": ["--passages", "--questions", "--sample", "--seed", "--json", "--system"],
    "chat": ["--host", "--port", "--allow-host", "--proxy", "--mcp", "--auth-file", "--add-user"],
    "feedback": ["OUT.jsonl", "--home"],
    "model": ["list", "build", "use"],
    "model list": ["--home"],
    "model build": ["-h"],
    "model use": ["NAME_OR_PATH", "--home"],
}


@pytest.mark.parametrize("command", HELP)
def test_help(shutten: Shutten, command: str) -> None:
    out = shutten(*command.split(), "--help").succeeded()
    assert out.startswith(f"usage: {' '.join(['shutten', *command.split()])} ")
    for option in HELP[command]:
        assert option in out


def test_version(shutten: Shutten) -> None:
    assert shutten("--version").succeeded().startswith("shutten 0.")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["ask"], ["question"]),
        (["ask", "x", "-k", "0"], ["0", "1 to 12"]),
        (["ask", "x", "-k", "-1"], ["-1", "1 to 12"]),
        (["ask", "x", "-k", "13"], ["13", "1 to 12"]),
        (["index", "remove", "nonsense"], ["'nonsense'", BUNDLED]),
        ([], ["COMMAND"]),
        (["nonsense"], ["'nonsense'"]),
        (["ask", "x", "-k", "many"], ["-k", "'many'"]),
        (["ask", "two", "words"], ["words"]),
        (["check", "two", "wo\r\nr\x1bds\x85"], ["wo r ds"]),
        (["ask", "x", "--nonsense"], ["--nonsense"]),
        (["index"], ["ACTION"]),
        (["index", "add"], ["PATH"]),
        (["model"], ["ACTION"]),
        (["eval", "squad"], ["--passages"]),
        (["chat", "--port", "high"], ["--port", "'high'"]),
    ],
    ids=lambda value: " ".join(value) or "nothing",
)
def test_a_usage_error_is_one_line(shutten: Shutten, argv: list[str], words: list[str]) -> None:
    shutten(*argv).refused(*words)


# -- the process ------------------------------------------------------------------------------


@pytest.mark.parametrize("argv", [["--version"], ["index", "list"], ["index", "remove", "x"]])
def test_python_m_cli_is_shutten(home: Path, argv: list[str]) -> None:
    module, script = (
        process(*argv, program=program, SHUTTEN_HOME=home)
        for program in ([sys.executable, "-m", "cli"], [])
    )
    assert (module.returncode, module.stdout, module.stderr) == (
        *(script.returncode, script.stdout, script.stderr),
    )
    assert module.stdout or module.stderr


def test_a_console_without_utf8(home: Path) -> None:
    env = {"LC_ALL": "C", "PYTHONUTF8": 0, "PYTHONCOERCECLOCALE": 0, "SHUTTEN_HOME": home}
    done = process("ask", "オープンRAN \udcff", "--json", **env)
    assert (done.returncode, done.stderr) == (0, b"")
    answer = json.loads(done.stdout.decode("utf-8"))
    assert "オープンRAN" in answer["quotes"][0]["text"]


class Full(io.StringIO):
    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_output_that_cannot_be_written(shutten: Shutten, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Full())
    shutten("index", "list").refused("No space left")


def test_stopping(shutten: Shutten, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite3.connect", raising(KeyboardInterrupt()))
    done = shutten("index", "list")
    assert (done.code, done.out, done.err) == (130, "", "shutten: stopped\n")


def test_processes_at_once(shutten: Shutten, own_home: Path, town: Path) -> None:
    commands = [["index", "add", str(town)]] * 2 + [["ask", OPEN_RAN]]
    running = [
        start_python("-m", "cli", *command, "--home", own_home, stderr=subprocess.PIPE)
        for command in commands
    ]
    outputs = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], outputs
    outcomes = sorted(out.split()[1] for out, _ in outputs[:2])
    assert outcomes == ["added,", "unchanged,"]
    assert listed(shutten).keys() == {BUNDLED, "town"}
    assert "2 statements" in shutten("index", "check").succeeded()


def test_an_empty_name_is_no_data_folder(
    shutten: Shutten, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--home "$UNSET"` passes an empty name, which Python would take for the current folder."""
    monkeypatch.chdir(tmp_path)
    shutten("ask", "--home", "", "半導体").refused("the data folder is empty")
    assert not any(tmp_path.iterdir())
