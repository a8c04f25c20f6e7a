"""Where things stand: at large zoom, on narrow and wide screens, and when something changes."""

from __future__ import annotations

import pytest
from pages import BOX, ENGLISH, JAPANESE, UNANSWERABLE, Shelf, ask, boxes, opened, overlaps, served
from playwright.sync_api import Browser, Page, expect

from corpus.records import Provenance

# 1280 x 800 at 200 and 400 per cent; WCAG's own 320 x 256; a landscape phone; narrow and tall.
SHORT = [(640, 400, 2), (320, 200, 4), (320, 256, 4), (844, 390, 3)]
SIZES = [*SHORT, (320, 640, 2), (1280, 800, 1)]
PARTS = [
    *("#shutten-header header", "#shutten-tabs .tab-wrapper", ".asked", ".answer"),
    *("#shutten-exports", "#shutten-source .tools", ".about", ".document"),
]
LINES = """() => {  // of the first quote, wholly seen
  const words = document.querySelector("blockquote");
  const seen = document.querySelector('#shutten-turns [role="log"]').getBoundingClientRect();
  const box = document.querySelector("#shutten-box").getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(words);
  const covers = line => box.top < line.bottom && box.bottom > line.top;
  const lines = [...range.getClientRects()].filter(line => line.top >= Math.max(0, seen.top)
    && line.bottom <= Math.min(innerHeight, seen.bottom) && !covers(line));
  const count = all => new Set(all.map(line => Math.round(line.top / 8))).size;
  return [count(lines), count([...range.getClientRects()])];
}"""


@pytest.fixture
def options(request: pytest.FixtureRequest) -> dict[str, object]:
    width, height, zoom = getattr(request, "param", (1280, 800, 1))
    size = {"width": width, "height": height}
    return {"locale": "ja-JP", "viewport": size, "device_scale_factor": zoom}


@pytest.mark.parametrize("options", SIZES, indirect=True)
def test_nothing_overlaps_and_nothing_is_cut_off_at_the_side(page: Page) -> None:
    for question in ("", JAPANESE, UNANSWERABLE, "w" * 300):
        if question:
            ask(page, question)
        page.wait_for_timeout(300)
        width = page.evaluate("innerWidth")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wide = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className)"
        within = "#shutten-turns .log, .document, .about, .quote, .offers"
        assert page.eval_on_selector_all(within, wide) == []
        scrolls = page.locator("#shutten-turns .log").evaluate(
            "e => getComputedStyle(e).overflowY !== 'visible'"
        )
        # Turns that scroll within the chat reach beneath the box, where they are not seen.
        hidden = {".asked", ".answer"} if scrolls else set()
        found = boxes(page, *[one for one in PARTS if one not in hidden])
        assert overlaps(found) == []


@pytest.mark.parametrize(
    ("options", "least"),
    [((640, 400, 2), 3), ((320, 200, 4), 1), ((320, 256, 4), 2), ((1280, 800, 1), 3)],
    indirect=["options"],
)
def test_the_first_quote_is_seen_when_it_comes_and_is_read_by_scrolling(
    page: Page, least: int
) -> None:
    ask(page, ENGLISH)
    page.wait_for_timeout(800)
    seen, all_there_are = page.evaluate(LINES)
    assert seen >= min(least, all_there_are)
    top = page.locator(".asked").last.bounding_box()
    assert top
    assert 0 <= top["y"] < page.evaluate("innerHeight")


@pytest.mark.parametrize("options", SHORT, indirect=True)
def test_on_a_short_screen_the_page_scrolls_to_everything(page: Page) -> None:
    ask(page, JAPANESE)
    tall = page.locator("#shutten-turns [role='log']").evaluate(
        "e => e.scrollHeight <= e.clientHeight + 1"
    )
    assert tall
    for place in (".remarks button", BOX, "#shutten-source .tools input", ".document .first"):
        page.locator(place).last.scroll_into_view_if_needed()
        expect(page.locator(place).last).to_be_in_viewport()
    page.locator(".cite a").first.click()
    page.wait_for_timeout(900)
    expect(page.locator(".document .first").first).to_be_in_viewport()


@pytest.mark.parametrize("options", [(640, 400, 2)], indirect=True)
def test_the_question_box_stays_in_reach_where_there_is_room(page: Page) -> None:
    ask(page, JAPANESE)
    page.wait_for_timeout(600)
    expect(page.locator(BOX)).to_be_in_viewport()


@pytest.mark.parametrize("options", [(1920, 1080, 1), (1280, 800, 1), (390, 844, 3)], indirect=True)
def test_the_welcome_and_what_is_offered_begin_at_one_line(page: Page) -> None:
    edges = {
        round(box["left"])
        for _, box in boxes(page, ".welcome", ".offers p", ".offer", "#shutten-box", ".tab-wrapper")
    }
    assert len(edges) == 1, edges


@pytest.mark.parametrize("options", [(1280, 800, 1), (390, 844, 3)], indirect=True)
def test_copying_moves_nothing(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, JAPANESE)
    page.wait_for_timeout(900)
    watched = ["#shutten-box", ".document", ".about", ".quote", ".cite button", ".cite a"]
    before = boxes(page, *watched)
    for one in page.locator(".quote").first.locator(".cite button").all():
        one.click()
        expect(page.locator(".done")).not_to_have_count(0)
        assert boxes(page, *watched) == before
    expect(page.locator("#shutten-source .spoken")).to_have_text("コピーしました")


def test_a_text_that_turns_its_direction_turns_nothing_else(browser: Browser) -> None:
    title = "Statement \u202eof Kobe"  # and never turns it back
    text = f"{title}\n\nThe Ministers \u202ewill open a hydrogen centre in Kobe.\n"
    about = Provenance(title=title, date="2024-05-01", issuers=("A \u202eB",), venue="Kobe")
    with (
        served(Shelf(text, about)) as address,
        opened(browser, address, {"locale": "en-GB"}) as page,
    ):
        ask(page, "Where will the hydrogen centre open?")
        cite = page.locator(".quote").first.locator(".cite > *")
        order = cite.evaluate_all("all => all.map(e => e.getBoundingClientRect().left)")
        assert len(order) == 4
        assert order == sorted(order)
        # In a text that is turned the first letter of a word stands at its right.
        turned = """(e, from) => {
          const text = document.createTreeWalker(e, NodeFilter.SHOW_TEXT).nextNode();
          const at = place => {
            const r = document.createRange();
            r.setStart(text, place); r.setEnd(text, place + 1);
            return r.getBoundingClientRect().left;
          };
          return at(from) > at(from + 1);
        }"""
        assert page.locator("blockquote").first.evaluate(turned, 12) is True
        page.locator(".about summary").click()
        for plain in (".cite button", ".remarks button", ".about .facts bdi:last-child"):
            for one in page.locator(plain).all():
                expect(one).to_be_visible()
                assert one.evaluate(turned, 0) is False, plain
