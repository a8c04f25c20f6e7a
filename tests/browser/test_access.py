"""The page with a screen reader or with keys alone, and by the rules of WCAG 2.2 AA."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from assistants import FirstSentencesAssistant, served
from pages import (
    BOX,
    ENGLISH,
    JAPANESE,
    LIST,
    SEARCH,
    UNANSWERABLE,
    ask,
    broken_rules,
    measure,
    open_measuring,
    opened,
    question_set,
)
from playwright.sync_api import Browser, Page, expect
from statements import statement_from

ROLES = ("button", "link", "tab", "textbox", "searchbox", "heading")


def accessible_elements(page: Page) -> list[tuple[str, str]]:
    """Return the role and the name of what Chromium shows to a screen reader."""
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
def test_everything_that_can_be_used_has_a_name(page: Page, send: str) -> None:
    assert ("button", send) in accessible_elements(page)
    ask(page, JAPANESE)
    elements = accessible_elements(page)
    assert [role for role, name in elements if not name.strip()] == []
    assert ("button", send) in elements


def test_each_turn_has_a_heading(page: Page) -> None:
    for question in (JAPANESE, UNANSWERABLE):
        ask(page, question)
        assert ("heading", question) in accessible_elements(page)


def test_actions_are_buttons_and_citations_are_links(page: Page) -> None:
    ask(page, JAPANESE)
    targets = page.locator("#shutten-turns a").evaluate_all("all => all.map(a => a.hash)")
    assert targets
    assert all(target.startswith("#passage-") for target in targets)
    actions = ("コピー", "違う", "BibTeX")
    roles = {role for role, name in accessible_elements(page) if name in actions}
    assert roles == {"button"}


def test_the_tab_key_stops_once_in_the_statement(page: Page) -> None:
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
    # After an answer the key stops at the passage that is quoted.
    ask(page, JAPANESE)
    page.wait_for_selector(".quoted")
    expect(page.locator('.passage:has(.first) .anchor[tabindex="0"]')).to_have_count(1)
    expect(stops).to_have_count(1)


def test_everything_can_be_done_with_keys_alone(page: Page) -> None:
    expect(page.locator(BOX)).to_be_focused()
    page.keyboard.type(JAPANESE)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_have_count(1)
    expect(page.locator(BOX)).to_be_focused()
    focused = """() => {
      const e = document.activeElement;
      return e.getAttribute("href")?.replace(/(#passage-).*/, "$1")
        ?? (e.id ? "#" + e.id : e.value || e.type) ?? "";
    }"""
    stops = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        stops.add(page.evaluate(focused))
    assert {"#passage-", "copy-text", "better", "search", "#shutten-language"} <= stops
    page.locator('button[value="better"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sentence.first")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".remarks .status")).to_contain_text("記録しました")
    expect(page.locator(".remarks .status")).to_be_focused()
    expect(page.locator(".sentence[tabindex]")).to_have_count(0)


def first_screen(page: Page) -> None:
    expect(page.locator(".welcome")).to_be_visible()


def ten_turns(page: Page) -> None:
    for question in (JAPANESE, ENGLISH, UNANSWERABLE) * 3:
        ask(page, question)
    ask(page, LIST)


def refusal(page: Page) -> None:
    ask(page, UNANSWERABLE)


def explained_confidence(page: Page) -> None:
    ask(page, JAPANESE)
    page.locator(".answer summary").click()
    page.locator(".about summary").click()


def choice_of_a_better_sentence(page: Page) -> None:
    ask(page, JAPANESE)
    page.locator('button[value="better"]').click()


def search(page: Page) -> None:
    page.fill(SEARCH, "半導体")


def cleared_conversation(page: Page) -> None:
    ask(page, JAPANESE)
    page.locator("#shutten-exports button").last.click()
    expect(page.locator("#shutten-undo")).to_be_visible()


def too_long_question(page: Page) -> None:
    page.fill(BOX, "あ" * 3000)


def zoomed(page: Page) -> None:
    page.set_viewport_size({"width": 640, "height": 400})
    ask(page, JAPANESE)


STATES = [
    *(first_screen, ten_turns, refusal, explained_confidence, choice_of_a_better_sentence),
    *(search, cleared_conversation, too_long_question, zoomed),
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_no_rule_is_broken_in_the_chat(coloured_page: Page, state: Callable[[Page], None]) -> None:
    state(coloured_page)
    assert broken_rules(coloured_page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_is_broken_in_the_results_of_a_question_set(
    browser: Browser, address: str, scheme: str, tmp_path: Path
) -> None:
    path = question_set(tmp_path)
    with opened(browser, address, {"color_scheme": scheme, "locale": "en-GB"}) as page:
        open_measuring(page)
        assert broken_rules(page) == []
        measure(page, path, "Measure your own")
        page.locator("#shutten-missed label").first.click()
        expect(page.locator("#shutten-why tr.right")).to_have_count(1)
        assert broken_rules(page) == []
        heads = page.locator("#shutten-why th").all_inner_texts()
        assert all(head.strip() for head in heads), heads


def test_no_rule_is_broken_in_a_long_statement(browser: Browser) -> None:
    text = "The Ministers met.\n\n" + "".join(f"- They agreed on item {n}.\n" for n in range(250))
    statement = statement_from(text, title="Statement", date="2024-05-01")
    with (
        served(FirstSentencesAssistant(statement, 10)) as address,
        opened(browser, address, {"locale": "en-GB"}) as page,
    ):
        ask(page, "What was agreed?")
        assert broken_rules(page) == []
        assert page.locator("#shutten-source :is(button, a):not([tabindex='-1'])").count() < 6
