"""The web application: Gradio's page and the interfaces for programs, behind all checks."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount

from corpus.errors import ShuttenError
from corpus.inputs import MAX_DOCUMENT
from qa.assistant import Assistant
from web.api import feedback, rest
from web.gate import Gate
from web.gradio_limits import routes, unneeded_work
from web.gradio_limits.requests import RequestCheck
from web.page import layout, originals, statements
from web.page.early_head import EarlyHead
from web.page.measuring.measuring_tab import STARTS
from web.page.measuring.run_queue import Runs
from web.page.strings import TRANSLATIONS
from web.probes import Probes, obstacle_of
from web.security.accounts import Accounts
from web.security.forwarded import ForwardedHeaders, parse_networks
from web.security.guard import Guard
from web.uploads import routes as upload_routes
from web.uploads.uploads import Uploads
from web.uploads.waiting import MAX_FILES

_HOST_NAME = re.compile(r"[\w-]+(\.[\w-]+)*\.?|\[[\da-fA-F:.]+\]")
_LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
_MAX_CHECKS, _MAX_WAITING_CHECKS = 1, 3  # checks of quotes have turns apart from the questions
_MAX_SESSIONS = 200  # whose state Gradio keeps
_UPLOAD_LIMITS = {"file": MAX_DOCUMENT, "files": MAX_FILES}


@dataclass(frozen=True, slots=True)
class Options:
    """How to serve.

    Attributes:
        host: Address to listen on. Any address but one of this machine's own loopback opens the
            chat to other machines.
        port: Port to listen on.
        names: Other host names of the server, as a browser sends them.
        auth_file: File with the accounts that may come in; see `web.security.accounts`.
        mcp: Whether there are tools for agents at `/mcp`.
        proxies: Addresses or networks of proxies. Only their `X-Forwarded-For`, `-Proto` and
            `-Host` headers are believed.
        metrics_port: Port for metrics in Prometheus' format; 0 for none.
        log: File that a line is added to for each question, or `-` for standard output.
        log_questions: Whether the log has the questions themselves.
        uploads: Whether readers may add statements, correct their facts and remove them.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    names: Sequence[str] = ()
    auth_file: Path | None = None
    mcp: bool = False
    proxies: Sequence[str] = ()
    uploads: bool = False
    metrics_port: int = 0
    log: Path | None = None
    log_questions: bool = False


def is_for_this_machine_only(host: str, names: Sequence[str], proxies: Sequence[str]) -> bool:
    """Tell whether only users of this machine reach a server with these `Options`.

    A server that has other names or stands behind a proxy is meant for others, too.
    """
    try:
        is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    return is_loopback and not names and not proxies


def application(assistant: Assistant, options: Options, gate: Gate | None = None) -> FastAPI:
    """Return the application with the page at `/`, the routes for programs, and `/mcp`.

    Args:
        assistant: Answers the questions.
        options: How to serve.
        gate: Gives out the turns of questions. Shut it before the process ends.

    Raises:
        ShuttenError: The accounts cannot be read, a host name or the address of a proxy is
            malformed, or the package for MCP is missing.
    """
    accounts = Accounts(options.auth_file) if options.auth_file else None
    hosts, proxies = _allowed_hosts(options), parse_networks(options.proxies)
    gate = gate or Gate()
    # The usual pages of documentation load scripts from another site.
    app = FastAPI(title="Shutten", docs_url=None, redoc_url=None)
    uploads = Uploads(assistant.store, gate) if options.uploads else None
    _add_routes(app, assistant, gate, options.mcp, uploads)
    threading.Thread(target=_load_model, args=(assistant, gate), daemon=True).start()
    blocks = _mount_page(app, assistant, gate, options)
    # The middleware that is added last sees a request first.
    app.add_middleware(EarlyHead, elements=layout.early())
    app.add_middleware(RequestCheck, blocks=blocks, limited_functions=STARTS)
    larger = {upload_routes.PATH: MAX_DOCUMENT} if uploads else {}
    app.add_middleware(Guard, accounts=accounts, names=options.names, larger=larger)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    app.add_middleware(ForwardedHeaders, proxies=proxies)
    app.add_middleware(Probes, obstacle=obstacle_of(assistant, gate))
    return app


