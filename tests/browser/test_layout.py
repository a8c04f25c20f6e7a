"""Where elements are: at large zoom, on narrow and wide screens, and after a change."""

from __future__ import annotations

import pytest
from assistants import FirstSentencesAssistant, served
from pages import (
    BOX,
    CLIPBOARD,
    ENGLISH,
    IN_VIEW,
    JAPANESE,
    SEARCH,
    UNANSWERABLE,
    ask,
    boxes,
    opened,
    overlaps,
)
from playwright.sync_api import Browser, Page, expect
from statements import statement_from

# 1280 x 800 at 200 and 400 per cent; WCAG's own 320 x 256; a landscape phone; narrow and tall.
SHORT = [(640, 400, 2), (320, 200, 4), (320, 256, 4), (844, 390, 3)]
SIZES = [*SHORT, (320, 640, 2), (390, 844, 3), (1280, 800, 1)]
PARTS = [
    *("#shutten-header header", "#shutten-tabs .tab-wrapper", ".asked", ".answer"),
    *("#shutten-exports", "#shutten-source .tools", ".about", ".document"),
]
# How many lines of the first quote are in view, and how many it has.
LINES = """() => {
  const log = document.querySelector('#shutten-turns [role="log"]').getBoundingClientRect();
  const box = document.querySelector("#shutten-box").getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(document.querySelector("blockquote"));
  const lines = [...range.getClientRects()];
  const covered = line => box.top < line.bottom && box.bottom > line.top;
  const inView = lines.filter(line => line.top >= Math.max(0, log.top)
    && line.bottom <= Math.min(innerHeight, log.bottom) && !covered(line));
  const count = lines => new Set(lines.map(line => Math.round(line.top / 8))).size;
  return [count(inView), count(lines)];
}"""
# Whether the letter at a place is to the right of the next one, as where the direction is reversed.
IS_REVERSED = """(e, place) => {
  const text = document.createTreeWalker(e, NodeFilter.SHOW_TEXT).nextNode();
  const left = place => {
    const r = document.createRange();
    r.setStart(text, place); r.setEnd(text, place + 1);
    return r.getBoundingClientRect().left;
  };
  return left(place) > left(place + 1);
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
        too_wide = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className)"
        blocks = "#shutten-turns .log, .document, .about, .quote, .offers"
        assert page.eval_on_selector_all(blocks, too_wide) == []
        log_scrolls = page.locator("#shutten-turns .log").evaluate(
            "e => getComputedStyle(e).overflowY !== 'visible'"
        )
        # Turns that scroll within the chat reach behind the box, where they are not visible.
        hidden = {".asked", ".answer"} if log_scrolls else set()
        elements = boxes(page, *[part for part in PARTS if part not in hidden])
        assert overlaps(elements) == []


@pytest.mark.parametrize(
    ("options", "least"),
    [((640, 400, 2), 3), ((320, 200, 4), 1), ((320, 256, 4), 2), ((1280, 800, 1), 3)],
    indirect=["options"],
)
def test_an_answer_comes_with_its_first_quote_in_view(page: Page, least: int) -> None:
    ask(page, ENGLISH)
    page.wait_for_timeout(800)
    in_view, lines = page.evaluate(LINES)
    assert in_view >= min(least, lines)
    question_box = page.locator(".asked").last.bounding_box()
    assert question_box
    assert 0 <= question_box["y"] < page.evaluate("innerHeight")


@pytest.mark.parametrize("options", SHORT, indirect=True)
def test_on_a_short_screen_the_whole_page_scrolls_to_everything(page: Page) -> None:
    ask(page, JAPANESE)
    log = page.locator("#shutten-turns [role='log']")
    assert log.evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    for selector in (".remarks button", BOX, SEARCH, ".document .first"):
        element = page.locator(selector).last
        element.scroll_into_view_if_needed()
        expect(element).to_be_in_viewport()
    page.locator(".cite a").first.click()
    page.wait_for_timeout(900)
    expect(page.locator(".document .first").first).to_be_in_viewport()


@pytest.mark.parametrize("options", [(390, 844, 3)], indirect=True)
def test_a_citation_on_a_phone_leads_to_its_quote(page: Page) -> None:
    ask(page, ENGLISH)
    page.locator(".cite a").first.click()
    page.wait_for_function(IN_VIEW)


@pytest.mark.parametrize("options", [(640, 400, 2)], indirect=True)
def test_the_question_box_stays_in_view_where_there_is_room(page: Page) -> None:
    ask(page, JAPANESE)
    page.wait_for_timeout(600)
    expect(page.locator(BOX)).to_be_in_viewport()


@pytest.mark.parametrize("options", [(1920, 1080, 1), (1280, 800, 1), (390, 844, 3)], indirect=True)
def test_the_welcome_the_offers_and_the_box_have_one_left_edge(page: Page) -> None:
    selectors = [".welcome", ".offers p", ".offer", "#shutten-box", ".tab-wrapper"]
    edges = {round(box["left"]) for _, box in boxes(page, *selectors)}
    assert len(edges) == 1, edges


@pytest.mark.parametrize("options", [(1280, 800, 1), (390, 844, 3)], indirect=True)
def test_copying_moves_no_element(page: Page) -> None:
    page.context.grant_permissions(CLIPBOARD)
    ask(page, JAPANESE)
    page.wait_for_timeout(900)
    selectors = ["#shutten-box", ".document", ".about", ".quote", ".cite button", ".cite a"]
    before = boxes(page, *selectors)
    for button in page.locator(".quote").first.locator(".cite button").all():
        button.click()
        expect(page.locator(".done")).not_to_have_count(0)
        assert boxes(page, *selectors) == before
    expect(page.locator("#shutten-source .spoken")).to_have_text("コピーしました")


def test_a_text_that_reverses_its_direction_reverses_no_other_text(browser: Browser) -> None:
    title = "Statement \u202eof Kobe"  # the override has no end
    statement = statement_from(
        f"{title}\n\nThe Ministers \u202ewill open a hydrogen centre in Kobe.\n",
        title=title,
        date="2024-05-01",
        issuers=("A \u202eB",),
        venue="Kobe",
    )
    with (
        served(FirstSentencesAssistant(statement)) as address,
        opened(browser, address, {"locale": "en-GB"}) as page,
    ):
        ask(page, "Where will the hydrogen centre open?")
        cite = page.locator(".quote").first.locator(".cite > *")
        lefts = cite.evaluate_all("all => all.map(e => e.getBoundingClientRect().left)")
        assert len(lefts) == 4
        assert lefts == sorted(lefts)
        assert page.locator("blockquote").first.evaluate(IS_REVERSED, 12) is True
        page.locator(".about summary").click()
        for selector in (".cite button", ".remarks button", ".about .facts bdi:last-child"):
            for element in page.locator(selector).all():
                expect(element).to_be_visible()
                assert element.evaluate(IS_REVERSED, 0) is False, selector
