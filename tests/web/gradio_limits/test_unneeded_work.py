"""Gradio does not do the work that `web.gradio_limits.unneeded_work` turns off."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio.state_holder import SessionState
from serving import free_port

import ui
from qa.assistant import Assistant

CALLS, SESSIONS = 12, 3
SETTINGS = {
    "ANALYTICS_MAX_EVENTS",
    "ANAYLTICS_CACHE_FREQUENCY",
    "pending_event_ids_session",
    "sleep_when_free",
    "progress_update_sleep_when_free",
}


@pytest.fixture(scope="module")
def server(assistant: Assistant) -> Iterator[Any]:
    running = ui.serve(assistant, port=free_port())
    yield running
    running.close()


@pytest.fixture
def blocks(server: Any) -> Any:
    """The page that the server serves."""
    routes = server._server.config.app.routes
    (mount,) = [route for route in routes if hasattr(getattr(route, "app", None), "get_blocks")]
    return mount.app.get_blocks()


def ask(client: httpx.Client) -> str:
    """Ask a question as a program does, through Gradio."""
    body = {"data": ["What was agreed on Open RAN?", []]}
    event = client.post("gradio_api/call/ask", json=body).json()["event_id"]
    return client.get(f"gradio_api/call/ask/{event}").text


def test_gradio_still_has_the_settings() -> None:
    """If a later version of Gradio renames a setting, the work would silently be done again."""

    async def settings() -> set[str]:  # without an event loop, Gradio opens its own
        with gr.Blocks() as blocks:
            pass
        return set(vars(blocks.queue()._queue))

    assert asyncio.run(settings()) >= SETTINGS


def test_events_fill_no_memory_without_limit(server: Any, blocks: Any) -> None:
    queue = blocks._queue
    queue.pending_event_ids_session.max_size = SESSIONS
    with httpx.Client(base_url=server.local_url, timeout=60) as client:
        answers = [ask(client) for _ in range(CALLS)]
    assert all("event: complete" in answer for answer in answers)
    assert len(queue.event_analytics) == 1
    assert len(queue.pending_event_ids_session) == SESSIONS
    assert queue.cached_event_analytics_summary == {"functions": {}}


def test_a_session_has_the_components_without_descriptions(blocks: Any) -> None:
    session = SessionState(blocks)
    assert session.blocks_config.blocks.keys() == blocks.default_config.blocks.keys()
    assert not any(session.config_values.values())
    described = json.dumps(blocks.config["components"], default=str)
    assert "shutten-turns" in described  # the page itself has descriptions
