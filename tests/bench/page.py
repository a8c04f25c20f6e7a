"""Measure how long a reader waits: `make bench`, or run this file with the number of questions.

It uses a real browser, and prints as JSON the seconds

- of a first visit, with an empty cache, until the statement can be read;
- from Enter until the answer is drawn, once the model is loaded;
- from a reload of thirty turns until their questions can be read, and until all are answered;
- in a text of 120,000 characters, from the answer until its first quote is marked in view.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from statistics import quantiles

import serving
from assistants import PARAGRAPHS, MatchingAssistant, long_text, served
from pages import BOX, CHROMIUM, FLAGS, IN_VIEW, open_address
from playwright.sync_api import Browser, Page, sync_playwright
from statements import statement_from

from corpus.library import QUESTIONS
from corpus.question_sets import load_questions
from qa.assistant import Assistant
from web.page.chat.turns import MAX_TURNS

VISITS = 5
# A script of the page presses Enter, so that the clock of the browser measures the time.
PRESS_ENTER = """() => {
  const box = document.querySelector("#shutten-box textarea");
  const options = { key: "Enter", keyCode: 13, bubbles: true, cancelable: true };
  for (const type of ["keydown", "keypress", "keyup"]) {
    box.dispatchEvent(new KeyboardEvent(type, options));
  }
}"""
# The answer is drawn in the second frame after it has come.
SECONDS_TO_ANSWER = """([pressEnter, question]) => new Promise(resolve => {
  const isAnswered = () => {
    const turns = [...document.querySelectorAll("#shutten-turns :is(.asked, .answer)")];
    return turns.at(-1)?.matches(".answer") && turns.at(-2).textContent === question;
  };
  const start = performance.now();
  const observer = new MutationObserver(() => {
    if (!isAnswered()) return;
    observer.disconnect();
    const drawn = () => resolve((performance.now() - start) / 1000);
    requestAnimationFrame(() => requestAnimationFrame(drawn));
  });
  observer.observe(document, { subtree: true, childList: true });
  eval(pressEnter)();
})"""
# Sets the seconds of the first frame that has all questions, and of the first with all answers.
TIME_RELOAD = """count => {
  const has = selector => document.querySelectorAll(selector).length >= count;
  const look = () => {
    if (has("#shutten-early p") || has(".asked")) window.asked ??= performance.now() / 1000;
    if (has(".answer")) window.answered = performance.now() / 1000;
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
# From the first frame with the answer to the first with its quote in view.
SECONDS_TO_MARK = """([pressEnter, inView, count]) => new Promise(resolve => {
  let answered = 0;
  const look = () => {
    if (document.querySelectorAll(".answer").length >= count) answered ||= performance.now();
    const start = document.querySelector(".quoted.first")?.dataset.start;
    if (answered && start !== window.lastStart && eval(inView)()) {
      window.lastStart = start;
      resolve((performance.now() - answered) / 1000);
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  eval(pressEnter)();
})"""


def dev_questions() -> list[str]:
    """Return the questions of the split `dev`."""
    rows = load_questions(QUESTIONS / "jucip-2023.jsonl")
    return [row.text for row in rows if row.split == "dev"]


def seconds_of_visit(browser: Browser, address: str) -> float:
    """Return the seconds until a new reader can read the statement."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    start = time.monotonic()
    open_address(page, address)
    seconds = time.monotonic() - start
    context.close()
    return seconds


def seconds_to_answers(page: Page, questions: list[str]) -> list[float]:
    """Ask some questions, and return the seconds from Enter to each answer."""
    seconds = []
    for question in questions:
        page.fill(BOX, question)
        page.wait_for_timeout(150)
        seconds.append(float(page.evaluate(SECONDS_TO_ANSWER, [PRESS_ENTER, question])))
        page.wait_for_timeout(100)
    return seconds


def seconds_of_reload(page: Page, count: int) -> dict[str, float]:
    """Return the seconds from a reload until the questions are there, and until the answers are."""
    page.add_init_script(f"({TIME_RELOAD})({count})")
    page.reload()
    page.wait_for_function("window.answered", timeout=300_000)
    asked, answered = page.evaluate("[asked, answered]")
    return {"questions": round(asked, 3), "answers": round(answered, 3)}


def seconds_to_marks(browser: Browser) -> list[float]:
    """Return the seconds from each answer until its quote is marked in view, in a long text."""
    seconds = []
    with served(MatchingAssistant(statement_from(long_text(), "long"))) as address:
        page = browser.new_page()
        open_address(page, address)
        for count, number in enumerate(range(35, PARAGRAPHS, 70), 1):
            page.fill(BOX, f"number {number},")
            page.wait_for_timeout(150)
            seconds.append(float(page.evaluate(SECONDS_TO_MARK, [PRESS_ENTER, IN_VIEW, count])))
        page.close()
    return seconds


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Return the median, the 95th percentile and the longest."""
    cuts = quantiles(seconds, n=20)
    return {"p50": round(cuts[9], 3), "p95": round(cuts[18], 3), "longest": round(max(seconds), 3)}


def main(count: int = 100) -> None:
    """Measure everything, and print the figures."""
    questions = dev_questions()[:count]
    with (
        tempfile.TemporaryDirectory() as home,
        serving.served(Assistant.open(home)) as address,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser,
    ):
        visits = [seconds_of_visit(browser, address) for _ in range(VISITS)]
        page = browser.new_page()
        open_address(page, address)
        seconds_to_answers(page, questions[:5])  # the model is loaded now
        answers = seconds_to_answers(page, questions)
        # The page keeps the last thirty questions.
        reload = seconds_of_reload(page, min(MAX_TURNS, len(answers)))
        marks = seconds_to_marks(browser)
    figures = {
        "first visits": [round(seconds, 2) for seconds in visits],
        "Enter to answer": percentiles(answers),
        "questions": len(answers),
        "reload": reload,
        "answer to mark in a long text": percentiles(marks),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
