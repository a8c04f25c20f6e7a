"""With several statements the page says which one is shown, and of how many it speaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pages import IN_VIEW, ask, opened
from playwright.sync_api import Browser, Page, expect
from shelves import Books, served, statement

LONG = "\n\n".join(f"Paragraph {number} is about trade." for number in range(200))
NAME = "#shutten-source select.name"
FIRST = ".document .sentence >> nth=0"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    books = Books(
        statement(
            "a b/c", f"Ada speaks.\n\n{LONG}\n\nThe end of Ada.", title="Ada", date="2021-01-01"
        ),
        statement("b", "Bede speaks.", title="ベーダ", title_en="Bede", date="2023-01-01"),
        statement("c", "Cuthbert speaks."),
    )
    with served(books) as address:
        yield address


@pytest.fixture
def options() -> dict[str, object]:
    return {"locale": "en-GB"}


def test_the_first_screen_speaks_of_all_and_names_the_one_it_shows(page: Page) -> None:
    expect(page.locator(".welcome .ui-en")).to_contain_text("3 statements answer")
    expect(page.locator(".welcome .ui-en")).not_to_contain_text("provisional")
    expect(page.locator("#shutten-turns .offer")).to_have_count(0)  # they ask about another
    expect(page.locator(f"{NAME} option")).to_have_text(
        ["Bede · 2023-01-01", "Ada · 2021-01-01", "c"]
    )
    expect(page.locator(NAME)).to_have_value("b")
    expect(page.locator(FIRST)).to_have_text("Bede speaks.")


def test_the_name_stays_in_view_and_follows_what_is_shown(page: Page) -> None:
    ask(page, "The end of Ada")
    expect(page.locator(NAME)).to_have_value("a b/c")
    page.wait_for_function(IN_VIEW)
    assert page.locator(".document").evaluate("e => e.scrollTop") > 1000
    expect(page.locator(NAME)).to_be_in_viewport(ratio=1)
    ask(page, "Cuthbert")
    expect(page.locator(NAME)).to_have_value("c")
    page.locator(".answer").first.locator(".cite a").first.click()
    expect(page.locator(NAME)).to_have_value("a b/c")
    page.wait_for_function(IN_VIEW)


def test_another_statement_is_chosen_and_the_address_opens_it(
    page: Page, browser: Browser, address: str
) -> None:
    page.select_option(NAME, "a b/c")
    expect(page.locator(FIRST)).to_have_text("Ada speaks.")
    assert page.evaluate("new URLSearchParams(location.search).get('s')") == "a b/c"
    with opened(browser, page.url, {"locale": "ja-JP"}, address) as other:
        expect(other.locator(FIRST)).to_have_text("Ada speaks.")
        expect(other.locator(f"{NAME} option").first).to_have_text("ベーダ · 2023-01-01")
        # What was asked before stays, and does not take the statement away.
        ask(other, "Bede")
        expect(other.locator(NAME)).to_have_value("b")
        other.goto(page.url)
        expect(other.locator(".answer")).to_have_count(1)
        expect(other.locator(FIRST)).to_have_text("Ada speaks.")
        expect(other.locator(NAME)).to_have_value("a b/c")


def test_a_statement_that_is_not_here_is_said(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}?s=x", {"locale": "en-GB"}, address) as page:
        notice = page.locator("#shutten-notice p")
        expect(notice).to_contain_text("names is not here", use_inner_text=True)
        expect(page.locator(NAME)).to_have_value("b")


def test_a_refusal_speaks_of_all_of_them(page: Page) -> None:
    ask(page, "Guthlac")
    expect(page.locator(".silent")).to_contain_text("in any of the 3 statements")


def test_one_statement_is_named_without_a_choice(browser: Browser) -> None:
    only = statement("b", f"Bede speaks.\n\n{LONG}\n\nThe end.", title="Bede", date="2023-01-01")
    with served(Books(only)) as address, opened(browser, address, {"locale": "en-GB"}) as page:
        expect(page.locator(NAME)).to_be_hidden()
        ask(page, "The end")
        page.wait_for_function(IN_VIEW)
        expect(page.locator("#shutten-source .about summary")).to_have_text("Bede")
        expect(page.locator("#shutten-source .about summary")).to_be_in_viewport(ratio=1)
        ask(page, "Guthlac")
        expect(page.locator(".silent")).to_contain_text("Nothing was found that answers this.")
