"""The page in a real browser: needs the `playwright` package and Chromium on the path."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

import ui
from corpus.library import bundled_paths, load_statement
from corpus.parsing import parse
from corpus.records import Provenance, Source, Statement
from qa.answer import Answer, Quote
from qa.assistant import Assistant

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
JAPANESE = "半導体について何を確認しましたか"
ENGLISH = "What did they decide about quantum computing?"
UNANSWERABLE = "牛肉の関税は何パーセントですか"
HOSTILE = [
    "<img src=x onerror=window.hit=1> 半導体",
    "<script>window.hit=1</script>",
    "${window.hit=1} {{window.hit=1}} semiconductors",
    "$$x$$ 5*3*2 ~~x~~ **「引用」**です `code`",
    "![x](http://tracker.invalid/x.png) http://tracker.invalid",
    '</div></blockquote><form action="http://tracker.invalid"><button>x</button></form>',
    "[x](javascript:window.hit=1)  two  spaces",
]
BOX = "#shutten-box textarea"
IN_VIEW = """() => {
  const panel = document.querySelector(".document").getBoundingClientRect();
  const lit = [...document.querySelectorAll(".quoted, .near")].map(e => e.getBoundingClientRect());
  return lit.some(e => e.height > 0 && e.top >= panel.top && e.top < panel.bottom - 40);
}"""


class Shelf:
    """Answers every question with all of one hostile statement."""

    def __init__(self) -> None:
        text = "".join(f"- {line}。\n" for line in HOSTILE)
        source = Source('<img src=x onerror="window.hit=1">-1-2-${window.hit=1}', text.encode())
        about = Provenance(title=HOSTILE[0], date=HOSTILE[1], status=HOSTILE[2], language='"><b')
        self.only = Statement(source, about, parse(text))

    def statement(self, statement: str) -> Statement:
        assert statement == self.only.id
        return self.only

    def statement_ids(self) -> list[str]:
        return [self.only.id]

    def ask(self, question: str, history: list[str]) -> Answer:
        quotes = tuple(
            Quote.of(self.only, passage, span, 1.0)
            for passage in self.only.passages
            for span in passage.sentences
        )
        return Answer(question, "".join(HOSTILE), "answered", 1.0, "ja", quotes, (), 7)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    page = ui.serve(Assistant.open(tmp_path_factory.mktemp("home")), "127.0.0.1", free_port())
    yield str(page.local_url)
    page.close(verbose=False)


@pytest.fixture(scope="module")
def hostile_address() -> Iterator[str]:
    page = ui.serve(Shelf(), "127.0.0.1", free_port())
    yield str(page.local_url)
    page.close(verbose=False)


@pytest.fixture(scope="module")
def browser(address: str, hostile_address: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def options() -> dict[str, object]:
    return {"locale": "ja-JP"}


@pytest.fixture
def page(browser: Browser, address: str, options: dict[str, object]) -> Iterator[Page]:
    with opened(browser, address, options) as page:
        yield page


@pytest.fixture
def hostile_page(browser: Browser, hostile_address: str) -> Iterator[Page]:
    with opened(browser, hostile_address, {"locale": "ja-JP"}) as page:
        yield page


@contextmanager
def opened(browser: Browser, address: str, options: dict[str, object]) -> Iterator[Page]:
    """The page, which must ask nobody else for anything and must have no error in its console."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
    page = context.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    outside: list[str] = []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:", "blob:"))
            else outside.append(request.url)
        ),
    )
    page.goto(address)
    page.wait_for_selector(".document .sentence")
    yield page
    context.close()
    assert outside == []
    assert complaints == []


def ask(page: Page, question: str) -> None:
    before = page.locator(".answer").count()
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    expect(page.locator(".answer")).to_have_count(before + 1)


def sentences() -> set[str]:
    statement = load_statement(bundled_paths()[0])
    text = statement.source.text
    return {one.of(text) for passage in statement.passages for one in passage.sentences}


