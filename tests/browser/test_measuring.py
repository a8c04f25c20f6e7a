"""The second tab in a real browser: question sets that run, that cannot be used, and stopping."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pages import JAPANESE, UNANSWERABLE, open_measuring, texts
from playwright.sync_api import Page, expect

OWN = "自分の質問集を評価する"


def test_measuring_shows_figures_and_why_a_question_failed(page: Page, tmp_path: Path) -> None:
    rows = [
        {"id": "a", "question": JAPANESE, "language": "ja", "gold": ["強力に連携していく"]},
        {
            "id": "b",
            "question": "量子について何を決めましたか",
            "language": "ja",
            "gold": ["2023年5月26日、西村"],
        },
        {"id": "c", "question": UNANSWERABLE, "kind": "unanswerable", "gold": []},
    ]
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    open_measuring(page)
    page.locator("#shutten-trial input[type=file]").set_input_files(path)
    expect(page.locator("#shutten-trial")).to_contain_text("own")
    page.get_by_role("button", name=OWN).click()
    expect(page.locator("#shutten-figures")).to_contain_text("success@1", timeout=60_000)
    page.locator("#shutten-missed label", has_text="b · 量子").click()
    expect(page.locator("#shutten-why tr.right")).to_have_count(1)
    assert "2023年5月26日、西村" in texts(page, "#shutten-why tr.right td")[1]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("x.jsonl", "no json", "x.jsonl, line 1: not JSON"),
        ("x.txt", "What?", "x.txt: give a question set as .jsonl or .csv"),
        ("x", "What?", "x: give a question set as .jsonl or .csv"),
        ("x.csv", "question,gold\nq,words that stand nowhere\n", "is in no sentence"),
    ],
)
def test_a_set_that_cannot_be_used_says_why(
    page: Page, tmp_path: Path, name: str, text: str, words: str
) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    open_measuring(page)
    page.locator("#shutten-trial input[type=file]").set_input_files(path)
    expect(page.locator("#shutten-trial")).to_contain_text(Path(name).stem)
    for _ in range(2):  # no other set is run instead, however often it is tried
        page.get_by_role("button", name=OWN).click()
        expect(page.locator("#shutten-trouble")).to_contain_text(words)
        page.wait_for_timeout(500)
        expect(page.locator("#shutten-figures")).to_have_text("")


def test_without_a_file_nothing_is_run(page: Page) -> None:
    open_measuring(page)
    page.get_by_role("button", name=OWN).click()
    expect(page.locator("#shutten-trouble .ui-ja")).to_contain_text("ファイルがありません")
    expect(page.locator("#shutten-figures")).to_have_text("")


def test_a_file_that_is_too_large_is_not_replaced_by_another_set(
    page: Page, tmp_path: Path
) -> None:
    path = tmp_path / "large.jsonl"
    path.write_bytes(b" " * (2 * 1024 * 1024 + 100_000))
    open_measuring(page)
    page.locator("#shutten-trial input[type=file]").set_input_files(path)
    page.wait_for_timeout(1000)
    page.get_by_role("button", name=OWN).click()
    expect(page.locator("#shutten-trouble .ui-ja")).to_contain_text("ファイルがありません")
    expect(page.locator("#shutten-figures")).to_have_text("")


def test_a_run_can_be_stopped(page: Page) -> None:
    open_measuring(page)
    stop = page.get_by_role("button", name="中止")
    expect(stop).to_be_hidden()
    page.get_by_role("button", name="評価する", exact=True).click()
    stop.click()
    expect(page.locator("#shutten-trouble .ui-ja")).to_have_text("中止しました。", timeout=30_000)
    expect(stop).to_be_hidden()
    expect(page.locator("#shutten-figures")).to_have_text("")
