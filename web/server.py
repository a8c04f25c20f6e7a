"""One server for the page and for programs: FastAPI around Gradio, shut where Gradio is open."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import re
import socket
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount

from corpus.errors import ShuttenError
from qa.assistant import Assistant
from qa.signals import stoppable
from web.api import feedback, rest
from web.errors import crashed
from web.gate import Gate
from web.gradio_limits import routes, unneeded_work
from web.gradio_limits.requests import Checked
from web.gradio_limits.upload_folder import OWN, make_room
from web.page import layout, statements
from web.page.early_head import EarlyHead
from web.page.measuring.measuring_tab import STARTS
from web.page.measuring.run_queue import Runs
from web.page.strings import TRANSLATIONS
from web.security.accounts import Accounts
from web.security.connections import BACKLOG, Connection
from web.security.forwarded import Forwarded, networks
from web.security.guard import Guard
from web.security.log_limits import spare

_NAME = re.compile(r"[\w-]+(\.[\w-]+)*\.?|\[[\da-fA-F:.]+\]")
_CHECKS = 1, 3  # answers are checked one at a time, and so many may wait, beside the questions
LOCAL = ("127.0.0.1", "localhost", "::1")
_SWEEP = 600.0  # seconds from one look for old uploads to the next
_LAST = 5.0  # seconds that what is being answered has to end, when the server stops


@dataclass(frozen=True, slots=True)
class Options:
    """How to serve.

    Attributes:
        host: Address to listen on; any but this machine's own opens the chat to others.
        port: Port to listen on.
        names: Names that the server is also called by, as a browser sends them.
        auth_file: Accounts that may come in; see `web.security.accounts`.
        mcp: Whether agents find tools at `/mcp`.
        proxies: Addresses or networks of proxies that are believed who sends a request, by which
            scheme and to which host (`X-Forwarded-For`, `-Proto`, `-Host`).
    """

    host: str = LOCAL[0]
    port: int = 7860
    names: Sequence[str] = ()
    auth_file: Path | None = None
    mcp: bool = False
    proxies: Sequence[str] = ()


def application(assistant: Assistant, options: Options, gate: Gate | None = None) -> FastAPI:
    """The page at `/`, `/ask`, `/retrieve` and others for programs, and `/mcp`.

    Args:
        assistant: Answers.
        options: How to serve.
        gate: Where questions wait; shut it before the process ends.

    Raises:
        ShuttenError: The accounts cannot be read, a name or the address of a proxy is none, or the
            package for MCP is not there.
    """
    accounts = Accounts(options.auth_file) if options.auth_file else None
    names, proxies = _names(options), networks(options.proxies)
    gate, checks = gate or Gate(), Gate(*_CHECKS, "checks")
    # The usual pages of documentation are fetched from elsewhere.
    app = FastAPI(title="Shutten", docs_url=None, redoc_url=None)
    rest.explain(app, assistant.home)
    app.include_router(rest.router(assistant, gate, checks))
    app.include_router(feedback.router(assistant))
    app.include_router(statements.router(assistant))
    if options.mcp:
        _add_tools(app, assistant, gate, checks)
    threading.Thread(target=_warm, args=(assistant, gate), daemon=True).start()
    routes.refuse_downloads()
    runs = Runs()
    blocks = layout.build(assistant, gate, runs)
    unneeded_work.trim(blocks)
    blocks.state_session_capacity = 200
    gr.mount_gradio_app(
        app,
        blocks,
        "/",
        server_name=options.host,
        server_port=options.port,
        show_error=False,  # but for errors that are meant to be shown
        ssr_mode=False,
        enable_monitoring=False,
        run_history=False,
        footer_links=[],
        max_file_size="2mb",
        i18n=TRANSLATIONS,
        theme=layout.THEME,
        head=layout.head(),
    )
    # The page is mounted at `/`, so what is nowhere ends there.
    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, FastAPI):
            route.app.add_exception_handler(HTTPException, rest.refused)
            route.app.add_exception_handler(Exception, crashed)
    blocks.has_launched = (
        True  # without it Gradio takes files from anywhere; see `web.gradio_limits.uploads`
    )
    app.add_middleware(EarlyHead, elements=layout.early())
    app.add_middleware(Checked, blocks=blocks, limited=STARTS)
    app.add_middleware(Guard, accounts=accounts, names=options.names)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False)
    app.add_middleware(Forwarded, proxies=proxies)
    return app


def _warm(assistant: Assistant, gate: Gate) -> None:
    """Open the sessions of the model; the page is there in the meantime."""
    try:
        with gate.patient_turn():
            assistant.retrieve("半導体")
    except ShuttenError:
        pass  # an empty index: the page says so when it is asked
    finally:
        gate.warm.set()


def _names(options: Options) -> list[str]:
    """What a request may call this server; nothing else, lest a page elsewhere reach it."""
    for name in options.names:
        if not _NAME.fullmatch(name):
            raise ShuttenError(f"{name!r} is no name of a host; give one without port, such as a.b")
    names = [*LOCAL[:2], f"[{LOCAL[2]}]", options.host, f"[{options.host}]", *options.names]
    return [name.lower() for name in names]


def _add_tools(app: FastAPI, assistant: Assistant, gate: Gate, checks: Gate) -> None:
    try:
        from web.api import mcp_tools
    except ModuleNotFoundError as error:
        raise ShuttenError(
            f"the tools for agents need the package {error.name!r}; "
            'add it with `pip install "shutten[mcp]"`'
        ) from None
    tools = mcp_tools.server(assistant, gate, checks)
    app.router.routes += mcp_tools.application(tools).routes
    outer = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[Any]:
        async with outer(running) as state, tools.session_manager.run():
            yield state

    app.router.lifespan_context = lifespan


class Running:
    """A server in the background.

    Args:
        assistant: Answers.
        options: How to serve.

    Raises:
        ShuttenError: Another program has that port, the host is not an address of here, or the
            accounts cannot be used.
    """

    def __init__(self, assistant: Assistant, options: Options) -> None:
        _probe(options)
        host = f"[{options.host}]" if ":" in options.host else options.host
        self.local_url = f"http://{host}:{options.port}/"
        self._server: uvicorn.Server | None = None
        self._trouble: BaseException | None = None
        self._gate, self._ended = Gate(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(assistant, options), daemon=True)
        self._thread.start()
        while not (self._server and self._server.started):
            if self._ended.wait(0.02):
                raise self._trouble or ShuttenError(f"{self.local_url}: the server did not start")

    def _run(self, assistant: Assistant, options: Options) -> None:
        try:
            with OWN.used() as folder:
                asyncio.run(self._serve(assistant, options, folder))
        except BaseException as error:
            self._trouble = error
        finally:
            self._gate.shut(_LAST)
            self._ended.set()

    async def _serve(self, assistant: Assistant, options: Options, folder: Path) -> None:
        # Made in a running event loop: Gradio opens a dozen of its own without, and closes none.
        app = application(assistant, options, self._gate)
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                options.host,
                options.port,
                log_level="error",
                timeout_graceful_shutdown=2,
                server_header=False,
                proxy_headers=False,  # see `web.security.forwarded`
                http=Connection,
                ws="none",
                backlog=BACKLOG,
            )
        )
        sweeping = asyncio.create_task(_sweep(folder))
        spare()
        try:
            await self._server.serve()
        finally:
            sweeping.cancel()

    def wait(self) -> None:
        """Serve until it is closed, interrupted or terminated. For the main thread.

        Raises:
            ShuttenError: The server ended by itself.
        """
        with stoppable(), suppress(KeyboardInterrupt):
            # In Python 3.11 and 3.12 a `Thread.join` that is interrupted takes the thread for done.
            while not (self._gate.warm.is_set() or self._ended.wait(0.2)):
                pass
            _settle()
            while not self._ended.wait(0.2):
                pass
        self.close()
        if self._trouble:
            raise ShuttenError(
                f"{self.local_url}: the server ended ({self._trouble}); start it anew"
            )

    def close(self) -> None:
        """Stop; uploads are deleted."""
        if self._server:
            self._server.should_exit = True
        self._ended.wait(2 * _LAST)


def _settle() -> None:
    """Exclude all objects that exist now from garbage collection; called once the model is open.

    Python's collector looks through all objects again and again. There are hundreds of thousands
    of them, and while it looks through them all nobody gets an answer.
    """
    gc.collect()
    gc.freeze()


async def _sweep(folder: Path) -> None:
    """Delete old uploads, now and then."""
    while True:
        await asyncio.to_thread(make_room, folder)
        await asyncio.sleep(_SWEEP)


def _probe(options: Options) -> None:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    with socket.socket(family) as probe:
        # A server just stopped leaves its port in TIME_WAIT, which is no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except (OSError, OverflowError) as error:
            place = f"{options.host}:{options.port}"
            message = f"cannot listen on {place} ({error}); choose another port"
            raise ShuttenError(message) from None
