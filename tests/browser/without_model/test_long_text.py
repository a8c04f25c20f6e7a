"""In a long statement the page jumps to a quote at once, and the text is sent once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from assistants import PARAGRAPHS, MatchingAssistant, long_text, served
from pages import IN_VIEW, ask, wait_for_statement
from playwright.sync_api import Page, expect
from statements import statement_from

# Keeps how the page scrolls: at once, or smoothly.
RECORD_SCROLLING = """() => {
  window.behaviors = [];
  const scroll = Element.prototype.scrollTo;
  Element.prototype.scrollTo = function (options) {
    if (options.behavior) behaviors.push(options.behavior);
    scroll.call(this, options);
  };
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    assert len(long_text()) > 120_000
    with served(MatchingAssistant(statement_from(long_text(), "long", title="Long"))) as address:
        yield address


@pytest.mark.parametrize(
    ("first", "second", "behavior"), [(3, PARAGRAPHS - 5, "instant"), (300, 302, "smooth")]
)
def test_the_page_jumps_to_a_distant_quote_and_scrolls_smoothly_to_a_near_one(
    page: Page, first: int, second: int, behavior: str
) -> None:
    ask(page, f"number {first},")
    page.wait_for_function(IN_VIEW)
    page.evaluate(RECORD_SCROLLING)
    ask(page, f"number {second},")
    expect(page.locator(".quoted")).to_contain_text(f"number {second},")
    page.wait_for_function(IN_VIEW)
    assert page.evaluate("behaviors") == [behavior]
    expect(page.locator(".quoted")).to_have_count(1)


def test_the_text_is_sent_once(page: Page) -> None:
    page.reload()
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    wait_for_statement(page)
    for number in (5, 600, 20):
        ask(page, f"number {number},")
        expect(page.locator(".quoted")).to_contain_text(f"number {number},")
    assert sum("/statement?" in url for url in urls) <= 1


def test_the_text_is_sent_again_only_after_it_has_changed(page: Page) -> None:
    tag = page.evaluate("fetch('statement?id=long').then(reply => reply.headers.get('etag'))")
    status = """tag => fetch('statement?id=long', {
      cache: "no-store", headers: { "If-None-Match": tag },
    }).then(reply => reply.status)"""
    assert page.evaluate(status, tag) == 304
    assert page.evaluate(status, '"other"') == 200
