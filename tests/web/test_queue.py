"""What is asked in bulk does not keep readers from asking."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from serving import free_port

import ui
from qa.assistant import Assistant

FLOOD = 80  # more than Gradio's queue takes
_CONFIG = re.compile(r"window\.gradio_config = (\{.*?\});</script>", re.DOTALL)


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    page = ui.serve(assistant, port=free_port())
    yield str(page.local_url)
    page.close()


def functions(address: str) -> list[dict[str, Any]]:
    """What the page can start."""
    found = _CONFIG.search(httpx.get(address).text)
    assert found
    config = json.loads(found[1])
    sets = next(one["id"] for one in config["components"] if one["type"] == "dropdown")
    return [one for one in config["dependencies"] if one["inputs"] == [sets]]


def test_a_flood_of_runs_leaves_room_for_questions(address: str) -> None:
    (run,) = functions(address)

    def start(number: int) -> int:
        body = {
            "data": ["JUCIP 2023 · dev"],
            "fn_index": run["id"],
            "trigger_id": run["targets"][0][0],
            "session_hash": f"flood{number}",
        }
        return httpx.post(f"{address}gradio_api/queue/join", json=body, timeout=20).status_code

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(start, range(FLOOD)))
    assert set(replies) == {200, 429}  # so many are taken, and no more
    body = {"data": ["What was agreed on Open RAN?", []]}
    asked = httpx.post(f"{address}gradio_api/call/ask", json=body, timeout=20)
    assert asked.status_code == 200
    told = httpx.get(f"{address}gradio_api/call/ask/{asked.json()['event_id']}", timeout=60).text
    assert "event: complete" in told
    assert "Open RAN" in told
