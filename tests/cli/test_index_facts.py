"""What `shutten index list`, `show` and `set` print."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import BUNDLED, Shutten

from cli.output import print_table
from corpus.characters.widths import columns

pytest_plugins = ["command_line"]

HEAD = "---\ntitle: {title}\ndate: {date}\n---\n両国は一致した。\n"


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a statement file with a title and a date."""

    def write(name: str, title: str, date: str) -> Path:
        path = tmp_path / f"{name}.md"
        path.write_text(HEAD.format(title=title, date=date), "utf-8")
        return path

    return write


@pytest.mark.usefixtures("own_home")
def test_the_list_is_a_table_with_the_newest_first(
    shutten: Shutten, make: Callable[..., Path]
) -> None:
    files = [
        make("older", "Joint Statement of Japan and India", "2020-01-01"),
        make("b-undated", "Declaration", "''"),
        make("a-undated", "Declaration", "''"),
        make("newer", "日韓共同声明", "2025-01-01"),
        make("same-day", "日米共同声明", "2023-05-26"),
    ]
    for file in files:  # the texts are alike, so each is added with a name
        shutten("index", "add", file, "--id", file.stem).succeeded()
    lines = shutten("index", "list").succeeded().splitlines()
    order = ["newer", BUNDLED, "same-day", "older", "a-undated", "b-undated"]
    assert [line.split()[0] for line in lines] == ["id", *order]
    assert lines[1].split() == ["newer", "2025-01-01", "JP", "KR", "日韓共同声明", "1"]
    for name in ("date", "parties", "title", "passages"):
        place = lines[0].index(name)
        cells = {columns(line[:at]) for line in lines for at in [cell_start(line, place)]}
        assert cells == {place}, name
    rows = json.loads(shutten("index", "list", "--json").succeeded())
    assert [row["id"] for row in rows] == order
    assert (rows[0]["parties"], rows[0]["origins"]["date"]) == (["JP", "KR"], "head")


def cell_start(line: str, place: int) -> int:
    """Return the offset at which the column `place` of a line begins."""
    return next(at for at in range(len(line) + 1) if columns(line[:at]) >= place)


def test_only_a_terminal_cuts_titles(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["one", "両国の共同声明についての長い題名" * 3, "5"], ["two", "short", "12"]]
    print_table(["id", "title", "n"], rows, shortened=1)
    assert rows[0][1] in capsys.readouterr().out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "50")
    print_table(["id", "title", "n"], rows, shortened=1)
    lines = capsys.readouterr().out.splitlines()
    assert [columns(line) for line in lines] == [49, 49, 50]
    assert "…" in lines[1]
    assert lines[2].endswith("  12")


def shown(shutten: Shutten, name: str) -> dict[str, str]:
    """Return the lines of `index show` by their first words."""
    lines = shutten("index", "show", name).succeeded().splitlines()
    cells = (re.split(" {2,}", line, maxsplit=1) for line in lines)
    return dict(cells)


def test_show_prints_each_fact_with_where_it_was_found(shutten: Shutten) -> None:
    facts = shown(shutten, BUNDLED)
    assert facts["date"] == "2023-05-26  (recorded in the file beside it)"
    assert facts["parties"] == "JP, US  (from the title)"
    assert facts["url"] == f"not known; set it: `shutten index set {BUNDLED} url=...`"
    assert (facts["passages"], facts["sentences"], facts["bytes"]) == ("18", "32", "8,202")
    assert facts["added from"].endswith(f"{BUNDLED}.txt")
    row = json.loads(shutten("index", "show", BUNDLED, "--json").succeeded())
    assert (row["sha256"], row["sentences"]) == (facts["sha256"], 32)
    assert row["origins"]["parties"] == "title"


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("command", [("show", "{}"), ("set", "{}", "date="), ("remove", "{}")])
def test_an_unknown_id_is_reported_as_by_the_filters(
    shutten: Shutten, command: tuple[str, ...]
) -> None:
    near = "jucip-2023"
    line = f"shutten: there is no statement {near!r}; did you mean {BUNDLED!r}?\n"
    assert shutten("index", *(word.format(near) for word in command)).err == line
    assert shutten("ask", "What was agreed?", "--statement", near).err == line
    shutten("index", *(word.format("x") for word in command)).refused(f"there are: {BUNDLED}")


@pytest.mark.usefixtures("own_home")
def test_set_says_what_changed_and_show_says_who_did(shutten: Shutten) -> None:
    words = ["date=2023-05-27", "parties=Japan,us", "venue=", "url=https://a.example/b"]
    assert shutten("index", "set", BUNDLED, *words).succeeded().splitlines() == [
        f"{BUNDLED}: date: 2023-05-27 (before: 2023-05-26)",
        f"{BUNDLED}: venue: not known (before: ミシガン州デトロイト)",
        f"{BUNDLED}: url: https://a.example/b (before: not known)",
        f"{BUNDLED}: parties: JP, US (set by hand; before: from the title)",
    ]
    facts = shown(shutten, BUNDLED)
    assert facts["date"] == "2023-05-27  (set by hand)"
    assert facts["venue"].startswith("not known (set by hand); set it: `shutten index set")
    assert shutten("index", "set", BUNDLED, *words).succeeded() == f"{BUNDLED}: nothing changed\n"
    shutten("index", "check").succeeded()


@pytest.mark.usefixtures("own_home")
def test_a_fact_cannot_move_the_cursor(shutten: Shutten) -> None:
    shutten("index", "set", BUNDLED, "title=a\x1b[2J\nb\x9bc").succeeded()
    assert shown(shutten, BUNDLED)["title"] == "a [2J b c  (set by hand)"
    assert "a [2J b c" in shutten("index", "list").succeeded()


@pytest.mark.usefixtures("own_home")
def test_adding_again_says_what_is_kept(shutten: Shutten, make: Callable[..., Path]) -> None:
    file = make("town", "日米共同声明", "2025-01-01")
    shutten("index", "add", file).succeeded()
    shutten("index", "set", "town", "date=2024-01-01", "kind=").succeeded()
    done = shutten("index", "add", file).succeeded()
    assert done.startswith("town: unchanged")
    assert done.endswith("kept as set by hand: date, kind\n")
    shutten("index", "rebuild").succeeded()
    assert shown(shutten, "town")["date"] == "2024-01-01  (set by hand)"
    answer = json.loads(shutten("ask", "両国は何に一致したか", "--from", "2024", "--json").out)
    assert {quote["statement"] for quote in answer["quotes"] + answer["nearest"]} == {"town"}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("dat=x", "there is no fact 'dat'; did you mean 'date'?"),
        ("date", "'date' sets no fact"),
        ("date=soon", "the date 'soon' is no date"),
        ("url=a", "give an address that begins with https://"),
    ],
)
def test_a_bad_key_or_value_changes_nothing(shutten: Shutten, word: str, message: str) -> None:
    shutten("index", "set", BUNDLED, "title=x", word).refused(message)
