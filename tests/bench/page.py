"""How long a reader waits: `make bench`, or this file with the number of questions.

In a real browser, prints as JSON the seconds of a first visit (empty cache) until the statement
can be read; from Enter until the answer is drawn, once the model is warm; from a reload of thirty
turns until their questions can be read, and until all are answered; and in a text of 120,000
characters from the answer until its first quote is marked in view.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from statistics import quantiles

from pages import BOX, CHROMIUM, FLAGS, IN_VIEW
from playwright.sync_api import Browser, Page, sync_playwright
from serving import free_port
from shelves import PARAGRAPHS, Books, long_text, served, statement

import ui
from corpus.library import QUESTIONS
from corpus.question_sets import load_questions
from qa.assistant import Assistant
from web.page.chat.turns import MAX_TURNS

VISITS = 5
# Presses Enter with a script in the page, so that the browser's own clock measures the time.
ENTER = """() => {
  const box = document.querySelector("#shutten-box textarea");
  const about = { key: "Enter", keyCode: 13, bubbles: true, cancelable: true };
  for (const type of ["keydown", "keypress", "keyup"]) {
    box.dispatchEvent(new KeyboardEvent(type, about));
  }
}"""
# Told by the browser itself: the second frame after the question and its answer are in the page.
TIMED = """([enter, question]) => new Promise(done => {
  const answered = () => {
    const turns = [...document.querySelectorAll("#shutten-turns :is(.asked, .answer)")];
    return turns.at(-1)?.matches(".answer") && turns.at(-2).textContent === question;
  };
  const began = performance.now();
  const watch = new MutationObserver(() => {
    if (!answered()) return;
    watch.disconnect();
    const drawn = () => done((performance.now() - began) / 1000);
    requestAnimationFrame(() => requestAnimationFrame(drawn));
  });
  watch.observe(document, { subtree: true, childList: true });
  eval(enter)();
})"""

# Told at the first frame in which all questions, and then all answers, are in the page.
RELOADED = """count => {
  const there = selector => document.querySelectorAll(selector).length >= count;
  const look = () => {
    if (there("#shutten-early p") || there(".asked")) window.asked ??= performance.now() / 1000;
    if (there(".answer")) window.answered = performance.now() / 1000;
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
# Told at the first frame in which the quote is marked in view, counted from the answer.
MARKED = """([enter, view, count]) => new Promise(done => {
  let came = 0;
  const look = () => {
    if (document.querySelectorAll(".answer").length >= count) came ||= performance.now();
    const start = document.querySelector(".quoted.first")?.dataset.start;
    if (came && start !== window.last && eval(view)()) {
      window.last = start;
      done((performance.now() - came) / 1000);
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  eval(enter)();
})"""


def visit(browser: Browser, address: str) -> float:
    """Seconds until the statement is there, for somebody new."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    began = time.monotonic()
    page.goto(address)
    page.wait_for_selector(".document .sentence")
    took = time.monotonic() - began
    context.close()
    return took


def answers(page: Page, questions: list[str]) -> list[float]:
    """Seconds from Enter to each answer."""
    took = []
    for question in questions:
        page.fill(BOX, question)
        page.wait_for_timeout(150)
        took.append(float(page.evaluate(TIMED, [ENTER, question])))
        page.wait_for_timeout(100)
    return took


def reload(page: Page, count: int) -> dict[str, float]:
    """Seconds from a reload until its questions are there, and until they are answered."""
    page.add_init_script(f"({RELOADED})({count})")
    page.reload()
    page.wait_for_function("window.answered", timeout=300_000)
    found = page.evaluate("[asked, answered]")
    return dict(zip(("questions", "answers"), (round(one, 3) for one in found), strict=True))


def marks(browser: Browser) -> list[float]:
    """Seconds from each answer until its quote is marked in view, in a long text."""
    took = []
    with served(Books(statement("long", long_text()))) as address:
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector(".document .sentence")
        for count, number in enumerate(range(35, PARAGRAPHS, 70), 1):
            page.fill(BOX, f"number {number},")
            page.wait_for_timeout(150)
            took.append(float(page.evaluate(MARKED, [ENTER, IN_VIEW, count])))
        page.close()
    return took


def percentiles(took: list[float]) -> dict[str, float]:
    """Of seconds."""
    cuts = quantiles(took, n=20)
    return {"p50": round(cuts[9], 3), "p95": round(cuts[18], 3), "most": round(max(took), 3)}


def main(count: int = 100) -> None:
    """Run it."""
    path = QUESTIONS / "jucip-2023.jsonl"
    chosen = [one.text for one in load_questions(path) if one.split == "dev"][:count]
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server = ui.serve(Assistant.open(home), port=free_port())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            visits = [visit(browser, server.local_url) for _ in range(VISITS)]
            page = browser.new_page()
            page.goto(server.local_url)
            page.wait_for_selector(".document .sentence")
            answers(page, chosen[:5])
            took = answers(page, chosen)
            # Its last thirty questions are kept.
            again = reload(page, min(MAX_TURNS, len(took)))
            marked = marks(browser)
        finally:
            browser.close()
            server.close()
    figures = {
        "first visits": [round(one, 2) for one in visits],
        "Enter to answer": percentiles(took),
        "questions": len(took),
        "reload": again,
        "answer to mark in a long text": percentiles(marked),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