def _allowed_hosts(options: Options) -> list[str]:
    """Return the host names that a request may be sent to.

    Requests to other hosts are refused. Otherwise the page of another site could reach this server
    through a name that it makes point here (DNS rebinding).
    """
    for name in options.names:
        if not _HOST_NAME.fullmatch(name):
            raise ShuttenError(f"{name!r} is no name of a host; give one without port, such as a.b")
    names = [*_LOCAL_HOSTS, options.host, f"[{options.host}]", *options.names]
    return [name.lower() for name in names]


def _add_routes(
    app: FastAPI, assistant: Assistant, gate: Gate, mcp: bool, uploads: Uploads | None
) -> None:
    """Add everything but the page."""
    checks = Gate(_MAX_CHECKS, _MAX_WAITING_CHECKS, "checks")
    rest.add_error_handlers(app, assistant.home)
    app.include_router(rest.router(assistant, gate, checks))
    app.include_router(feedback.router(assistant))
    app.include_router(statements.router(assistant, gate))
    app.include_router(originals.router(assistant))
    app.include_router(upload_routes.router(assistant, uploads))
    upload_routes.add_error_handler(app)
    if uploads:
        _run_beside(app, lambda: upload_routes.running(uploads))
    if mcp:
        _add_tools(app, assistant, gate, checks)


def _add_tools(app: FastAPI, assistant: Assistant, gate: Gate, checks: Gate) -> None:
    """Add the tools for agents, whose session manager runs as long as the application."""
    try:
        from web.api import mcp_tools
    except ModuleNotFoundError as error:
        raise ShuttenError(
            f"the tools for agents need the package {error.name!r}; "
            'add it with `pip install "shutten[mcp]"`'
        ) from None
    tools = mcp_tools.build_server(assistant, gate, checks)
    app.router.routes += mcp_tools.build_application(tools).routes
    _run_beside(app, tools.session_manager.run)


def _run_beside(
    app: FastAPI, beside: Callable[[], contextlib.AbstractAsyncContextManager[None]]
) -> None:
    """Let a context last as long as an application runs."""
    app_lifespan = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[Any]:
        async with app_lifespan(running) as state, beside():
            yield state

    app.router.lifespan_context = lifespan


def _load_model(assistant: Assistant, gate: Gate) -> None:
    """Answer a first question, so that the model is loaded. The page is served meanwhile."""
    try:
        with gate.patient_turn():
            assistant.retrieve("半導体")
    except ShuttenError:
        pass  # an empty index, which the page reports with the first question
    finally:
        gate.warm.set()


def _mount_page(app: FastAPI, assistant: Assistant, gate: Gate, options: Options) -> gr.Blocks:
    """Build the page and add it at `/`."""
    routes.refuse_downloads()
    blocks = layout.build(assistant, gate, Runs(), options.uploads)
    unneeded_work.turn_off(blocks)
    blocks.state_session_capacity = _MAX_SESSIONS
    gr.mount_gradio_app(
        app,
        blocks,
        "/",
        server_name=options.host,
        server_port=options.port,
        show_error=False,  # hides unexpected errors; `gr.Error` is shown all the same
        ssr_mode=False,
        enable_monitoring=False,
        run_history=False,
        footer_links=[],
        max_file_size="2mb",
        i18n=TRANSLATIONS,
        theme=layout.THEME,
        head=layout.head(_UPLOAD_LIMITS if options.uploads else None),
    )
    # The page is mounted at `/`, so requests for unknown paths end there.
    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, FastAPI):
            rest.add_http_error_handlers(route.app)
    # Otherwise Gradio accepts files from anywhere; see `web.gradio_limits.uploads`.
    blocks.has_launched = True
    return blocks
