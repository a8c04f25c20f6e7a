"""The page is written in the language of the browser, or in the one that the reader chooses."""

from __future__ import annotations

import pytest
from pages import BOX, CUT_CONNECTIONS, JAPANESE, ask, opened
from playwright.sync_api import Browser, Page, expect

PLACEHOLDERS = {
    "ja": "共同声明に質問する（言語は問いません）",
    "en": "Ask the statement, in any language",
}


@pytest.mark.parametrize(
    ("options", "language"),
    [({"locale": "ja-JP"}, "ja"), ({"locale": "en-GB"}, "en"), ({"locale": "fr-FR"}, "en")],
)
def test_the_page_is_in_the_language_of_the_browser_or_in_english(
    page: Page, language: str
) -> None:
    expect(page.locator(BOX)).to_have_attribute("placeholder", PLACEHOLDERS[language])
    for each in PLACEHOLDERS:
        shown = page.locator(f"#shutten-header p .ui-{each}").is_visible()
        assert shown == (each == language)
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_a_chosen_language_stays_after_a_reload(browser: Browser, address: str) -> None:
    with opened(browser, address, {"locale": "ja-JP"}, expected=CUT_CONNECTIONS) as page:
        ask(page, JAPANESE)
        page.get_by_role("button", name="English").click()
        expect(page.locator(BOX)).to_have_attribute("placeholder", PLACEHOLDERS["en"])
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator(".answer")).to_have_count(1)
        page.reload()
        expect(page.get_by_role("tab", name="Measure")).to_be_visible()
        page.get_by_role("button", name="日本語").click()
        expect(page.get_by_role("tab", name="評価")).to_be_visible()
