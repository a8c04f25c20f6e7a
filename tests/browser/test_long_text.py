"""A long statement: the quote is reached in one jump, and the text is sent once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pages import IN_VIEW, ask
from playwright.sync_api import Page, expect
from shelves import PARAGRAPHS, Books, long_text, served, statement

SPY = """() => {
  window.ways = [];
  const scroll = Element.prototype.scrollTo;
  Element.prototype.scrollTo = function (about) {
    ways.push(about.behavior);
    scroll.call(this, about);
  };
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    assert len(long_text()) > 120_000
    with served(Books(statement("long", long_text(), title="Long"))) as address:
        yield address


@pytest.fixture
def options() -> dict[str, object]:
    return {"locale": "en-GB"}


@pytest.mark.parametrize(
    ("first", "second", "way"), [(3, PARAGRAPHS - 5, "instant"), (300, 302, "smooth")]
)
def test_far_away_is_jumped_to_and_near_is_scrolled_to(
    page: Page, first: int, second: int, way: str
) -> None:
    ask(page, f"number {first},")
    page.wait_for_function(IN_VIEW)
    page.evaluate(SPY)
    ask(page, f"number {second},")
    expect(page.locator(".quoted")).to_contain_text(f"number {second},")
    page.wait_for_function(IN_VIEW)
    assert page.evaluate("ways.filter(one => one)") == [way]
    expect(page.locator(".quoted")).to_have_count(1)


def test_the_text_is_sent_once(page: Page) -> None:
    page.reload()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_selector(".document .sentence")
    for number in (5, 600, 20):
        ask(page, f"number {number},")
        expect(page.locator(".quoted")).to_contain_text(f"number {number},")
    assert sum("/statement?" in url for url in asked) <= 1


def test_the_text_is_asked_for_again_only_where_it_changed(page: Page) -> None:
    tag = page.evaluate("fetch('statement?id=long').then(one => one.headers.get('etag'))")
    status = """tag => fetch('statement?id=long', {
      cache: "no-store", headers: { "If-None-Match": tag },
    }).then(one => one.status)"""
    assert page.evaluate(status, tag) == 304
    assert page.evaluate(status, '"other"') == 200
