"""The page in a real browser: needs the `playwright` package and Chromium on the path."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages import (
    BOX,
    ENGLISH,
    HOSTILE,
    IN_VIEW,
    JAPANESE,
    UNANSWERABLE,
    Shelf,
    ask,
    sentences,
    texts,
)
from playwright.sync_api import Page, expect
from serving import ask_everywhere

from corpus.library import bundled_paths
from web.page.chat.turns import MAX_TURNS

LIST = "List every mission and meeting that is planned."


@pytest.mark.parametrize("question", [JAPANESE, ENGLISH])
def test_an_answer_is_quoted_and_highlighted(page: Page, question: str) -> None:
    ask(page, question)
    quotes = texts(page, "blockquote")
    assert quotes
    assert set(quotes) <= sentences()
    expect(page.locator('blockquote[lang="ja"]')).to_have_count(len(quotes))
    page.wait_for_function(IN_VIEW)
    assert set(texts(page, ".quoted")) == set(quotes)


@pytest.mark.parametrize("question", [JAPANESE, ENGLISH, LIST, UNANSWERABLE])
def test_the_page_shows_what_every_program_gets(
    page: Page, address: str, home: Path, question: str
) -> None:
    ask(page, question)
    links = page.locator(".answer blockquote ~ .cite a:first-child")
    for answer in ask_everywhere(address, home, question):
        quotes = answer["quotes"]
        assert sorted(texts(page, ".answer blockquote")) == sorted(one["text"] for one in quotes)
        # A list is shown in the order of its text: see `qa.answers.reading_order`.
        by_text = {one["text"]: one for one in quotes}
        quotes = [by_text[one] for one in texts(page, ".answer blockquote")]
        assert links.evaluate_all("all => all.map(e => e.hash)") == [
            "#passage-{passage}-{start}-{end}-{statement}".format(**one) for one in quotes
        ]
        marked = [
            one["text"][a - one["start"] : b - one["start"]]
            for one in quotes
            for a, b in one["marks"]
        ]
        assert texts(page, ".answer blockquote mark") == marked


def test_the_panel_is_the_statement(page: Page) -> None:
    text = bundled_paths()[0].read_text("utf-8")
    shown = "".join(texts(page, ".document"))
    assert "".join(shown.split()).replace("-", "") == "".join(text.split()).replace("-", "")
    assert set(texts(page, ".document .sentence")) == sentences()


def test_a_refusal_quotes_nothing_and_clears_the_panel(page: Page) -> None:
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


def test_an_older_citation_scrolls_again(page: Page) -> None:
    ask(page, JAPANESE)
    first = texts(page, "blockquote")[0]
    ask(page, "量子コンピュータについて何を決めましたか")
    page.wait_for_function(IN_VIEW)
    assert first not in texts(page, ".quoted")
    page.locator(".answer").first.locator("a").first.click()
    page.wait_for_function(IN_VIEW)
    assert first in texts(page, ".quoted")
    assert page.evaluate("location.hash") == ""


@pytest.mark.parametrize("question", HOSTILE)
def test_a_hostile_question_is_only_text(page: Page, question: str) -> None:
    ask(page, question)
    assert texts(page, ".asked") == [question]
    assert page.evaluate("window.hit") is None
    assert page.locator("#shutten-turns :is(img, script, form, iframe)").count() == 0
    assert set(texts(page, "blockquote")) <= sentences()


def test_a_hostile_statement_is_only_text(hostile_page: Page) -> None:
    page = hostile_page
    wanted = [
        span.of(Shelf().only.source.text) for one in Shelf().only.passages for span in one.sentences
    ]
    assert texts(page, ".document .sentence") == wanted
    ask(page, "q")
    assert texts(page, "blockquote") == wanted
    page.wait_for_function(IN_VIEW)
    assert texts(page, ".quoted") == wanted
    page.locator(".cite a").last.click()
    page.locator('button[value^="copy-"]').last.wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("window.hit") is None
    assert (
        page.locator(":is(#shutten-turns, #shutten-source) :is(img, script, form, b)").count() == 0
    )


def test_enter_while_composing_does_not_send(page: Page) -> None:
    page.fill(BOX, JAPANESE)
    press = """(box, composing) => {
      const about = { key: "Enter", code: "Enter", bubbles: true, cancelable: true };
      for (const type of ["keydown", "keypress", "keyup"]) {
        box.dispatchEvent(new KeyboardEvent(type, { ...about, isComposing: composing }));
      }
    }"""
    page.eval_on_selector(BOX, press, True)
    page.wait_for_timeout(700)
    expect(page.locator(".asked")).to_have_count(0)
    expect(page.locator(BOX)).to_have_value(JAPANESE)
    page.eval_on_selector(BOX, press, False)
    expect(page.locator(".asked")).to_have_count(1)


def test_an_input_method_composes_undisturbed(page: Page) -> None:
    page.focus(BOX)
    session = page.context.new_cdp_session(page)
    session.send(
        "Input.imeSetComposition", {"text": "はん", "selectionStart": 2, "selectionEnd": 2}
    )
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    session.send("Input.insertText", {"text": "半"})
    page.wait_for_timeout(500)
    expect(page.locator(BOX)).to_have_value("半")
    expect(page.locator(".asked")).to_have_count(0)


def test_shift_enter_is_a_new_line(page: Page) -> None:
    page.fill(BOX, "半導体")
    page.press(BOX, "Shift+Enter")
    expect(page.locator(BOX)).to_have_value("半導体\n")
    expect(page.locator(".asked")).to_have_count(0)


def test_an_example_is_asked_at_a_click(page: Page) -> None:
    page.locator(".offer:visible", has_text=JAPANESE).click()
    expect(page.locator(".answer")).to_have_count(1)
    assert texts(page, ".asked") == [JAPANESE]
    expect(page.locator(BOX)).to_have_value("")
    expect(page.locator(BOX)).to_be_focused()


def test_what_cannot_be_asked_is_said_and_kept(page: Page) -> None:
    page.press(BOX, "Enter")
    notice = page.locator("#shutten-notice p")
    expect(notice).to_have_text(
        "質問が空です。知りたいことを入力してください。", use_inner_text=True
    )
    page.fill(BOX, "あ" * 5000)
    excess = page.locator("#shutten-chat .excess")
    expect(excess).to_contain_text("5,000文字が入力されました。質問は2,000文字までです。")
    for send in (lambda: page.press(BOX, "Enter"), page.locator(".submit-button").click):
        send()
        page.wait_for_timeout(300)
        expect(page.locator(BOX)).to_have_value("あ" * 5000)
        expect(page.locator(".asked")).to_have_count(0)
    page.fill(BOX, "あ" * 2000)
    expect(excess).to_be_hidden()
    ask(page, JAPANESE)
    expect(notice).to_have_count(0)


def test_a_reload_keeps_the_turns_and_clearing_them_lasts(page: Page) -> None:
    ask(page, JAPANESE)
    ask(page, UNANSWERABLE)
    before = texts(page, "#shutten-turns .answer")
    page.reload()
    expect(page.locator(".answer")).to_have_count(2)
    assert texts(page, "#shutten-turns .answer") == before
    page.get_by_role("button", name=re.compile("消去|Clear")).click()
    expect(page.locator(".answer")).to_have_count(0)
    expect(page.locator(".quoted")).to_have_count(0)
    page.wait_for_timeout(300)
    page.reload()
    page.wait_for_selector(".document .sentence")
    page.wait_for_timeout(300)
    expect(page.locator(".answer")).to_have_count(0)


def test_a_long_conversation_goes_on_and_drops_its_first_turns(hostile_page: Page) -> None:
    page, sent = hostile_page, list[int]()
    page.on("request", lambda one: sent.append(len(one.post_data_buffer or b"")))
    for number in range(MAX_TURNS + 3):
        page.fill(BOX, f"question {number}")
        page.press(BOX, "Enter")
        expect(page.locator(".asked").last).to_have_text(f"question {number}")
        for kind in (".answer", ".asked"):
            expect(page.locator(kind)).to_have_count(min(number + 1, MAX_TURNS))
    assert texts(page, ".asked") == [f"question {number}" for number in range(3, MAX_TURNS + 3)]
    assert max(sent) < 5_000  # answers are not sent back


@pytest.mark.parametrize("options", [{"permissions": ["clipboard-read", "clipboard-write"]}])
def test_copying_gives_the_quote_and_where_it_stands(page: Page) -> None:
    ask(page, JAPANESE)
    page.locator('.quote button[value="copy-text"]').first.click()
    expect(page.locator(".done")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    quote, citation = copied.split("\n")
    assert quote == f"「{texts(page, 'blockquote')[0]}」"
    read = texts(page, ".cite a")[0]
    assert set(read.split(" · ")) <= set(citation.split(" · "))
    assert "文字目" in citation
    assert "文字目" not in read


@pytest.mark.parametrize(
    ("options", "placeholder"),
    [
        ({"locale": "ja-JP"}, "共同声明に質問する（言語は問いません）"),
        ({"locale": "en-GB"}, "Ask the statement, in any language"),
        ({"locale": "fr-FR"}, "Ask the statement, in any language"),
    ],
)
def test_the_page_speaks_the_language_of_the_browser(page: Page, placeholder: str) -> None:
    expect(page.locator(BOX)).to_have_attribute("placeholder", placeholder)
    japanese = placeholder.endswith("）")
    assert page.locator("#shutten-header p .ui-ja").is_visible() == japanese
    assert page.locator("#shutten-header p .ui-en").is_visible() != japanese
    assert page.locator("html").get_attribute("lang") == ("ja" if japanese else "en")


def test_a_turn_is_drawn_once_and_screen_readers_hear_it_when_it_comes(page: Page) -> None:
    log = page.get_by_role("log", name="質問と答え")
    expect(log).to_have_count(1)
    ask(page, JAPANESE)
    page.evaluate("document.querySelectorAll('.asked, .answer').forEach(e => { e.seen = true; })")
    ask(page, UNANSWERABLE)
    seen = "[...document.querySelectorAll('.asked, .answer')].map(e => e.seen === true)"
    assert page.evaluate(seen) == [True, True, False, False]
    assert texts(page, ".asked") == [JAPANESE, UNANSWERABLE]


def test_a_turn_that_did_not_reach_the_page_is_asked_for(page: Page) -> None:
    for question in (JAPANESE, UNANSWERABLE):
        ask(page, question)
    before = texts(page, ".asked, .answer")
    # As if Gradio had let go of the events that brought the first turn.
    page.evaluate("shutten.turns.show({ order: shutten.turns.shown().slice(2), new: {} })")
    assert texts(page, ".asked, .answer") == before[2:]
    page.evaluate("shutten.turns.show({ order: ['lost', ...shutten.turns.shown()], new: {} })")
    expect(page.locator(".asked")).to_have_count(2)
    assert texts(page, ".asked, .answer") == before


def test_a_phone_needs_no_sideways_scroll(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for question in (ENGLISH, UNANSWERABLE, "w" * 300):
        ask(page, question)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        wide = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length"
        assert page.eval_on_selector_all("#shutten-turns .log, .document", wide) == 0
    page.locator(".answer").first.locator("a").first.click()
    page.wait_for_function(IN_VIEW)


CONTRAST = """selectors => selectors.flatMap(s => [...document.querySelectorAll(s)]).map(e => {
  const parse = c => { const p = c.match(/[\\d.]+/g).map(Number); return p; };
  let under = e, back = [0, 0, 0, 0];
  while (under && !back[3] && back.length === 4) {
    back = parse(getComputedStyle(under).backgroundColor);
    if (back.length === 3) break;
    under = under.parentElement;
  }
  const light = c => {
    const [r, g, b] = c.slice(0, 3).map(v => v / 255)
      .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const [a, b] = [light(parse(getComputedStyle(e).color)), light(back)];
  return [e.className || e.tagName, (Math.max(a, b) + .05) / (Math.min(a, b) + .05)];
})"""


@pytest.mark.parametrize("options", [{"color_scheme": "light"}, {"color_scheme": "dark"}])
def test_everything_is_readable_in_both_modes(page: Page) -> None:
    ask(page, JAPANESE)
    ask(page, UNANSWERABLE)
    page.locator(".answer").first.locator("a").first.click()
    page.wait_for_selector(".quoted")
    page.wait_for_timeout(500)
    selectors = [".asked", "blockquote", ".cite a", ".note", ".silent", ".quoted", ".sentence"]
    selectors += [".marker", ".words", ".seal", "#shutten-header p", BOX]
    assert [one for one in selectors if page.locator(one).count() == 0] == []
    weak = [one for one in page.evaluate(CONTRAST, selectors) if not one[1] >= 4.5]
    assert weak == []
