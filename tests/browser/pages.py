"""What the browser tests share: opening the page, asking, and a hostile statement."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from serving import free_port

import ui
from corpus.library import bundled_paths, load_statement
from corpus.records import Provenance, Source, Statement
from corpus.segmentation.parsing import parse
from qa.answers.answer import Answer, Quote

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
    """Answers every question with all of one statement, or with its first sentences.

    Args:
        text: The statement; a hostile one when left out.
        about: What is known about it.
        most: So many sentences are quoted.
    """

    home = Path("nowhere")

    def __init__(self, text: str = "", about: Provenance | None = None, most: int = 12) -> None:
        name = "one" if text else '<img src=x onerror="window.hit=1">-1-2-${window.hit=1}'
        text = text or "".join(f"- {line}。\n" for line in HOSTILE)
        about = about or Provenance(
            title=HOSTILE[0], date=HOSTILE[1], status=HOSTILE[2], language='"><b'
        )
        self.only, self.most = Statement(Source(name, text.encode()), about, parse(text)), most

    def statement(self, statement: str) -> Statement:
        assert statement == self.only.id
        return self.only

    def statement_ids(self) -> list[str]:
        return [self.only.id]

    def retrieve(self, question: str, k: int = 3) -> list[Quote]:
        return list(self.ask(question, []).quotes[:k])

    def ask(self, question: str, history: list[str], k: int = 12) -> Answer:
        quotes = tuple(
            Quote.of(self.only, passage, span, 1.0)
            for passage in self.only.passages
            for span in passage.sentences
        )
        quotes = quotes[: self.most]
        return Answer(question, "".join(HOSTILE), "answered", 1.0, "ja", quotes, (), 7)


@contextmanager
def served(assistant: Shelf) -> Iterator[str]:
    """The address of a server with this assistant."""
    server = ui.serve(assistant, "127.0.0.1", free_port())
    try:
        yield str(server.local_url)
    finally:
        server.close()


@contextmanager
def opened(
    browser: Browser,
    address: str,
    options: dict[str, object],
    home: str = "",
    leaving: Sequence[str] = (),
) -> Iterator[Page]:
    """The page, which must ask nobody else for anything and must have no error in its console.

    Args:
        browser: What opens it.
        address: What is opened.
        options: Of the browser's context.
        home: Where the server is, if `address` says more than that.
        leaving: How complaints begin that Gradio may make of connections cut by leaving the page.
    """
    size = {"viewport": {"width": 1280, "height": 800}}
    context = browser.new_context(**{**size, **options})
    page = context.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # Two messages of Gradio's own scripts are no complaint: one of its component for files,
        # and one when the page is left while a stream of events is open.
        known = "Method not implemented.", "AbortError: BodyStreamBuffer was aborted"
        if message.type in ("error", "warning") and not message.text.startswith(known):
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    outside: list[str] = []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((home or address, "data:", "blob:"))
            else outside.append(request.url)
        ),
    )
    page.goto(address)
    page.wait_for_selector(".document .sentence")
    yield page
    context.close()
    assert outside == [], outside
    left = [one for one in complaints if not one.startswith(tuple(leaving))]
    assert left == [], left


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


def open_measuring(page: Page) -> None:
    page.get_by_role("tab").nth(1).click()
    expect(page.locator("#shutten-trial")).to_be_visible()


def boxes(page: Page, *selectors: str) -> list[tuple[str, dict[str, float]]]:
    """Where all that is seen of these stands on the page."""
    found: list[tuple[str, dict[str, float]]] = page.evaluate(
        """all => all.flatMap(s => [...document.querySelectorAll(s)].map(e => {
          const { left, top, right, bottom, width, height } = e.getBoundingClientRect();
          return [s, { left, top: top + scrollY, right, bottom: bottom + scrollY, width, height }];
        })).filter(([, box]) => box.width && box.height)""",
        list(selectors),
    )
    return found


def overlaps(found: list[tuple[str, dict[str, float]]]) -> list[tuple[str, str]]:
    """Which of them lie over one another by more than a pixel."""
    return [
        (first, second)
        for number, (first, a) in enumerate(found)
        for second, b in found[number + 1 :]
        if min(a["right"], b["right"]) - max(a["left"], b["left"]) > 1
        and min(a["bottom"], b["bottom"]) - max(a["top"], b["top"]) > 1
    ]