def texts(page: Page, selector: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all(selector, "all => all.map(e => e.textContent)")
    return found


@pytest.mark.parametrize("question", [JAPANESE, ENGLISH])
def test_an_answer_is_quoted_and_highlighted(page: Page, question: str) -> None:
    ask(page, question)
    quotes = texts(page, "blockquote")
    assert quotes
    assert set(quotes) <= sentences()
    expect(page.locator('blockquote[lang="ja"]')).to_have_count(len(quotes))
    page.wait_for_function(IN_VIEW)
    assert set(texts(page, ".quoted")) == set(quotes)


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
    expect(page.locator(".quoted, .near")).to_have_count(0)
    last.locator(".nearest a").first.click()
    page.wait_for_function(IN_VIEW)
    assert texts(page, ".near") == [texts(page, ".nearest .words")[0]]
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
    page.locator('a[href="#copy"]').last.wait_for()
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
    page.locator(".example", has_text=JAPANESE).click()
    expect(page.locator(".answer")).to_have_count(1)
    assert texts(page, ".asked") == [JAPANESE]


def test_what_cannot_be_asked_is_said_and_kept(page: Page) -> None:
    page.press(BOX, "Enter")
    notice = page.locator("#shutten-notice p")
    expect(notice).to_have_text(
        "質問が空です。知りたいことを入力してください。", use_inner_text=True
    )
    page.fill(BOX, "あ" * 2001)
    page.press(BOX, "Enter")
    expect(notice).to_contain_text("質問が長すぎます", use_inner_text=True)
    expect(page.locator(BOX)).to_have_value("あ" * 2001)
    expect(page.locator(".asked")).to_have_count(0)
    ask(page, JAPANESE)
    expect(notice).to_have_count(0)


def test_a_reload_keeps_the_turns_and_clearing_them_lasts(page: Page) -> None:
    ask(page, JAPANESE)
    ask(page, UNANSWERABLE)
    before = texts(page, "#shutten-turns .answer")
    page.reload()
    expect(page.locator(".answer")).to_have_count(2)
    assert texts(page, "#shutten-turns .answer") == before
    page.get_by_role("button", name=re.compile("クリア|Clear")).click()
    expect(page.locator(".answer")).to_have_count(0)
    expect(page.locator(".quoted")).to_have_count(0)
    page.wait_for_timeout(300)
    page.reload()
    page.wait_for_selector(".document .sentence")
    page.wait_for_timeout(300)
    expect(page.locator(".answer")).to_have_count(0)


@pytest.mark.parametrize("options", [{"permissions": ["clipboard-read", "clipboard-write"]}])
def test_copying_gives_the_quote_and_where_it_stands(page: Page) -> None:
    ask(page, JAPANESE)
    page.locator('.quote a[href="#copy"]').first.click()
    expect(page.locator("a.done")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    quote, citation = copied.split("\n")
    assert quote == texts(page, "blockquote")[0]
    assert citation == texts(page, ".cite a")[0]


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
    assert page.locator("#shutten-header .ui-ja").is_visible() == japanese
    assert page.locator("#shutten-header .ui-en").is_visible() != japanese
    assert page.locator("html").get_attribute("lang") == ("ja" if japanese else "en")


def test_screen_readers_hear_turns_and_not_their_html(page: Page) -> None:
    ask(page, JAPANESE)
    page.wait_for_function("!document.querySelector('#shutten-turns [data-testid][aria-label]')")


def test_a_phone_needs_no_sideways_scroll(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for question in (ENGLISH, UNANSWERABLE, "w" * 300):
        ask(page, question)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        wide = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length"
        assert page.eval_on_selector_all("#shutten-turns .panel-wrap, .document", wide) == 0
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
    weak = [one for one in page.evaluate(CONTRAST, selectors) if one[1] < 4.5]
    assert weak == []
