"""Several readers at once, each in a conversation of the page: this file with READERS and TURNS.

Each has a browser window of its own, all on this machine, and asks a question of `dev` as soon as
the last one is answered. Prints as JSON the seconds from Enter until the answer is drawn, of all
turns and of the last third, and the server's memory. Folders of other checkouts may follow, to
compare with: they are measured first, in the same run.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

from page import ENTER, TIMED
from pages import BOX, CHROMIUM, FLAGS
from playwright.async_api import Browser, async_playwright
from process import ROOT, serving
from serving import free_port

from corpus.library import QUESTIONS
from corpus.question_sets import load_questions


async def converse(browser: Browser, address: str, number: int, turns: int) -> list[float]:
    """Seconds of each turn of one reader, whose number decides what is asked."""
    path = QUESTIONS / "jucip-2023.jsonl"
    questions = [one.text for one in load_questions(path) if one.split == "dev"]
    draw = random.Random(number)
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    await page.goto(address)
    await page.wait_for_selector(".document .sentence")
    took = []
    for _ in range(turns):
        question = draw.choice(questions)
        await page.fill(BOX, question)
        await page.wait_for_timeout(150)
        took.append(float(await page.evaluate(TIMED, [ENTER, question])))
        await page.wait_for_timeout(100)
    await context.close()
    return took


async def measure(checkout: Path, readers: int, turns: int) -> dict[str, object]:
    """Let all converse with the server of a checkout."""
    options = ["--port", str(free_port())]
    with (
        tempfile.TemporaryDirectory() as home,
        serving(Path(home), *options, checkout=checkout) as server,
    ):
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            await converse(browser, server.address, readers, 1)  # warm
            sizes = [server.memory()]
            talks = [converse(browser, server.address, number, turns) for number in range(readers)]
            took = await asyncio.gather(*talks)
            sizes.append(server.memory())
            await browser.close()
    everything = [one for talk in took for one in talk]
    return {
        "checkout": str(checkout),
        "median": round(median(everything), 2),
        "p95": round(quantiles(everything, n=20)[18], 2),
        "median of the last third": round(
            median(one for talk in took for one in talk[-turns // 3 :]), 2
        ),
        "MB before and after": sizes,
    }


def main(readers: int = 6, turns: int = 30, *others: str) -> None:
    """Run it, one server after the other."""
    for checkout in (*map(Path, others), ROOT):
        print(json.dumps(asyncio.run(measure(checkout, readers, turns))), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])
