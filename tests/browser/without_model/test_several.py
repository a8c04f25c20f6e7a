"""With several statements the page names the statement that is shown, and counts all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from assistants import HOSTILE, MatchingAssistant, hostile_statement, served
from pages import IN_VIEW, NAME, NOTICE, ask, open_address, open_statement, opened, texts
from playwright.sync_api import Browser, Page, expect
from statements import statement_from

LONG = "\n\n".join(f"Paragraph {number} is about trade." for number in range(200))
ADA = f"Ada speaks.\n\n{LONG}\n\nThe end of Ada."
FIRST_SENTENCE = ".document .sentence >> nth=0"
ROWS = ".library .statement .open"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    assistant = MatchingAssistant(
        statement_from(ADA, "a b/c", title="Ada", date="2021-01-01"),
        statement_from("Bede speaks.", "b", title="ベーダ", title_en="Bede", date="2023-01-01"),
        statement_from("Cuthbert speaks.", "c"),
    )
    with served(assistant) as address:
        yield address


def test_the_first_screen_counts_the_statements_and_lists_them(page: Page) -> None:
    welcome = page.locator(".welcome .ui-en")
    expect(welcome).to_contain_text("3 statements answer")
    expect(welcome).not_to_contain_text("provisional")
    # The questions that are offered for the bundled statement are about another one.
    expect(page.locator("#shutten-turns .offer")).to_have_count(0)
    expect(page.locator(ROWS)).to_have_text(["Bede", "Ada", "c"])
    expect(page.locator(".library h2")).to_have_text(["2023", "2021", "Without a date"])
    expect(page.locator(".reader")).to_be_hidden()


def test_the_name_stays_in_view_and_is_that_of_the_statement_shown(page: Page) -> None:
    name = page.locator(NAME)
    ask(page, "The end of Ada")
    expect(name).to_have_text("Ada, 1 Jan 2021")
    page.wait_for_function(IN_VIEW)
    assert page.locator(".document").evaluate("e => e.scrollTop") > 1000
    expect(name).to_be_in_viewport(ratio=1)
    ask(page, "Cuthbert")
    expect(name).to_have_text("c")
    page.locator(".answer").first.locator(".cite a").first.click()
    expect(name).to_have_text("Ada, 1 Jan 2021")
    page.wait_for_function(IN_VIEW)


def test_a_statement_can_be_opened_and_the_address_opens_it(
    page: Page, browser: Browser, address: str
) -> None:
    open_statement(page, "a b/c")
    expect(page.locator(FIRST_SENTENCE)).to_have_text("Ada speaks.")
    assert page.evaluate("new URLSearchParams(location.search).get('s')") == "a b/c"
    with opened(browser, page.url, {"locale": "ja-JP"}, address) as other_page:
        name, first = other_page.locator(NAME), other_page.locator(FIRST_SENTENCE)
        expect(first).to_have_text("Ada speaks.")
        # The address opens its statement, although an earlier answer quotes another one.
        ask(other_page, "Bede")
        expect(name).to_have_text("ベーダ（2023年1月1日）")
        open_address(other_page, page.url)
        expect(other_page.locator(".answer")).to_have_count(1)
        expect(first).to_have_text("Ada speaks.")
        expect(name).to_have_text("Ada（2021年1月1日）")


@pytest.mark.parametrize("query", ["s=x", "s=b&s=x"])
def test_an_address_of_an_unknown_statement_gets_a_notice(
    browser: Browser, address: str, query: str
) -> None:
    with opened(browser, f"{address}?{query}", {"locale": "en-GB"}, address) as page:
        expect(page.locator(NOTICE)).to_contain_text("names is not here", use_inner_text=True)
        expect(page.locator(".library" if query == "s=x" else ".document")).to_be_visible()


def test_a_refusal_counts_the_statements(page: Page) -> None:
    ask(page, "Guthlac")
    expect(page.locator(".silent")).to_contain_text("in any of the 3 statements")


def test_a_single_statement_is_named_without_a_choice(browser: Browser) -> None:
    text = f"Bede speaks.\n\n{LONG}\n\nThe end."
    statement = statement_from(text, "b", title="Bede", date="2023-01-01")
    with (
        served(MatchingAssistant(statement)) as address,
        opened(browser, address, {"locale": "en-GB"}) as page,
    ):
        for selector in (NAME, ".library", ".back", "#shutten-statements", "#shutten-asking"):
            expect(page.locator(selector)).to_be_hidden()
        ask(page, "The end")
        page.wait_for_function(IN_VIEW)
        summary = page.locator("#shutten-source .about summary")
        expect(summary).to_have_text("Bede")
        expect(summary).to_be_in_viewport(ratio=1)
        ask(page, "Guthlac")
        expect(page.locator(".silent")).to_contain_text("Nothing was found that answers this.")


@pytest.mark.parametrize("locale", ["en-GB", "ja-JP"])
def test_no_title_acts_as_markup_in_the_list(browser: Browser, locale: str) -> None:
    hostile = hostile_statement()
    other = statement_from("Bede speaks.", HOSTILE[1], title=HOSTILE[2], status=HOSTILE[0])
    with (
        served(MatchingAssistant(hostile, other)) as address,
        opened(browser, address, {"locale": locale}) as page,
    ):
        assert set(texts(page, ROWS)) == {HOSTILE[0], HOSTILE[2]}
        for tick in page.locator(".statement input").all():
            tick.check()
        expect(page.locator("#shutten-asking .names")).to_contain_text(HOSTILE[0])
        ask(page, "Bede speaks")
        expect(page.locator(".asked-of")).to_contain_text(HOSTILE[2])
        expect(page.locator(NAME)).to_contain_text(HOSTILE[2])
        assert page.evaluate("window.hit") is None
