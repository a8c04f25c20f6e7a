"""Answers on the page: quotes, refusals and citations, in the chat and in the statement."""

from __future__ import annotations

from pathlib import Path

import pytest
from assistants import HOSTILE, HostileAssistant, hostile_statement, served
from pages import (
    ENGLISH,
    IN_VIEW,
    JAPANESE,
    LIST,
    UNANSWERABLE,
    ask,
    bundled_sentences,
    opened,
    texts,
)
from playwright.sync_api import Browser, Page, expect
from serving import ask_everywhere
from statements import quotes_from

from corpus.library import bundled_paths


@pytest.mark.parametrize("question", [JAPANESE, ENGLISH])
def test_an_answer_quotes_sentences_and_highlights_them_in_the_statement(
    page: Page, question: str
) -> None:
    ask(page, question)
    quotes = texts(page, "blockquote")
    assert quotes
    assert set(quotes) <= bundled_sentences()
    expect(page.locator('blockquote[lang="ja"]')).to_have_count(len(quotes))
    page.wait_for_function(IN_VIEW)
    assert set(texts(page, ".quoted")) == set(quotes)


@pytest.mark.parametrize("question", [JAPANESE, ENGLISH, LIST, UNANSWERABLE])
def test_the_page_shows_the_answer_that_every_program_gets(
    page: Page, address: str, home: Path, question: str
) -> None:
    ask(page, question)
    links = page.locator(".answer blockquote ~ .cite a:first-child")
    for answer in ask_everywhere(address, home, question):
        shown = texts(page, ".answer blockquote")
        assert sorted(shown) == sorted(quote["text"] for quote in answer["quotes"])
        # The page shows a list in the order of its text: see `qa.answers.reading_order`.
        quotes = sorted(answer["quotes"], key=lambda quote: shown.index(quote["text"]))
        assert links.evaluate_all("all => all.map(e => e.hash)") == [
            "#passage-{passage}-{start}-{end}-{statement}".format(**quote) for quote in quotes
        ]
        assert texts(page, ".answer blockquote mark") == [
            quote["text"][start - quote["start"] : end - quote["start"]]
            for quote in quotes
            for start, end in quote["marks"]
        ]


def test_the_panel_shows_the_whole_statement(page: Page) -> None:
    def letters(text: str) -> str:
        return "".join(text.split()).replace("-", "")

    shown = "".join(texts(page, ".document"))
    assert letters(shown) == letters(bundled_paths()[0].read_text("utf-8"))
    assert set(texts(page, ".document .sentence")) == bundled_sentences()


def test_a_refusal_quotes_nothing_and_marks_the_nearest_passages(page: Page) -> None:
    ask(page, JAPANESE)
    page.wait_for_selector(".quoted")
    before = page.locator("blockquote").count()
    ask(page, UNANSWERABLE)
    last = page.locator(".answer").last
    expect(last.locator(".silent")).to_have_text("この声明では扱われていない事柄です。")
    expect(last.locator("blockquote")).to_have_count(0)
    expect(page.locator("blockquote")).to_have_count(before)
    expect(page.locator(".quoted")).to_have_count(0)
    nearest = texts(page, ".nearest .words")
    assert texts(page, ".near") == nearest[:1]
    page.wait_for_function(IN_VIEW)
    last.locator(".nearest a").nth(1).click()
    page.wait_for_function(IN_VIEW)
    assert texts(page, ".near") == nearest[1:2]
    expect(page.locator(".quoted")).to_have_count(0)


def test_a_citation_of_an_earlier_answer_leads_to_its_quote(page: Page) -> None:
    ask(page, JAPANESE)
    first = texts(page, "blockquote")[0]
    ask(page, "量子コンピュータについて何を決めましたか")
    page.wait_for_function(IN_VIEW)
    assert first not in texts(page, ".quoted")
    page.locator(".answer").first.locator("a").first.click()
    page.wait_for_function(IN_VIEW)
    assert first in texts(page, ".quoted")
    assert page.evaluate("location.hash") == ""


def test_a_quote_leads_to_its_place_and_its_words_can_be_selected(page: Page) -> None:
    ask(page, JAPANESE)
    first = texts(page, "blockquote")[0]
    ask(page, ENGLISH)
    assert first not in texts(page, ".quoted")
    quote = page.locator("blockquote", has_text=first[:20]).first
    quote.scroll_into_view_if_needed()
    box = quote.bounding_box()
    assert box
    page.mouse.move(box["x"] + 4, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 12)
    page.mouse.up()
    selection = page.evaluate("getSelection().toString()")
    assert selection
    assert selection in first
    assert first not in texts(page, ".quoted")
    page.evaluate("getSelection().removeAllRanges()")
    quote.click()
    page.wait_for_selector(".quoted")
    assert first in texts(page, ".quoted")


@pytest.mark.parametrize("question", HOSTILE)
def test_a_hostile_question_is_shown_as_text(page: Page, question: str) -> None:
    ask(page, question)
    assert texts(page, ".asked") == [question]
    assert page.evaluate("window.hit") is None
    assert page.locator("#shutten-turns :is(img, script, form, iframe)").count() == 0
    assert set(texts(page, "blockquote")) <= bundled_sentences()


def test_a_hostile_statement_is_shown_as_text(browser: Browser) -> None:
    sentences = [quote.text for quote in quotes_from(hostile_statement())]
    with (
        served(HostileAssistant()) as address,
        opened(browser, address, {"locale": "ja-JP"}) as page,
    ):
        assert texts(page, ".document .sentence") == sentences
        ask(page, "q")
        assert texts(page, "blockquote") == sentences
        page.wait_for_function(IN_VIEW)
        assert texts(page, ".quoted") == sentences
        page.locator(".cite a").last.click()
        page.locator('button[value^="copy-"]').last.wait_for()
        page.wait_for_timeout(300)
        assert page.evaluate("window.hit") is None
        added = page.locator(":is(#shutten-turns, #shutten-source) :is(img, script, form, b)")
        assert added.count() == 0


def test_a_turn_is_drawn_once_in_a_log_that_screen_readers_follow(page: Page) -> None:
    expect(page.get_by_role("log", name="質問と答え")).to_have_count(1)
    ask(page, JAPANESE)
    page.evaluate("document.querySelectorAll('.asked, .answer').forEach(e => { e.seen = true; })")
    ask(page, UNANSWERABLE)
    seen = "[...document.querySelectorAll('.asked, .answer')].map(e => e.seen === true)"
    assert page.evaluate(seen) == [True, True, False, False]
    assert texts(page, ".asked") == [JAPANESE, UNANSWERABLE]


def test_the_page_asks_for_a_turn_that_did_not_reach_it(page: Page) -> None:
    for question in (JAPANESE, UNANSWERABLE):
        ask(page, question)
    before = texts(page, ".asked, .answer")
    # The state as if Gradio had lost the events with the first turn.
    page.evaluate("shutten.turns.show({ order: shutten.turns.shown().slice(2), new: {} })")
    assert texts(page, ".asked, .answer") == before[2:]
    page.evaluate("shutten.turns.show({ order: ['lost', ...shutten.turns.shown()], new: {} })")
    expect(page.locator(".asked")).to_have_count(2)
    assert texts(page, ".asked, .answer") == before
