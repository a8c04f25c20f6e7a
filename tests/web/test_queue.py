"""Many runs of question sets do not keep readers from asking."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

RUNS = 80  # more than Gradio's queue takes
_CONFIG = re.compile(r"window\.gradio_config = (\{.*?\});</script>", re.DOTALL)


def run_function(address: str) -> dict[str, Any]:
    """Return the function of the page that runs the question set of the list."""
    match = _CONFIG.search(httpx.get(address).text)
    assert match
    config = json.loads(match[1])
    components = config["components"]
    sets = next(component["id"] for component in components if component["type"] == "dropdown")
    (function,) = [item for item in config["dependencies"] if item["inputs"] == [sets]]
    return function


def test_many_runs_leave_room_for_questions(address: str) -> None:
    run = run_function(address)

    def start(number: int) -> int:
        body = {
            "data": ["JUCIP 2023 · dev"],
            "fn_index": run["id"],
            "trigger_id": run["targets"][0][0],
            "session_hash": f"run{number}",
        }
        return httpx.post(f"{address}gradio_api/queue/join", json=body, timeout=20).status_code

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(start, range(RUNS)))
    assert set(replies) == {200, 429}  # the limit was reached
    body = {"data": ["What was agreed on Open RAN?", []]}
    call = httpx.post(f"{address}gradio_api/call/ask", json=body, timeout=20)
    assert call.status_code == 200
    event = call.json()["event_id"]
    events = httpx.get(f"{address}gradio_api/call/ask/{event}", timeout=60).text
    assert "event: complete" in events
    assert "Open RAN" in events
