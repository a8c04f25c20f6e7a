"""On paper the page is the conversation without the statement."""

from __future__ import annotations

import re

from assistants import FirstSentencesAssistant, served
from pages import BOX, JAPANESE, UNANSWERABLE, ask, opened, texts
from playwright.sync_api import Browser, Page, expect
from statements import statement_from

PRINTED = [".asked", "blockquote", ".cite a", ".about .facts"]
OMITTED = [BOX, ".document", ".remarks", ".cite button", "#shutten-exports", "[role='tab']"]
# The classes of elements around the conversation that scroll, and so cut it off on paper.
SCROLLING = """() => [...document.querySelectorAll(".answer, .asked")].flatMap(e => {
  const classes = [];
  for (let up = e.parentElement; up; up = up.parentElement) {
    const clips = getComputedStyle(up).overflowY !== "visible";
    if (clips && up.scrollHeight > up.clientHeight + 1 && up !== document.documentElement
      && up !== document.body) classes.push(up.className);
  }
  return classes;
})"""


def sheets(page: Page) -> int:
    """Return on how many sheets of A4 the page is printed."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


def test_one_answer_takes_one_sheet(page: Page) -> None:
    ask(page, JAPANESE)
    page.wait_for_timeout(900)
    assert sheets(page) == 1
    page.emulate_media(media="print")
    for selector in PRINTED:
        expect(page.locator(selector).first).to_be_visible()
    for selector in OMITTED:
        expect(page.locator(selector).first).to_be_hidden()


def test_a_conversation_is_printed_to_its_end(page: Page) -> None:
    for question in (JAPANESE, UNANSWERABLE, "輸出管理ではどのような協力をしますか"):
        ask(page, question)
    assert 1 <= sheets(page) <= 4
    page.emulate_media(media="print")
    assert page.evaluate(SCROLLING) == []
    assert len(texts(page, ".asked")) == 3


def test_a_long_statement_is_not_printed(browser: Browser) -> None:
    text = "The Ministers met.\n\n" + "".join(f"- They agreed on item {n}.\n" for n in range(1500))
    with (
        served(FirstSentencesAssistant(statement_from(text, title="Statement"), 3)) as address,
        opened(browser, address, {"locale": "en-GB"}) as page,
    ):
        ask(page, "What was agreed?")
        assert len(texts(page, "blockquote")) == 3
        assert sheets(page) == 1
