"""What Gradio is asked, looked through before it sees it.

Gradio trusts its own page: what is odd makes it fail half-way, with a reply of no form and pages of
output. So it is shown only what the page sends, each field of its kind, and reads what was checked.
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

from web.errors import refusal
from web.gate import BusyError, Gate
from web.gradio_limits.fields import NAME, Called, Cancelled, Fields, Joined, OddError, Reset, read
from web.gradio_limits.upload_folder import make_room
from web.gradio_limits.uploads import ROOT, UPLOAD, folder
from web.rates import Rate, sender

_CALL = "ask"  # the one function for programs
_FORMS: dict[str, type[Fields]] = {
    f"{ROOT}/queue/join": Joined,
    f"{ROOT}/call/{_CALL}": Called,
    f"{ROOT}/cancel": Cancelled,
    f"{ROOT}/reset": Reset,
}
_RUNS = 12, 5.0  # of question sets started at once, and seconds between those that follow
_MOST_PARTS, _UPLOADS = 20, 8  # of an upload; held at once


class Checked:
    """ASGI middleware that lets requests for Gradio through if they are sound.

    It holds a whole body; what stands before it has to bound how large that is.

    Args:
        app: What it guards.
        blocks: The page that Gradio serves.
        limited: API names of the functions that start long work; each sender may call them only so
            often.
    """

    def __init__(self, app: ASGIApp, blocks: Any, limited: Collection[str] = ()) -> None:
        self._app, self._blocks, self._limited = app, blocks, limited
        self._uploads, self._starts = Gate(_UPLOADS, 0, "uploads"), Rate(*_RUNS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = {**scope, "query_string": _query(scope["path"].rstrip("/"), scope["query_string"])}
        try:
            await self._pass(scope, receive, send)
        except OddError as error:
            await refusal(error.status, str(error))(scope, receive, send)
        except BusyError as error:
            await refusal(503, str(error))(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, sends = scope["path"].rstrip("/"), scope["method"] == "POST"
        if path.startswith(ROOT):
            _check_names(scope["query_string"])
        if sends and path == UPLOAD:
            with self._uploads.turn():
                body = await _whole(receive)
                await _check_upload(scope, body)
                await anyio.to_thread.run_sync(make_room, folder(), len(body))
                await self._app(scope, _again(body, receive), send)
        elif sends and path in _FORMS:
            sent = read(await _whole(receive), _FORMS[path])
            if isinstance(sent, Joined | Called):
                self._check_data(sent, sender(scope))
            body = sent.again()
            headers = MutableHeaders(raw=list(scope["headers"]))
            headers["Content-Type"], headers["Content-Length"] = "application/json", str(len(body))
            await self._app({**scope, "headers": headers.raw}, _again(body, receive), send)
        else:
            self._check_stream(path, scope["query_string"])
            await self._app(scope, receive, send)

    def _check_data(self, sent: Joined | Called, by: str) -> None:
        """Whether a function of the page can be called with the data, and now."""
        known = self._blocks.fns
        if isinstance(sent, Joined):
            function = known.get(sent.fn_index)
        else:
            function = next(one for one in known.values() if one.api_name == _CALL)
        if function is None or function.fn is None:
            raise OddError(422, "fn_index: there is no such function")
        if len(sent.data) != len(function.inputs):
            raise OddError(422, f"data: {len(function.inputs)} values are needed")
        state = self._blocks.state_holder.session_data.get(sent.session_hash)
        for number, (block, value) in enumerate(zip(function.inputs, sent.data, strict=True)):
            if block.stateful:  # what is sent for it is not looked at
                continue
            # A session may have changed a component, such as what there is to choose from.
            if not _takes(state.get(block._id, block) if state else block, value):
                raise OddError(422, f"data.{number}: no value for a {block.get_block_name()}")
        if function.api_name in self._limited and (wait := self._starts.take(by)):
            raise OddError(429, f"too many question sets; wait {int(wait) + 1} s")

    def _check_stream(self, path: str, query: bytes) -> None:
        """Whether there is something to wait for, if that is what is asked."""
        queue = self._blocks._queue
        if path == f"{ROOT}/queue/data":
            session = _names(query).get("session_hash", [""])[0]
        elif found := re.fullmatch(rf"{ROOT}/call/{_CALL}/({NAME})", path):
            waiting = queue.pending_event_ids_session.items()
            session = next((one for one, events in waiting if found[1] in events), found[1])
        else:
            return
        if session not in queue.pending_messages_per_session:
            raise OddError(404, "nothing is waited for under that name")


def _takes(block: Any, value: Any) -> bool:
    """Whether a component of the page can have a value."""
    if isinstance(value, list) and not getattr(block, "multiselect", True):
        return False  # Gradio lets a list pass even where only one choice may be made
    try:
        if block.data_model is None:
            block.preprocess(value)
        elif value is not None:
            block.data_model.model_validate(value, context={"validate_meta": True})
    except Exception:  # of any kind: each component has its own
        return False
    return True


def _query(path: str, query: bytes) -> bytes:
    """What of a query is for Gradio.

    Of its page there is one only. What it tells of its functions it keeps with the name by which
    the first one called the server, but for those of a named page; this one's name is empty.
    """
    if path in ("", "/config"):
        return b""
    if path == f"{ROOT}/info":
        return b"page=&all_endpoints=true" if b"all_endpoints" in query else b"page="
    return query


def _names(query: bytes) -> dict[str, list[str]]:
    return parse_qs(query.decode("latin-1"), keep_blank_values=True)


def _check_names(query: bytes) -> None:
    for name, values in _names(query).items():
        wrong = [value for value in values if not re.fullmatch(NAME, value)]
        if wrong and name in ("session_hash", "upload_id"):
            raise OddError(422, f"{name}: up to 64 letters of a to z, digits, - and _ are needed")


async def _check_upload(scope: Scope, body: bytes) -> None:
    """Whether an upload has files and nothing else."""
    request = Request(scope, _again(body, _gone))
    try:
        async with request.form(max_files=_MOST_PARTS, max_fields=0) as form:
            parts = form.multi_items()
            sound = all(isinstance(part, UploadFile) and part.filename for _, part in parts)
    except Exception:  # of any kind: the parser has several
        parts, sound = [], False
    if not (parts and sound and all(name == "files" for name, _ in parts)):
        raise OddError(400, "the upload cannot be read; send `files` as multipart/form-data")


async def _whole(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise OddError(400, "the request ended before its end")
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, and then what comes after it, such as that the client has gone."""
    read = False

    async def replay() -> Message:
        nonlocal read
        if read:
            return await receive()
        read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _gone() -> Message:
    return {"type": "http.disconnect"}
