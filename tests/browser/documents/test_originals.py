"""The pages of a PDF open with the quoted words lit, on both pages of a quote that needs two."""

from __future__ import annotations

import io

import pytest
from pages import ask, broken_rules, open_statement, texts
from PIL import Image
from playwright.sync_api import Page, expect

OVER_PAGES = "貨物や技術が人権侵害に悪用されることを防ぐための取組について"
RUBY = "海洋協力に関する共同声明で、次回の会合はどこで開催されますか"
DIALOG, LIT = "dialog.original", "dialog.original .lit"
PHONE = {"width": 390, "height": 844}


def open_page(page: Page, question: str) -> None:
    """Ask a question, and open the page of the first quote."""
    ask(page, question)
    page.locator('.answer button[value="see-page"]').first.click()
    expect(page.locator(LIT).first).to_be_visible()
    page.wait_for_function(
        "[...document.querySelectorAll('dialog.original img')].every(i => i.naturalWidth > 0)"
    )


def test_the_place_names_the_page(page: Page) -> None:
    ask(page, OVER_PAGES)
    expect(page.locator(".answer .cite").first).to_contain_text("1～2ページ")


def test_a_quote_over_two_pages_lights_both(page: Page) -> None:
    open_page(page, OVER_PAGES)
    assert texts(page, f"{DIALOG} figcaption") == ["1ページ", "2ページ"]
    lit = page.evaluate(
        """[...document.querySelectorAll('dialog.original figure')]
           .map(figure => figure.querySelectorAll('.lit').length)"""
    )
    assert lit[0] == 1
    assert lit[1] >= 2


def test_the_light_is_on_the_words(page: Page) -> None:
    open_page(page, RUBY)
    box = page.locator(LIT).first
    box.scroll_into_view_if_needed()
    picture = Image.open(io.BytesIO(box.screenshot())).convert("RGB")
    colours = picture.getcolors(picture.width * picture.height) or []
    count = sum(number for number, _ in colours)
    yellow = sum(
        number for number, (red, green, blue) in colours if red > 200 and green > 170 and blue < 170
    )
    ink = sum(number for number, colour in colours if sum(colour) < 300)
    assert yellow > 0.4 * count
    assert ink > 0.03 * count
    # Words fill the box from end to end: there is ink near both ends.
    width, height = picture.size
    for part in ((0, 0, width // 6, height), (width - width // 6, 0, width, height)):
        assert min(sum(colour) for _, colour in picture.crop(part).getcolors(10**6) or []) < 350


def test_the_label_of_a_passage_opens_its_page(page: Page) -> None:
    open_statement(page, "table")
    labels = page.locator(".page-label")
    assert set(texts(page, ".page-label")) == {"1ページ"}
    labels.nth(3).click()
    expect(page.locator(LIT).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(DIALOG)).to_be_hidden()
    expect(labels.nth(3)).to_be_focused()


def test_the_dialog_closes_by_its_button_and_beside_it(page: Page) -> None:
    open_page(page, RUBY)
    page.get_by_role("button", name="閉じる").click()
    expect(page.locator(DIALOG)).to_be_hidden()
    page.locator('.answer button[value="see-page"]').first.click()
    expect(page.locator(LIT).first).to_be_visible()
    page.mouse.click(4, 4)
    expect(page.locator(DIALOG)).to_be_hidden()


def test_a_text_has_no_page_to_open(page: Page) -> None:
    open_statement(page, "jucip-english")
    expect(page.locator(".document .sentence").first).to_be_visible()
    expect(page.locator(".page-label")).to_have_count(0)


@pytest.mark.parametrize(
    "options",
    [
        {"locale": "en-GB", "color_scheme": scheme, "viewport": viewport}
        for scheme in ("light", "dark")
        for viewport in ({"width": 1280, "height": 800}, PHONE)
    ],
)
def test_no_rule_of_access_is_broken(page: Page) -> None:
    open_page(page, OVER_PAGES)
    assert broken_rules(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    assert broken_rules(page) == []
