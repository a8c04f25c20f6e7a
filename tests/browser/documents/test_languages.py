"""What stands beside a quote in other words: the other language of a statement, and the gloss."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pages import ask, broken_rules, opened, texts
from playwright.sync_api import Browser, Page, expect
from serving import served

from qa.assistant import Assistant

CBPR = "グローバルCBPRフォーラムへの英国の参加表明について"
PHONE = {"width": 390, "height": 844}


def test_the_other_text_stands_beside_the_quote_and_is_none(page: Page) -> None:
    ask(page, CBPR)
    quoted = texts(page, ".answer blockquote.words")
    beside = texts(page, ".answer .beside .words")
    assert "2023年4月の英国による" in quoted[0]
    assert "April 2024" in beside[0]
    assert not set(quoted) & set(beside)
    expect(page.locator(".answer .beside .side").first).to_have_text("英語版では：")
    assert texts(page, ".answer .beside .differing")[:2] == [
        "引用文だけにあるもの：2023",
        "もう一方の言語だけにあるもの：2024",
    ]


def test_a_click_on_the_other_text_opens_it(page: Page) -> None:
    ask(page, CBPR)
    page.locator(".answer .beside .cite a").first.click()
    expect(page.locator(".document .sentence.near").first).to_contain_text("April 2024")


@pytest.mark.parametrize(
    "options",
    [
        {"locale": "en-GB", "color_scheme": scheme, "viewport": viewport}
        for scheme in ("light", "dark")
        for viewport in ({"width": 1280, "height": 800}, PHONE)
    ],
)
def test_no_rule_of_access_is_broken(page: Page) -> None:
    ask(page, CBPR)
    expect(page.locator(".answer .beside").first).to_be_visible()
    assert broken_rules(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture(scope="module")
def bundled_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(Assistant.open(tmp_path_factory.mktemp("bundled"))) as address:
        yield address


def test_the_gloss_is_for_readers_of_english(browser: Browser, bundled_address: str) -> None:
    with opened(browser, bundled_address, {"locale": "en-GB"}) as page:
        ask(page, "What was agreed on Open RAN?")
        glosses = page.locator(".answer .under.gloss")
        expect(glosses.first).to_contain_text("Unofficial gloss: ")
        assert glosses.count() == page.locator(".answer blockquote").count()
        expect(glosses.first.locator("bdi")).to_have_attribute("lang", "en")
        assert broken_rules(page) == []
        ask(page, "オープンRANについて何が合意されましたか")
        expect(page.locator(".answer").last.locator(".gloss")).to_have_count(0)


def test_no_copy_has_the_gloss(browser: Browser, bundled_address: str) -> None:
    options = {"locale": "en-GB", "permissions": ["clipboard-read", "clipboard-write"]}
    with opened(browser, bundled_address, options) as page:
        ask(page, "What was agreed on Open RAN?")
        page.locator('.answer button[value="copy-text"]').first.click()
        page.wait_for_function("navigator.clipboard.readText().then(text => text.length > 20)")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert texts(page, ".answer blockquote")[0] in copied
        assert "gloss" not in copied.casefold()
        assert "two ministries" not in copied
