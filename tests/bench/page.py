"""How long a reader waits: `make bench`, or this file with the number of questions.

In a real browser, prints as JSON the seconds of a first visit (empty cache) until the statement
can be read, and from Enter until the answer is drawn, once the model is warm.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from statistics import quantiles

from pages import BOX, CHROMIUM, FLAGS
from playwright.sync_api import Browser, Page, sync_playwright
from serving import free_port

import ui
from corpus.library import QUESTIONS
from corpus.questions import load_questions
from qa.assistant import Assistant

VISITS = 5
# Told by the browser itself: the second frame after the question and its answer are in the page.
TIMED = """question => new Promise(done => {
  const box = document.querySelector("#shutten-box textarea");
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
  const about = { key: "Enter", keyCode: 13, bubbles: true, cancelable: true };
  for (const type of ["keydown", "keypress", "keyup"]) {
    box.dispatchEvent(new KeyboardEvent(type, about));
  }
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
        took.append(float(page.evaluate(TIMED, question)))
        page.wait_for_timeout(100)
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
        finally:
            browser.close()
            server.close()
    figures = {
        "first visits": [round(one, 2) for one in visits],
        "Enter to answer": percentiles(took),
        "questions": len(took),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
