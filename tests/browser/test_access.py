"""The page for those who hear it, who use keys alone, or who choose the colours themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from pages import (
    BOX,
    ENGLISH,
    JAPANESE,
    UNANSWERABLE,
    Shelf,
    ask,
    open_measuring,
    opened,
    served,
    texts,
)
from playwright.sync_api import Browser, Page, expect

from corpus.records import Provenance

RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"),
    ]
}
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
    signs = "all => all.map(e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor])"
    marks = page.locator("blockquote mark").evaluate_all(signs)
    assert marks
    for ink, paper in marks:
        assert paper not in (ink, "rgba(0, 0, 0, 0)")
    line = "e => [getComputedStyle(e).borderBottomStyle, getComputedStyle(e).borderBottomColor]"
    chosen, other = [page.get_by_role("tab").nth(one).evaluate(line) for one in range(2)]
    assert chosen[0] == "solid"
    assert chosen != other


def ten_turns(page: Page) -> None:
    for question in (JAPANESE, ENGLISH, UNANSWERABLE) * 3:
        ask(page, question)
    ask(page, "List every mission and meeting that is planned.")


def refused(page: Page) -> None:
    ask(page, UNANSWERABLE)


def explained(page: Page) -> None:
    ask(page, JAPANESE)
    page.locator(".answer summary").click()
    page.locator(".about summary").click()


def picking(page: Page) -> None:
    ask(page, JAPANESE)
    page.locator('button[value="better"]').click()


def searching(page: Page) -> None:
    page.fill("#shutten-source .tools input", "半導体")


def cleared(page: Page) -> None:
    ask(page, JAPANESE)
    page.locator("#shutten-exports button").last.click()
    expect(page.locator("#shutten-undo")).to_be_visible()


def too_long(page: Page) -> None:
    page.fill(BOX, "あ" * 3000)


def before(page: Page) -> None:
    expect(page.locator(".welcome")).to_be_visible()


def zoomed(page: Page) -> None:
    page.set_viewport_size({"width": 640, "height": 400})
    ask(page, JAPANESE)


STATES = [before, ten_turns, refused, explained, picking, searching, cleared, too_long, zoomed]


def barriers(page: Page) -> list[tuple[str, list[object]]]:
    """What axe finds by its rules for WCAG 2.2 AA and of good practice."""
    page.wait_for_timeout(700)
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda one: one.__name__)
def test_nothing_bars_the_way(
    browser: Browser, address: str, state: Callable[[Page], None], scheme: str
) -> None:
    locale = "en-GB" if scheme == "dark" else "ja-JP"
    with opened(browser, address, {"color_scheme": scheme, "locale": locale}) as page:
        state(page)
        assert barriers(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_bars_the_way_to_the_results(
    browser: Browser, address: str, scheme: str, tmp_path: Path
) -> None:
    rows = [
        {"id": "b", "question": "量子について何を決めましたか", "gold": ["2023年5月26日、西村"]},
        {"id": "c", "question": UNANSWERABLE, "kind": "unanswerable", "gold": []},
    ]
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    with opened(browser, address, {"color_scheme": scheme, "locale": "en-GB"}) as page:
        open_measuring(page)
        assert barriers(page) == []
        page.locator("#shutten-trial input[type=file]").set_input_files(path)
        expect(page.locator("#shutten-trial")).to_contain_text("own")
        page.get_by_role("button", name="Measure your own").click()
        expect(page.locator("#shutten-figures")).to_contain_text("success@1", timeout=60_000)
        page.locator("#shutten-missed label").first.click()
        expect(page.locator("#shutten-why tr.right")).to_have_count(1)
        assert barriers(page) == []
        heads = page.locator("#shutten-why th").all_inner_texts()
        assert all(one.strip() for one in heads), heads


def test_nothing_bars_the_way_in_a_long_text(browser: Browser) -> None:
    text = "The Ministers met.\n\n" + "".join(f"- They agreed on item {n}.\n" for n in range(250))
    about = Provenance(title="Statement", date="2024-05-01")
    with (
        served(Shelf(text, about, 10)) as address,
        opened(browser, address, {"locale": "en-GB"}) as page,
    ):
        ask(page, "What was agreed?")
        assert barriers(page) == []
        assert page.locator("#shutten-source :is(button, a):not([tabindex='-1'])").count() < 6
