"""Runs the web application in a thread, from the first request to an orderly end."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
from contextlib import ExitStack, suppress
from pathlib import Path

import uvicorn

from corpus.errors import ShuttenError
from qa.assistant import Assistant
from qa.signals import stoppable
from web.gate import Gate
from web.gradio_limits.upload_folder import UPLOADS, delete_old_uploads
from web.observing import AnswerLog, Metrics
from web.security.connections import BACKLOG, Connection
from web.security.log_limits import limit_repeated_lines
from web.server import Options, application

_CLEANING_SECONDS = 600.0  # between two searches for old uploads
_STOP_SECONDS = 5.0  # that running answers have to end when the server stops


class BackgroundServer:
    """A server that runs in a thread of its own. It serves as soon as it has been made.

    Args:
        assistant: Answers the questions.
        options: How to serve.

    Attributes:
        local_url: Address of the page, with a slash at the end.

    Raises:
        ShuttenError: The port is in use, the host is not an address of this machine, or the options
            cannot be used; see `web.server.application`.
    """

    def __init__(self, assistant: Assistant, options: Options) -> None:
        _check_address(options)
        host = f"[{options.host}]" if ":" in options.host else options.host
        self.local_url = f"http://{host}:{options.port}/"
        self._server: uvicorn.Server | None = None
        self._error: BaseException | None = None  # that ended the thread
        self._gate, self._ended = Gate(), threading.Event()
        self._observing = _observing(assistant, options, self._gate)
        self._thread = threading.Thread(target=self._run, args=(assistant, options), daemon=True)
        self._thread.start()
        while not (self._server and self._server.started):
            if self._ended.wait(0.02):
                self._observing.close()
                raise self._error or ShuttenError(f"{self.local_url}: the server did not start")

    def wait(self) -> None:
        """Serve until the server is closed, interrupted or terminated. For the main thread.

        Raises:
            ShuttenError: The server ended because of an error.
        """
        with stoppable(), suppress(KeyboardInterrupt):
            # In Python 3.11 and 3.12 an interrupted `Thread.join` takes the thread for ended.
            while not (self._gate.warm.is_set() or self._ended.wait(0.2)):
                pass
            _exclude_from_garbage_collection()
            while not self._ended.wait(0.2):
                pass
        self.close()
        if self._error:
            raise ShuttenError(f"{self.local_url}: the server ended ({self._error}); start it anew")

    def close(self) -> None:
        """Stop the server, and wait until its uploads are deleted."""
        if self._server:
            self._server.should_exit = True
        self._ended.wait(2 * _STOP_SECONDS)
        self._observing.close()

    def _run(self, assistant: Assistant, options: Options) -> None:
        try:
            with UPLOADS.in_use() as folder:
                asyncio.run(self._serve(assistant, options, folder))
        except BaseException as error:
            self._error = error
        finally:
            self._gate.shut(_STOP_SECONDS)
            self._ended.set()

    async def _serve(self, assistant: Assistant, options: Options, uploads: Path) -> None:
        # Without a running event loop, Gradio opens a dozen of its own and closes none of them.
        app = application(assistant, options, self._gate)
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                options.host,
                options.port,
                log_level="error",
                timeout_graceful_shutdown=2,
                server_header=False,
                proxy_headers=False,  # `web.security.forwarded` reads them
                http=Connection,
                ws="none",
                backlog=BACKLOG,
            )
        )
        cleaning = asyncio.create_task(_clean_uploads(uploads))
        limit_repeated_lines()
        try:
            await self._server.serve()
        finally:
            cleaning.cancel()


def _observing(assistant: Assistant, options: Options, gate: Gate) -> ExitStack:
    """Begin what the operator of a server asked to know of it; it ends with the stack."""
    with ExitStack() as stack:
        if options.log:
            log = AnswerLog(options.log, questions=options.log_questions)
            stack.callback(log.close)
            assistant.observers.append(log.observe)
            stack.callback(assistant.observers.remove, log.observe)
        if options.metrics_port:
            metrics = Metrics(assistant, gate)
            assistant.observers.append(metrics.observe)
            stack.callback(assistant.observers.remove, metrics.observe)
            stack.callback(metrics.serve(options.host, options.metrics_port))
        return stack.pop_all()


def _exclude_from_garbage_collection() -> None:
    """Exclude all objects that exist now from garbage collection.

    Python's collector looks through all objects again and again. After the model was loaded there
    are hundreds of thousands of them, and nobody gets an answer while it looks through them.
    """
    gc.collect()
    gc.freeze()


async def _clean_uploads(folder: Path) -> None:
    while True:
        await asyncio.to_thread(delete_old_uploads, folder)
        await asyncio.sleep(_CLEANING_SECONDS)


def _check_address(options: Options) -> None:
    """Raise `ShuttenError` if the server cannot listen on its address."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    with socket.socket(family) as probe:
        # The port of a server that just stopped is in TIME_WAIT for a while, and can be used.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except (OSError, OverflowError) as error:
            address = f"{options.host}:{options.port}"
            message = f"cannot listen on {address} ({error}); choose another port"
            raise ShuttenError(message) from None
