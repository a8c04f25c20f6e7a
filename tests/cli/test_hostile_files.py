"""Hostile files in a folder: a line for each, no request, bounded time and memory, nothing half."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from processes import memory_of_tree, start_python
from project import DATA

from index.building.checking import check
from index.store.local import LocalStore

pytestmark = pytest.mark.slow

PDFS = DATA / "documents" / "pdf"
MAX_SECONDS, MAX_MEMORY = 300.0, 1_800_000_000  # of all files together, on a busy machine


@pytest.fixture
def trap() -> Iterator[tuple[str, list[bytes]]]:
    """A server that nobody may call. Yields its address, and what it was sent."""
    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    calls.append(connection.recv(1000))
                    connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", calls
        server.shutdown(socket.SHUT_RDWR)


def bomb() -> bytes:
    """A Word file that would be 500 MB when it is unpacked."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(5):
                part.write(bytes(10**8))
    return packed.getvalue()


def many_pages(count: int) -> bytes:
    document, page = pypdfium2.PdfDocument.new(), pypdfium2.PdfDocument(PDFS / "ruby.pdf")
    for _ in range(count):
        document.import_pages(page)
    data = BytesIO()
    document.save(data)
    return data.getvalue()


def web_page(address: str) -> str:
    statement = "<p>両省は、水素と電池の分野における協力を一層強化することで一致した。</p>" * 3
    return (
        f'<html lang="ja"><head><script src="{address}/a.js"></script>'
        f'<link rel="stylesheet" href="{address}/a.css"><base href="{address}/"></head>'
        f"<body onload=\"fetch('{address}/b')\"><h1>共同声明</h1><main>{statement}"
        f'<img src="{address}/c.png"><iframe src="{address}/d"></iframe>'
        f'<object data="{address}/e"></object></main><script>alert(1)</script></body></html>'
    )


@pytest.fixture
def folder(tmp_path: Path, trap: tuple[str, list[bytes]]) -> Path:
    folder = tmp_path / "hostile"
    folder.mkdir()
    address, _ = trap
    javascript = (PDFS / "links-and-javascript.pdf").read_bytes()
    (folder / "bomb.docx").write_bytes(bomb())
    (folder / "objects.pdf").write_bytes((PDFS / "many-objects.pdf").read_bytes())
    (folder / "script.pdf").write_bytes(javascript)
    (folder / "page.html").write_text(web_page(address), "utf-8")
    (folder / "line.txt").write_text("両省は、協力する。" * 800_000, "utf-8")
    (folder / "line.html").write_text("<p>" + "両省は、協力する。" * 800_000, "utf-8")
    (folder / "pages.pdf").write_bytes(many_pages(500))
    (folder / "cut.pdf").write_bytes((PDFS / "cut.pdf").read_bytes())
    (folder / "noise.pdf").write_bytes(b"%PDF-1.7\n" + os.urandom(200_000))
    (folder / "nested.html").write_text("<div>" * 100_000 + "両省は、協力する。", "utf-8")
    (folder / "名前\n改行😀.pdf").write_bytes((PDFS / "annotations.pdf").read_bytes())
    with zipfile.ZipFile(folder / "paths.zip", "w") as archive:
        for name in ("../../../above.txt", "/root.txt", "a\nb.txt", "😀.txt"):
            archive.writestr(name, f"両市は、{len(name)}番目の橋の建設について一致した。\n")
    return folder


ADDED = {"objects", "script", "page", "pages", "名前-改行", "above", "root", "a-b"}


def test_each_has_a_line_and_nothing_else_happens(
    folder: Path, tmp_path: Path, trap: tuple[str, list[bytes]]
) -> None:
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    temporary.mkdir()
    started, most = time.monotonic(), 0
    with start_python(
        *("-m", "cli", "index", "add", folder, "--home", home),
        stderr=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(temporary), "PYTHONWARNINGS": "ignore"},
    ) as process:
        done = threading.Event()
        sizes: list[int] = [0]

        def watch() -> None:
            while not done.wait(0.2):
                sizes.append(memory_of_tree(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        out, errors = process.communicate(timeout=2 * MAX_SECONDS)
        done.set()
        watcher.join()
        most = max(sizes)
    assert process.returncode == 2, errors
    assert time.monotonic() - started < MAX_SECONDS
    assert most < MAX_MEMORY
    refused = [
        line.partition("not added: ")[2]
        for line in errors.replace("\r", "\n").splitlines()
        if "not added: " in line
    ]
    names = {Path(line.partition(": ")[0]).name for line in refused}
    with contextlib.closing(LocalStore(home)) as store:
        stored = set(store.statement_ids())
        assert check(store) == []
    assert stored >= ADDED
    assert names >= {"bomb.docx", "line.txt", "cut.pdf", "noise.pdf"}
    # Each file and each member of the archive was added, or has one line.
    assert len(stored) + len(refused) == 15
    assert "Traceback" not in errors + out
    # A library keeps a hidden file of its own.
    assert [path for path in temporary.iterdir() if not path.name.startswith(".")] == []
    assert trap[1] == []
    assert not (folder.parent / "above.txt").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "hostile", "tmp"]
