"""What is new: each quote beside the nearest sentence of the earlier statement."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pages import CLIPBOARD, NAME, ask, boxes, broken_rules, texts
from playwright.sync_api import Page, expect

QUESTION = "What is new in the 2024 U.S.-Chile statement on hydrogen pipelines?"
LATER = "They will double the joint fund for hydrogen pipelines to 80 million dollars"
EARLIER = "They welcomed a joint fund of 40 million dollars for hydrogen pipelines"
SIDES = ".sides:has(blockquote)"
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize(
    ("width", "columns"), [(1440, True), (1280, True), (820, True), (390, False), (320, False)]
)
def test_they_stand_side_by_side_or_one_under_the_other(
    page: Page, width: int, columns: bool
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    ask(page, QUESTION)
    expect(page.locator(f"{SIDES} .quote")).to_have_count(2)
    (_, left), (_, right) = boxes(page, f"{SIDES} .quote")
    if columns:
        assert left["right"] < right["left"]
        assert left["top"] == pytest.approx(right["top"], abs=1)
        assert left["width"] == pytest.approx(right["width"], abs=1)
    else:
        assert left["bottom"] < right["top"]
        assert left["left"] == pytest.approx(right["left"], abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    "options",
    [
        {"locale": "en-GB", "color_scheme": scheme, "viewport": viewport}
        for scheme in ("light", "dark")
        for viewport in ({"width": 1280, "height": 800}, PHONE)
    ],
)
def test_no_rule_of_access_is_broken(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator(SIDES)).to_have_count(1)
    assert broken_rules(page) == []


@pytest.mark.parametrize("options", [{"locale": "en-GB"}, {"locale": "en-GB", "viewport": PHONE}])
@pytest.mark.parametrize("part", [".words", ".cite a"])
def test_a_click_on_either_opens_its_passage(page: Page, part: str) -> None:
    ask(page, QUESTION)
    for side, words, day, kind in (
        (".counterpart", EARLIER, "7 Sep 2022", "near"),
        (".quote:not(.counterpart)", LATER, "11 Mar 2024", "quoted"),
    ):
        page.locator(f"{SIDES} {side} {part}").click()
        expect(page.locator(NAME)).to_have_text(f"U.S.-Chile joint statement, {day}")
        first = page.locator(".document .first")
        expect(first).to_contain_text(words)
        expect(first).to_be_in_viewport()
        assert texts(page, f".document .{kind}") == texts(page, ".document .first")


@pytest.mark.parametrize("options", [{"locale": "en-GB", "permissions": CLIPBOARD}])
def test_either_is_copied_with_its_own_citation(page: Page) -> None:
    ask(page, QUESTION)
    for side, words, name in (
        (".counterpart", EARLIER, "us-chile-2022-09-07"),
        (".quote:not(.counterpart)", LATER, "us-chile-2024-03-11"),
    ):
        button = page.locator(f'{SIDES} {side} button[value="copy-text"]')
        button.click()
        expect(page.locator(f"{SIDES} {side} .done")).to_have_count(1)
        quote, citation = page.evaluate("navigator.clipboard.readText()").splitlines()
        assert words in quote
        assert name in citation


@pytest.mark.parametrize(
    ("options", "question", "headings"),
    [
        (
            {"locale": "en-GB"},
            QUESTION,
            ["In the later statement:", "Nearest in the earlier statement:"],
        ),
        (
            {"locale": "ja-JP"},
            "2022年と2024年の米チリ共同声明で、水素の基金はどう変わりましたか",
            ["新しい声明の文：", "以前の声明で最も近い文："],
        ),
    ],
)
def test_both_sides_are_named_and_survive_a_reload(
    page: Page, question: str, headings: list[str]
) -> None:
    ask(page, question)
    for _ in range(2):
        expect(page.locator(f"{SIDES} .side")).to_have_text(headings)
        expect(page.locator(f"{SIDES} .counterpart .words")).to_contain_text(EARLIER)
        expect(page.locator(f"{SIDES} .counterpart blockquote")).to_have_count(0)
        page.reload()


def test_both_are_exported(page: Page, tmp_path: Path) -> None:
    ask(page, QUESTION)
    files = {}
    for form in ("JSON", "Markdown"):
        with page.expect_download() as download:
            page.locator("#shutten-exports button", has_text=form).click()
        download.value.save_as(tmp_path / form)
        files[form] = (tmp_path / form).read_text("utf-8")
    (answer,) = json.loads(files["JSON"])["answers"]
    assert EARLIER in answer["quotes"][0]["counterpart"]["text"]
    assert files["Markdown"].index(LATER) < files["Markdown"].index(EARLIER)
    assert "\nNearest in the earlier statement:\n" in files["Markdown"]


def test_other_answers_have_no_sides(page: Page) -> None:
    ask(page, "What is said about hydrogen pipelines?")
    expect(page.locator("blockquote").first).to_be_visible()
    expect(page.locator(":is(.sides, .side, .counterpart)")).to_have_count(0)
