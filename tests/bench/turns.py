"""Measure several readers at once, each in a conversation of the page.

Run this file with READERS and TURNS. Each reader has a browser window on this machine, and asks a
question of the split `dev` as soon as the last one is answered. It prints as JSON the seconds from
Enter until the answer is drawn, of all turns and of the last third, and the memory of the server.
Folders of other checkouts may follow, to compare with. They are measured first, in the same run.

    PYTHONPATH=.:tests:tests/browser python tests/bench/turns.py 6 30
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

from page import PRESS_ENTER, SECONDS_TO_ANSWER, dev_questions
from pages import BOX, CHROMIUM, FLAGS
from playwright.async_api import Browser, async_playwright
from process import ROOT, running_server
from serving import free_port


async def converse(browser: Browser, address: str, number: int, turns: int) -> list[float]:
    """Return the seconds of each turn of one reader, whose number decides the questions."""
    questions, draw = dev_questions(), random.Random(number)
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    await page.goto(address)
    await page.wait_for_selector(".document .sentence")
    seconds = []
    for _ in range(turns):
        question = draw.choice(questions)
        await page.fill(BOX, question)
        await page.wait_for_timeout(150)
        seconds.append(float(await page.evaluate(SECONDS_TO_ANSWER, [PRESS_ENTER, question])))
        await page.wait_for_timeout(100)
    await context.close()
    return seconds


async def measure(checkout: Path, readers: int, turns: int) -> dict[str, object]:
    """Let all readers converse with the server of a checkout, and return the figures."""
    options = ["--port", str(free_port())]
    with (
        tempfile.TemporaryDirectory() as home,
        running_server(Path(home), *options, checkout=checkout) as server,
    ):
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            await converse(browser, server.address, readers, 1)  # the model is loaded now
            memory = [server.memory()]
            seconds = await asyncio.gather(
                *(converse(browser, server.address, number, turns) for number in range(readers))
            )
            memory.append(server.memory())
            await browser.close()
    all_turns = [second for reader in seconds for second in reader]
    last_third = [second for reader in seconds for second in reader[-turns // 3 :]]
    return {
        "checkout": str(checkout),
        "median": round(median(all_turns), 2),
        "p95": round(quantiles(all_turns, n=20)[18], 2),
        "median of the last third": round(median(last_third), 2),
        "MB before and after": memory,
    }


def main(readers: int = 6, turns: int = 30, *checkouts: str) -> None:
    """Measure one checkout after the other, and this one last."""
    for checkout in (*map(Path, checkouts), ROOT):
        print(json.dumps(asyncio.run(measure(checkout, readers, turns))), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])
