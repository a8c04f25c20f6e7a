"""The addresses `/uploads` and `/statements/ID`, by which the page changes the statements."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Any, TypeVar

import anyio
from fastapi import APIRouter, FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import ClientDisconnect

from corpus.inputs import MAX_DOCUMENT
from qa.assistant import Assistant
from qa.listing import statement_row
from web.errors import error_reply, json_reply
from web.page.statements import StatementLists
from web.uploads.errors import RefusedError
from web.uploads.facts import fact_rows, parse_facts
from web.uploads.recognition import require_installed
from web.uploads.upload import Upload
from web.uploads.uploads import Uploads

PATH = "/uploads"
_CHANGE_SECONDS = 60.0  # that a request waits for its turn to change the data folder
_SWEEP_SECONDS = 60.0  # between two searches for old uploads
_MAX_TEXT = 4000  # characters of a name as it is sent
_T = TypeVar("_T")
_Facts = dict[str, str | list[str]]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class KeepBody(_Body):
    """How an upload is added."""

    facts: _Facts = Field({}, description="Facts that are corrected, by their names.")
    replace: bool = Field(False, description="Whether it takes the place of what it changes.")


class FactsBody(_Body):
    """Facts of a statement that are corrected."""

    facts: _Facts = Field(min_length=1)


def router(assistant: Assistant, uploads: Uploads | None) -> APIRouter:
    """Return the routes. Without `uploads` all but the list of statements are closed."""
    routes, lists = APIRouter(include_in_schema=False), StatementLists()

    @routes.get("/library")
    def library() -> Response:
        listed = lists.of(assistant.summaries())
        return json_reply({"list": listed.name, "statements": listed.rows})

    if uploads is None:
        _add_closed(routes)
    else:
        _add_uploads(routes, uploads)
        _add_statements(routes, assistant, uploads)
    return routes


def add_error_handler(app: FastAPI) -> None:
    """Make an application reply to a `RefusedError` with its status."""

    @app.exception_handler(RefusedError)
    async def refuse(_: Request, error: RefusedError) -> Response:
        line = " ".join(str(error).split())
        field = {"field": error.field} if error.field else {}
        return json_reply({"error": line, **field}, error.status)


@asynccontextmanager
async def running(uploads: Uploads) -> AsyncIterator[None]:
    """Forget old uploads as long as the application runs, and all of them at its end."""

    async def sweep() -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            await asyncio.to_thread(uploads.forget_old)

    sweeping = asyncio.create_task(sweep())
    try:
        yield
    finally:
        sweeping.cancel()
        await asyncio.to_thread(uploads.close)


def _add_closed(routes: APIRouter) -> None:
    def refuse() -> Response:
        return error_reply(
            403,
            "readers cannot change the statements of this server; "
            "its operator can allow it with --allow-upload",
        )

    for path, methods in (
        (PATH, ["POST"]),
        (f"{PATH}/{{name:path}}", ["GET", "POST", "DELETE"]),
        ("/statements/{name:path}", ["GET", "PATCH", "DELETE"]),
    ):
        routes.add_api_route(path, refuse, methods=methods)


def _add_uploads(routes: APIRouter, uploads: Uploads) -> None:
    @routes.post(PATH)
    async def upload(
        request: Request,
        name: Annotated[str, Query(max_length=_MAX_TEXT)],
        ocr: Annotated[str, Query(max_length=100)] = "",
    ) -> Response:
        try:
            if ocr:
                await asyncio.to_thread(require_installed, ocr)
            begun = await _receive(request, uploads, name, ocr)
        except ClientDisconnect:
            return error_reply(400, "the file did not come wholly")
        except RefusedError:
            with suppress(ClientDisconnect):  # a browser reads no reply before it has sent all
                async for _ in request.stream():
                    pass
            raise
        return json_reply(begun.to_json(), 202)

    @routes.get(f"{PATH}/{{upload}}")
    def state(upload: str) -> Response:
        return json_reply(uploads.get(upload))

    @routes.delete(f"{PATH}/{{upload}}")
    def cancel(upload: str) -> Response:
        return json_reply({"state": uploads.cancel(upload)})

    @routes.post(f"{PATH}/{{upload}}/keep")
    def keep(upload: str, body: KeepBody | None = None) -> Response:
        given, replaces = (body.facts, body.replace) if body else ({}, False)
        uploads.keep(upload, parse_facts(given, uploads.name(upload)), replaces)
        return json_reply(uploads.get(upload), 202)


async def _receive(request: Request, uploads: Uploads, name: str, ocr: str) -> Upload:
    """Write the body of a request to a file that waits, and let it be read.

    Raises:
        ClientDisconnect: The body did not come wholly.
        RefusedError: There is no room for it, or its length is not known.
    """
    length = request.headers.get("content-length")
    if length is None:  # the guard has checked that it is a number
        raise RefusedError(411, "say how long the file is (Content-Length)")
    if int(length) > MAX_DOCUMENT:
        raise RefusedError(413, f"the file is over the limit of {MAX_DOCUMENT // 1_000_000} MB")
    upload = uploads.begin(name, int(length), ocr)
    try:
        async with await anyio.open_file(upload.file, "xb") as file:
            async for chunk in request.stream():
                await file.write(chunk)
    except BaseException as error:
        with suppress(RefusedError):
            uploads.cancel(upload.id)
        if isinstance(error, OSError):
            raise RefusedError(507, "the server has no room for the file on its disk") from None
        raise
    uploads.received(upload)
    return upload


def _add_statements(routes: APIRouter, assistant: Assistant, uploads: Uploads) -> None:
    def require(name: str) -> None:
        if name not in assistant.statement_ids():
            raise RefusedError(404, "there is no such statement here")

    @routes.get("/statements/{name:path}")
    def facts(name: str) -> Response:
        require(name)
        statement = assistant.statement(name)
        found = {"found": fact_rows(statement.provenance)}
        return json_reply(statement_row(statement) | found)

    @routes.patch("/statements/{name:path}")
    def correct(name: str, body: FactsBody) -> Response:
        require(name)
        values: Mapping[str, Any] = parse_facts(body.facts, name)
        _, after = _done(uploads.adder.set_facts(name, values))
        return json_reply({"statement": name, "found": fact_rows(after)})

    @routes.delete("/statements/{name:path}")
    def remove(name: str) -> Response:
        require(name)
        _done(uploads.adder.remove(name))
        return json_reply({"statement": name})


def _done(change: Future[_T]) -> _T:
    """Wait for a change of the data folder.

    Raises:
        RefusedError: It did not begin in time, and was taken back; or the server is being stopped.
    """
    try:
        return change.result(_CHANGE_SECONDS)
    except TimeoutError:
        if change.cancel():
            raise RefusedError(503, "other statements are being added; try again later") from None
        raise RefusedError(503, "the change takes long; look again later") from None
    except CancelledError:
        raise RefusedError(503, "the server is being stopped") from None
