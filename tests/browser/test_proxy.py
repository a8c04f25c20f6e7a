"""Two servers behind a real nginx, with the settings of `deploy/nginx.conf`.

It runs where there is nginx: `python -m pytest -m nginx tests/browser`.
"""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from clock import wait_until
from pages import CUT_CONNECTIONS, ENGLISH, FAILED_REQUESTS, ask, opened, texts
from playwright.sync_api import Browser, expect
from ports import free_port
from process import Server, running_server
from project import ROOT

pytestmark = pytest.mark.nginx

CONFIGURATION = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
BROWSERS = 12  # all of them go to one of two servers once in 2,048 runs
OTHER = "What did they decide about hydrogen?"


@contextlib.contextmanager
def proxy(folder: Path, first: int, second: int) -> Iterator[str]:
    """Run nginx with other ports and with folders of its own, and yield its address."""
    port = free_port()
    own = "".join(f"{name}_temp_path {folder / name};\n" for name in FOLDERS)
    text = CONFIGURATION.replace("http {", f"http {{\naccess_log off;\n{own}", 1)
    for before, after in (("listen 7860", f"listen 127.0.0.1:{port}"), ("7861", str(first))):
        text = text.replace(before, after)
    path = folder / "nginx.conf"
    path.write_text(text.replace("7862", str(second)), "utf-8")
    options = f"daemon off; pid {folder / 'nginx.pid'};"
    with subprocess.Popen(
        ["nginx", "-c", path, "-e", folder / "error.log", "-g", options]
    ) as process:
        address = f"http://127.0.0.1:{port}/"
        try:
            wait_until(lambda: answers(address))
            yield address
        finally:
            process.terminate()


def answers(address: str) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"{address}readyz", timeout=60).status_code == 200
    return False


@pytest.fixture
def servers(home: Path, tmp_path: Path) -> Iterator[list[Server]]:
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(
                running_server(
                    home, "--port", str(free_port()), "--proxy", "127.0.0.1", "--log", str(log)
                )
            )
            for log in (tmp_path / "0.jsonl", tmp_path / "1.jsonl")
        ]


def counts(folder: Path) -> list[int]:
    """Return how many questions each server has answered."""
    logs = (folder / "0.jsonl", folder / "1.jsonl")
    return [len(log.read_text("utf-8").splitlines()) if log.exists() else 0 for log in logs]


def port_of(server: Server) -> int:
    return int(server.address.rstrip("/").rpartition(":")[2])


def test_a_browser_stays_at_its_server_and_goes_on_at_the_other_one(
    browser: Browser, servers: list[Server], tmp_path: Path
) -> None:
    expected = (*CUT_CONNECTIONS, *FAILED_REQUESTS)
    with (
        proxy(tmp_path, *map(port_of, servers)) as address,
        opened(browser, address, {"locale": "en-GB"}, expected=expected) as page,
    ):
        for question in (ENGLISH, OTHER, ENGLISH):
            ask(page, question)
        own = counts(tmp_path).index(3)
        assert counts(tmp_path)[1 - own] == 0
        before = texts(page, ".answer")
        servers[own].process.kill()
        ask(page, OTHER)
        # The other server got the questions of the conversation with it, and answered them anew.
        assert texts(page, ".answer")[:3] == before
        assert counts(tmp_path)[1 - own] > 0
        page.reload()
        expect(page.locator(".answer")).to_have_count(4)
        assert texts(page, ".answer")[:3] == before


def test_browsers_are_shared_out(servers: list[Server], tmp_path: Path) -> None:
    with proxy(tmp_path, *map(port_of, servers)) as address:
        for number in range(BROWSERS):
            with httpx.Client(base_url=address, timeout=60) as client:
                client.get("/readyz")
                assert client.cookies["shutten_server"]
                client.post("/ask", json={"question": f"{ENGLISH} ({number})"})
                assert "Set-Cookie" not in client.get("/readyz").headers
    assert min(counts(tmp_path)) > 0
    assert sum(counts(tmp_path)) == BROWSERS
