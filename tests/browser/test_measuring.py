"""The tab that measures question sets: figures, sets that cannot be used, and stopping."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import choose_file, measure, open_measuring, question_set, texts
from playwright.sync_api import Page, expect

OWN = "自分の質問集を評価する"
FIGURES, TROUBLE, TRIAL = "#shutten-figures", "#shutten-trouble", "#shutten-trial"
NO_FILE = "ファイルがありません"


def test_measuring_shows_figures_and_the_gold_sentence_of_a_failed_question(
    page: Page, tmp_path: Path
) -> None:
    open_measuring(page)
    measure(page, question_set(tmp_path), OWN)
    page.locator("#shutten-missed label", has_text="b · 量子").click()
    expect(page.locator("#shutten-why tr.right")).to_have_count(1)
    assert "2023年5月26日、西村" in texts(page, "#shutten-why tr.right td")[1]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("x.jsonl", "no json", "x.jsonl, line 1: not JSON"),
        ("x.txt", "What?", "x.txt: give a question set as .jsonl or .csv"),
        ("x", "What?", "x: give a question set as .jsonl or .csv"),
        ("x.csv", "question,gold\nq,words that stand nowhere\n", "is in no sentence"),
    ],
)
def test_a_set_that_cannot_be_used_is_refused_with_the_reason(
    page: Page, tmp_path: Path, name: str, text: str, reason: str
) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    open_measuring(page)
    choose_file(page, path)
    expect(page.locator(TRIAL)).to_contain_text(path.stem)
    for _ in range(2):  # no other set is measured instead, even at the second try
        page.get_by_role("button", name=OWN).click()
        expect(page.locator(TROUBLE)).to_contain_text(reason)
        page.wait_for_timeout(500)
        expect(page.locator(FIGURES)).to_have_text("")


def test_without_a_file_nothing_is_measured(page: Page) -> None:
    open_measuring(page)
    page.get_by_role("button", name=OWN).click()
    expect(page.locator(f"{TROUBLE} .ui-ja")).to_contain_text(NO_FILE)
    expect(page.locator(FIGURES)).to_have_text("")


def test_instead_of_a_file_that_is_too_large_nothing_is_measured(
    page: Page, tmp_path: Path
) -> None:
    path = tmp_path / "large.jsonl"
    path.write_bytes(b" " * (2 * 1024 * 1024 + 100_000))
    open_measuring(page)
    choose_file(page, path)
    page.wait_for_timeout(1000)
    page.get_by_role("button", name=OWN).click()
    expect(page.locator(f"{TROUBLE} .ui-ja")).to_contain_text(NO_FILE)
    expect(page.locator(FIGURES)).to_have_text("")


def test_measuring_can_be_stopped(page: Page) -> None:
    open_measuring(page)
    stop = page.get_by_role("button", name="中止")
    expect(stop).to_be_hidden()
    page.get_by_role("button", name="評価する", exact=True).click()
    stop.click()
    expect(page.locator(f"{TROUBLE} .ui-ja")).to_have_text("中止しました。")
    expect(stop).to_be_hidden()
    expect(page.locator(FIGURES)).to_have_text("")
