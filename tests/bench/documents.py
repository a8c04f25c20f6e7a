"""Measure how PDFs of ten pages are read and added: pages a second, memory, and kills.

    PYTHONPATH=.:tests:tests/bench python tests/bench/documents.py

The PDFs are printed by Chromium from paragraphs of JSQuAD, with a header and page
numbers. They stay in `bench-report/documents`, and are not printed again.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from playwright.sync_api import sync_playwright
from processes import memory_of_tree, start_python
from project import BESIDE, ROOT

from corpus.formats.isolation import IsolatedReader
from index.building.checking import check
from index.store.local import LocalStore
from qa.evaluation.squad import paragraphs

SEED, FILES, PAGES, KILLS = 1, 300, 10, 5
PARAGRAPHS = 45  # some more than fill the pages
STYLE = """
@page { size: A4; margin: 28mm 25mm; @top-right { content: "仮訳"; font-size: 9pt }
        @bottom-center { content: "- " counter(page) " -"; font-size: 9pt } }
body { font: 12pt/2.2 "Noto Serif CJK JP", serif; } p { margin: 0 0 1em; text-indent: 1em }
"""


def make(folder: Path, texts: Path, files: int) -> None:
    """Print the PDFs that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [folder / f"statement-{number:03}.pdf" for number in range(files)]
    missing = [path for path in wanted if not path.exists()]
    if not missing:
        return
    words = [
        row["context"].partition("[SEP]")[2].strip() or row["context"]
        for path in sorted(texts.glob("jsquad*.json"))
        for *_, row in paragraphs(path)
    ]
    words = list(dict.fromkeys(words))
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page()
        for path in missing:
            drawn = random.Random(f"{SEED} {path.name}").sample(words, PARAGRAPHS)
            body = "".join(f"<p>{html.escape(each)}</p>" for each in drawn)
            title = f"<h1>第{path.stem[-3:]}回閣僚会合 共同声明</h1>"
            page.set_content(f"<meta charset=utf-8><style>{STYLE}</style>{title}{body}")
            page.pdf(path=path, page_ranges=f"1-{PAGES}", prefer_css_page_size=True)
        browser.close()


def pages_alone(paths: list[Path]) -> float:
    """Return how many pages a second PDFium alone gives the text of."""
    count, start = 0, time.perf_counter()
    for path in paths:
        document = pypdfium2.PdfDocument(path)
        for page in document:
            page.get_textpage().get_text_range()
        count += len(document)
        document.close()
    return count / (time.perf_counter() - start)


def pages_read(paths: list[Path]) -> float:
    """Return how many pages a second are read with layout and map, in a process of its own."""
    count, start = 0, time.perf_counter()
    with IsolatedReader() as reader:
        for path in paths:
            count += reader.read(path.read_bytes(), "pdf").document.details.pages
    return count / (time.perf_counter() - start)


@contextlib.contextmanager
def adding(folder: Path, home: Path) -> Iterator[subprocess.Popen[str]]:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = ("-m", "cli", "index", "add", folder, "--home", home)
    with start_python(*command, **quiet, env=os.environ | {"PYTHONWARNINGS": "ignore"}) as process:
        yield process


def add_all(folder: Path, home: Path) -> tuple[float, int]:
    """Add a folder to the end; return the seconds, and the most memory in bytes."""
    most, start = 0, time.perf_counter()
    with adding(folder, home) as process:
        while process.poll() is None:
            most = max(most, memory_of_tree(process.pid))
            time.sleep(0.1)
        assert process.returncode == 0, process.returncode
    return time.perf_counter() - start, most


def count(home: Path) -> tuple[int, list[str]]:
    """Return how many statements there are, and what is wrong with the data folder."""
    if not (home / "shutten.db").exists():
        return 0, []
    with contextlib.closing(LocalStore(home)) as store:
        return len(store.statement_ids()), check(store)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, default=BESIDE.parent / "bench")
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--kills", type=int, default=KILLS)
    options = parser.parse_args()
    folder = ROOT / "bench-report" / "documents"
    make(folder / "pdf", options.texts, options.files)
    paths = sorted((folder / "pdf").glob("*.pdf"))[: options.files]
    alone, read = pages_alone(paths[:40]), pages_read(paths[:40])
    figures: dict[str, object] = {
        "files": len(paths),
        "pages_a_second_pdfium_alone": round(alone, 1),
        "pages_a_second_read": round(read, 1),
    }
    print(json.dumps(figures), flush=True)
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    before, seconds = [0], 0.0
    for number in range(options.kills):
        start = time.perf_counter()
        with adding(folder / "pdf", home) as process:
            time.sleep(12 + 5 * number)
            process.send_signal(signal.SIGKILL)
        seconds += time.perf_counter() - start
        statements, problems = count(home)
        before.append(statements)
        assert not problems, problems
    rest, most = add_all(folder / "pdf", home)
    statements, problems = count(home)
    again, _ = add_all(folder / "pdf", home)
    figures |= {
        "statements_after_each_kill": before[1:],
        "statements": statements,
        "problems": problems,
        "seconds": round(seconds + rest, 1),
        "most_memory_mb": round(most / 1e6),
        "seconds_to_see_that_nothing_changed": round(again, 1),
    }
    (folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
