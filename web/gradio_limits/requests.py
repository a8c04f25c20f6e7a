"""Checks requests to Gradio before Gradio sees them.

Gradio trusts its own page. A malformed request makes it fail half-way, with an irregular reply and
pages of output. So Gradio gets only requests that its page could send, with every field checked,
and it reads the checked fields and not the original body.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qs

import anyio
from starlette.datastructures import MutableHeaders, UploadFile
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import error_reply
from web.gate import BusyError, Gate
from web.gradio_limits.fields import (
    NAME,
    BadRequestError,
    CallFields,
    CancelFields,
    Fields,
    JoinFields,
    ResetFields,
    parse_fields,
)
from web.gradio_limits.upload_folder import delete_old_uploads
from web.gradio_limits.uploads import GRADIO_ROOT, UPLOAD_PATH, upload_folder
from web.rates import Rate, TooOftenError, sender

_CALL = "ask"  # the only function for programs
_CALL_VALUES = 2  # of it that each call must have: the question, and the history or null
_FORMS: dict[str, type[Fields]] = {
    f"{GRADIO_ROOT}/queue/join": JoinFields,
    f"{GRADIO_ROOT}/call/{_CALL}": CallFields,
    f"{GRADIO_ROOT}/cancel": CancelFields,
    f"{GRADIO_ROOT}/reset": ResetFields,
}
# Question sets that a sender may start at once, and seconds between those that follow.
_RUN_RATE = 12, 5.0
_MAX_FILES = 20  # in one upload
_MAX_UPLOADS = 8  # that are held in memory at the same time


class RequestCheck:
    """ASGI middleware that passes only well-formed requests on to Gradio.

    It keeps a whole body in memory, so middleware in front of it has to limit the length.

    Args:
        app: The application behind it.
        blocks: The page that Gradio serves.
        limited_functions: API names of the functions that start long work. Each sender may call
            them only so often.
    """

    def __init__(self, app: ASGIApp, blocks: Any, limited_functions: Collection[str] = ()) -> None:
        self._app, self._blocks, self._limited_functions = app, blocks, limited_functions
        self._uploads, self._runs = Gate(_MAX_UPLOADS, 0, "uploads"), Rate(*_RUN_RATE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        query = _query_for_gradio(scope["path"].rstrip("/"), scope["query_string"])
        try:
            await self._check_and_pass({**scope, "query_string": query}, receive, send)
        except BadRequestError as error:
            await error_reply(error.status, str(error))(scope, receive, send)
        except BusyError as error:
            await error_reply(503, str(error))(scope, receive, send)
        except TooOftenError as error:
            await error_reply(429, str(error))(scope, receive, send)

    async def _check_and_pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, is_post = scope["path"].rstrip("/"), scope["method"] == "POST"
        if path.startswith(GRADIO_ROOT):
            _check_ids(scope["query_string"])
        if is_post and path == UPLOAD_PATH:
            with self._uploads.turn():
                body = await _read_body(receive)
                await _check_upload(scope, body)
                await anyio.to_thread.run_sync(delete_old_uploads, upload_folder(), len(body))
                await self._app(scope, _replay(body, receive), send)
        elif is_post and path in _FORMS:
            fields = parse_fields(await _read_body(receive), _FORMS[path])
            if isinstance(fields, JoinFields | CallFields):
                self._check_call(fields, sender(scope))
            body = fields.to_json()
            headers = MutableHeaders(raw=list(scope["headers"]))
            headers["Content-Type"], headers["Content-Length"] = "application/json", str(len(body))
            await self._app({**scope, "headers": headers.raw}, _replay(body, receive), send)
        else:
            self._check_stream(path, scope["query_string"])
            await self._app(scope, receive, send)

    def _check_call(self, fields: JoinFields | CallFields, sender_name: str) -> None:
        """Raise an error if no function takes these values, or it is called too often."""
        functions = self._blocks.fns
        if isinstance(fields, JoinFields):
            function = functions.get(fields.fn_index)
        else:
            function = next(item for item in functions.values() if item.api_name == _CALL)
        if function is None or function.fn is None:
            raise BadRequestError(422, "fn_index: there is no such function")
        if isinstance(fields, CallFields) and len(fields.data) == _CALL_VALUES:
            # Programs that were written before there was a filter of statements leave it out.
            fields.data = [*fields.data, None]
        if len(fields.data) != len(function.inputs):
            raise BadRequestError(422, f"data: {len(function.inputs)} values are needed")
        session = self._blocks.state_holder.session_data.get(fields.session_hash)
        for number, (component, value) in enumerate(zip(function.inputs, fields.data, strict=True)):
            if component.stateful:  # Gradio ignores what is sent for it
                continue
            # A session may have changed a component, for example the choices of a list.
            current = session.get(component._id, component) if session else component
            if not _accepts(current, value):
                name = component.get_block_name()
                raise BadRequestError(422, f"data.{number}: no value for a {name}")
        is_limited = function.api_name in self._limited_functions
        if is_limited and (wait := self._runs.take(sender_name)):
            raise TooOftenError("too many question sets", wait)

    def _check_stream(self, path: str, query: bytes) -> None:
        """Raise `BadRequestError` if a client asks for the events of an unknown session."""
        queue = self._blocks._queue
        if path == f"{GRADIO_ROOT}/queue/data":
            session = _query_values(query).get("session_hash", [""])[0]
        elif match := re.fullmatch(rf"{GRADIO_ROOT}/call/{_CALL}/({NAME})", path):
            event = match[1]
            pending = queue.pending_event_ids_session.items()
            session = next((name for name, events in pending if event in events), event)
        else:
            return
        if session not in queue.pending_messages_per_session:
            raise BadRequestError(404, "there is no session or event of that name")


def _accepts(component: Any, value: Any) -> bool:
    """Tell whether a component of the page can have a value."""
    if isinstance(value, list) and not getattr(component, "multiselect", True):
        return False  # Gradio accepts a list even where only one choice is allowed
    try:
        if component.data_model is None:
            component.preprocess(value)
        elif value is not None:
            component.data_model.model_validate(value, context={"validate_meta": True})
    except Exception:  # each component raises exceptions of its own
        return False
    return True


def _query_for_gradio(path: str, query: bytes) -> bytes:
    """Return the query that Gradio gets.

    There is only one page, so a query cannot choose another one. Gradio keeps the description of
    its functions with the host name of the first request for it, unless the request names a page.
    So the query names the page, whose name is empty.
    """
    if path in ("", "/config"):
        return b""
    if path == f"{GRADIO_ROOT}/info":
        return b"page=&all_endpoints=true" if b"all_endpoints" in query else b"page="
    return query


def _query_values(query: bytes) -> dict[str, list[str]]:
    return parse_qs(query.decode("latin-1"), keep_blank_values=True)


def _check_ids(query: bytes) -> None:
    """Raise `BadRequestError` if the query has a malformed id of a session or an upload."""
    for name, values in _query_values(query).items():
        malformed = [value for value in values if not re.fullmatch(NAME, value)]
        if malformed and name in ("session_hash", "upload_id"):
            raise BadRequestError(
                422, f"{name}: up to 64 letters of a to z, digits, - and _ are needed"
            )


async def _check_upload(scope: Scope, body: bytes) -> None:
    """Raise `BadRequestError` if an upload has anything but files, or none."""
    request = Request(scope, _replay(body, _disconnect))
    try:
        async with request.form(max_files=_MAX_FILES, max_fields=0) as form:
            parts = form.multi_items()
            are_files = all(isinstance(part, UploadFile) and part.filename for _, part in parts)
    except Exception:  # the parser raises exceptions of several libraries
        parts, are_files = [], False
    if not (parts and are_files and all(name == "files" for name, _ in parts)):
        raise BadRequestError(400, "the upload cannot be read; send `files` as multipart/form-data")


async def _read_body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequestError(400, "the request is not complete")
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return an ASGI `receive` that gives a body once, and then the messages that follow it."""
    was_read = False

    async def replay() -> Message:
        nonlocal was_read
        if was_read:
            return await receive()
        was_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _disconnect() -> Message:
    return {"type": "http.disconnect"}
