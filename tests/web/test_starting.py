"""A server starts with one line, or refuses options with one line. It contacts no other machine."""

from __future__ import annotations

import socket
import urllib.request
from pathlib import Path

import pytest
from processes import run_python, start_python
from serving import free_port

import ui
from corpus.errors import ShuttenError
from qa.assistant import Assistant
from web.server import Options

# Prints every connection to another machine that is tried after it.
AUDIT = """
import sys
OURS = (None, "127.0.0.1", "::1", "localhost")
def audit(event, args):
    if event in ("socket.connect", "socket.sendto") and isinstance(args[1], tuple):
        if args[1][0] not in OURS:
            print("outside:", args[1], flush=True)
    if event == "socket.getaddrinfo" and args[0] not in OURS:
        print("outside:", args[0], flush=True)
sys.addaudithook(audit)
"""


def test_a_port_that_another_program_uses_is_refused_with_one_line(assistant: Assistant) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ShuttenError, match=f"127.0.0.1:{port}") as caught:
            ui.start(assistant, Options(port=port))
    assert "\n" not in str(caught.value)


def test_a_number_that_is_no_port_is_refused_with_one_line(assistant: Assistant) -> None:
    with pytest.raises(ShuttenError, match="99999") as caught:
        ui.serve(assistant, "127.0.0.1", 99999)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["*", "*.example", "a.example:80", "http://a.example", ""])
def test_a_malformed_host_name_is_refused(assistant: Assistant, name: str) -> None:
    with pytest.raises(ShuttenError, match="no name of a host"):
        ui.start(assistant, Options(port=free_port(), names=[name]))


def test_importing_the_page_turns_off_calls_to_other_machines() -> None:
    code = (
        "import os, ui; print(os.environ['GRADIO_ANALYTICS_ENABLED'], os.environ['HF_HUB_OFFLINE'])"
    )
    assert run_python("-c", code).split() == ["False", "1"]


def test_main_prints_one_line_and_serves_the_page(home: Path) -> None:
    port = free_port()
    code = f"import ui; ui.main(ui.Options(port={port}), {str(home)!r})"
    with start_python("-c", code) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line == f"Shutten: http://127.0.0.1:{port}/\n"
            with urllib.request.urlopen(line.split()[1]) as reply:
                assert "Shutten 出典" in reply.read().decode()
        finally:
            process.terminate()


def test_no_other_machine_is_contacted(tmp_path: Path) -> None:
    code = f"""{AUDIT}
import httpx, ui
from qa.assistant import Assistant
server = ui.start(Assistant.open({str(tmp_path)!r}), ui.Options(port={free_port()}, mcp=True))
for path in ("", "gradio_api/info", "config", "openapi.json"):
    print(httpx.get(server.local_url + path).status_code)
print(httpx.post(server.local_url + "ask", json={{"question": "q"}}, timeout=60).status_code)
# A "file" on another machine, as an input of every function.
client = httpx.Client(base_url=server.local_url, timeout=60)
functions = client.get("config").json()["dependencies"]
file = {{"path": "https://evil.example/x", "meta": {{"_type": "gradio.FileData"}}}}
for number, function in enumerate(functions):
    data = [file] * max(1, len(function["inputs"]))
    body = {{"data": data, "fn_index": number, "session_hash": "s"}}
    print(client.post("gradio_api/queue/join", json=body).status_code)
server.close()
"""
    statuses = run_python("-c", code).split()
    assert statuses[:5] == ["200"] * 5
    assert len(statuses) > 5
    assert set(statuses[5:]) == {"403"}
