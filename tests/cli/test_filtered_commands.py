"""`check` and `eval` with a filter of statements, as `ask` has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import BUNDLED, Shutten

pytest_plugins = ["command_line"]

TOWN = "両市は、橋の建設について一致した。\n\n両市は、祭りを毎年開くことを歓迎した。\n"
BRIDGE = "両市は、橋の建設について一致した。"
ASKED = "橋の建設について何が決まったか"
RAN = "Open RANについて何が決まったか"
ROWS: list[dict[str, Any]] = [
    {"id": "bridge", "question": ASKED, "language": "ja", "gold": ["橋の建設について一致"]},
    {"id": "ran", "question": RAN, "gold": ["オープンRANの普及促進"]},
    {"id": "both", "question": "何が決まったか", "gold": ["祭りを毎年", "オープンRANの普及促進"]},
    {"id": "beef", "question": "牛肉は？", "kind": "unanswerable"},
]
IN_TOWN = {"statement": "town", "text": "橋の建設"}
IN_BUNDLED = {"statement": BUNDLED, "text": "オープンRANの普及促進"}
LIBRARY_ROWS: list[dict[str, Any]] = [
    {"id": "bridge", "question": ASKED, "kind": "any", "gold": [IN_TOWN]},
    {"id": "ran", "question": RAN, "kind": "single", "meant": [BUNDLED], "gold": [IN_BUNDLED]},
    {"id": "off", "question": "牛肉は？", "kind": "off"},
]


@pytest.fixture
def two(shutten: Shutten, own_home: Path, tmp_path: Path) -> Shutten:
    """`shutten` on a data folder with the bundled statement of 2023 and one of a town of 2020."""
    path = tmp_path / "town.txt"
    path.write_text(TOWN, "utf-8")
    path.with_suffix(".toml").write_text('date = 2020-01-01\nparties = ["FR"]\n', "utf-8")
    shutten("index", "add", path).succeeded()
    return shutten


def written(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "set.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def result(shutten: Shutten, *words: object) -> dict[str, Any]:
    done = shutten(*words, "--json")
    assert done.error_text == "", done
    found: dict[str, Any] = json.loads(done.out)
    return found


@pytest.mark.parametrize(
    "words", [("--statement", "town"), ("--to", "2020"), ("--party", "フランス")]
)
def test_a_claim_is_checked_in_the_statements_that_are_left(
    two: Shutten, words: tuple[str, ...]
) -> None:
    assert result(two, "check", BRIDGE, *words)["finding"] == "verbatim"
    claim = "サイバーセキュリティのミッションが10月に予定されている。"
    assert result(two, "check", claim)["quote"]["statement"] == BUNDLED
    elsewhere = result(two, "check", claim, *words)["quote"]
    assert elsewhere is None or elsewhere["statement"] == "town"
    assert result(two, "check", BRIDGE, "--from", "2023")["finding"] != "verbatim"


def test_a_filter_narrows_what_is_measured(two: Shutten, tmp_path: Path) -> None:
    path = written(tmp_path, ROWS)
    whole = result(two, "eval", path, "--system", "full", "--system", "dense")
    assert (whole["n"], whole["left_out"]) == (4, 0)
    narrow = result(
        two, "eval", path, "--system", "full", "--system", "dense", "--statement", "town"
    )
    assert (narrow["n"], narrow["left_out"], narrow["answerable"]) == (3, 1, 2)
    assert {row["id"] for row in narrow["questions"]} == {"bridge", "both", "beef"}
    passages = {row["passage"].partition(":")[0] for row in narrow["questions"][:2]}
    assert passages == {"town"}
    # Of the gold of `both`, only the fragment in the town counts, so it can be quoted whole.
    (both,) = (row for row in narrow["questions"] if row["id"] == "both")
    assert (both["several"], both["recall@3"]) == (False, 1.0)
    summary = two("eval", path, "--statement", "town").succeeded()
    assert "3 questions (1 left out: their gold is outside the filter)" in summary


def test_a_filter_narrows_what_is_measured_over_a_library(two: Shutten, tmp_path: Path) -> None:
    path = written(tmp_path, LIBRARY_ROWS)
    whole = result(two, "eval", "library", path, "--given")
    assert [(row["n"], row["left_out"]) for row in whole.values()] == [(3, 0), (3, 0)]
    narrow = result(two, "eval", "library", path, "--given", "--party", "France")
    assert [(row["n"], row["left_out"]) for row in narrow.values()] == [(2, 1), (2, 1)]
    assert (narrow["full"]["first"], narrow["full"]["statement"]) == (1.0, 1.0)
    table = two("eval", "library", path, "--to", "2020").succeeded()
    assert ["left_out", "1"] in [line.split() for line in table.splitlines()]


def test_a_set_of_which_nothing_is_left_is_an_error(two: Shutten, tmp_path: Path) -> None:
    message = "the only answer is in statements that the filter leaves out; widen it"
    for command, rows in ((("eval",), ROWS), (("eval", "library"), LIBRARY_ROWS)):
        path = written(tmp_path, [rows[1], rows[-1]])
        two(*command, path, "--to", "2020").refused(f"{path}: {message}")


def test_gold_that_is_nowhere_is_still_an_error(two: Shutten, tmp_path: Path) -> None:
    path = written(tmp_path, [ROWS[0], {"id": "a", "question": "?", "gold": ["空港を閉鎖"]}])
    two("eval", path, "--statement", "town").refused("question a: '空港を閉鎖' is in no sentence")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--statement", "tonw"), "there is no statement 'tonw'; did you mean 'town'?"),
        (("--from", "soon"), "from 'soon' is no date; write 2023, 2023-05 or 2023-05-26"),
        (("--from", "2023", "--to", "2020"), "from 2023 is after to 2020; exchange them"),
        (("--party", "Atlantis"), "no statement has the party 'Atlantis'; there are: FR"),
        (("--from", "2030"), "no statement fits the filter; there are 2 statements, dated 2020"),
    ],
)
def test_a_bad_filter_is_one_line(
    two: Shutten, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    two("check", BRIDGE, *words).refused(message)
    two("eval", written(tmp_path, ROWS), *words).refused(message)
    two("eval", "library", written(tmp_path, LIBRARY_ROWS), *words).refused(message)
