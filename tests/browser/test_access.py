"""The page for those who hear it, who use keys alone, or who choose the colours themselves."""

from __future__ import annotations

import pytest
from pages import ENGLISH, JAPANESE, UNANSWERABLE, ask, texts
from playwright.sync_api import Page, expect

ROLES = ("button", "link", "tab", "textbox", "searchbox", "heading")


def heard(page: Page) -> list[tuple[str, str]]:
    """Role and name of what a screen reader gets from Chromium."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node.get("ignored") and node["role"]["value"] in ROLES
    ]


@pytest.mark.parametrize(
    ("options", "send"),
    [({"locale": "ja-JP"}, "質問を送る"), ({"locale": "en-GB"}, "Send the question")],
)
def test_all_that_can_be_used_has_a_name(page: Page, send: str) -> None:
    assert ("button", send) in heard(page)
    ask(page, JAPANESE)
    assert [one for one in heard(page) if not one[1].strip()] == []
    assert ("button", send) in heard(page)


def test_each_turn_has_a_heading(page: Page) -> None:
    for question in (JAPANESE, UNANSWERABLE):
        ask(page, question)
        assert ("heading", question) in heard(page)


def test_what_is_done_is_a_button_and_what_leads_somewhere_a_link(page: Page) -> None:
    ask(page, JAPANESE)
    links = page.locator("#shutten-turns a")
    assert all(one.startswith("#passage-") for one in links.evaluate_all("e => e.map(a => a.hash)"))
    roles = [role for role, name in heard(page) if name in ("コピー", "違う", "BibTeX")]
    assert roles
    assert set(roles) == {"button"}


def test_the_places_of_a_statement_are_one_stop_for_the_tab_key(page: Page) -> None:
    stops = page.locator('.anchor[tabindex="0"]')
    expect(stops).to_have_count(1)
    assert page.locator(".anchor").count() > 10
    stops.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    second = page.locator(".passage:not(.heading) .anchor").nth(1)
    expect(second).to_be_focused()
    expect(stops).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator(".document :focus")).to_have_count(0)
    # After an answer it is the place that is quoted.
    ask(page, JAPANESE)
    page.wait_for_selector(".quoted")
    expect(page.locator('.passage:has(.first) .anchor[tabindex="0"]')).to_have_count(1)
    expect(stops).to_have_count(1)


def test_a_quote_leads_to_its_place_and_its_words_can_be_selected(page: Page) -> None:
    ask(page, JAPANESE)
    first = texts(page, "blockquote")[0]
    ask(page, ENGLISH)
    assert first not in texts(page, ".quoted")
    words = page.locator("blockquote", has_text=first[:20]).first
    words.scroll_into_view_if_needed()
    box = words.bounding_box()
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 12)
    page.mouse.up()
    assert page.evaluate("getSelection().toString()") in first
    assert page.evaluate("getSelection().toString()")
    assert first not in texts(page, ".quoted")
    page.evaluate("getSelection().removeAllRanges()")
    words.click()
    page.wait_for_selector(".quoted")
    assert first in texts(page, ".quoted")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_own_colours_keep_the_quote_and_the_open_tab_visible(page: Page, scheme: str) -> None:
    ask(page, JAPANESE)
    page.wait_for_selector(".quoted")
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    back = "e => getComputedStyle(e).backgroundColor"
    quoted = page.locator(".quoted").first.evaluate(back)
    assert quoted not in ("rgba(0, 0, 0, 0)", page.locator(".document").evaluate(back))
    line = "e => [getComputedStyle(e).borderBottomStyle, getComputedStyle(e).borderBottomColor]"
    chosen, other = [page.get_by_role("tab").nth(one).evaluate(line) for one in range(2)]
    assert chosen[0] == "solid"
    assert chosen != other
