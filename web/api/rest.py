"""Plain HTTP for programs: the same JSON as the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from corpus.errors import ShuttenError
from qa.assistant import DEFAULT_QUOTES, Assistant
from qa.confidence.quote_count import MAX_QUOTES
from qa.feedback import FullError
from qa.listing import listed
from qa.proof import verification
from web.errors import crashed, for_client, wrong_fields
from web.gate import BusyError, Gate
from web.gradio_limits.uploads import ROOT as GRADIO
from web.rates import TooOftenError

_STATUS = (
    "`status` is `answered`, `not_found`, or `no_question` where nothing was asked of the "
    "statements; `reason` is then `help`, `greeting` or `thanks`. `level` (`high`, `fair`, `low`) "
    "says how likely the first quote is the right one. `facts` is what is recorded of a statement "
    "that a question about it as a whole is about; where it is not clear which is meant, `reason` "
    "is `which` and `facts` lists them."
)


_STATUSES = {BusyError: 503, TooOftenError: 429, FullError: 507}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Asked(_Body):
    """A question."""

    question: str = Field(description="In any language, up to 2,000 characters.")
    history: list[str] = Field([], description="Earlier questions, oldest first.", max_length=100)
    k: int = Field(MAX_QUOTES, description="At most so many quotes, 1 to 12.")


class Sought(_Body):
    """A question whose best sentences are wanted, whether or not they answer."""

    question: str
    k: int = Field(DEFAULT_QUOTES, le=100, description="So many sentences.")


def router(assistant: Assistant, gate: Gate, checks: Gate) -> APIRouter:
    """`/ask`, `/retrieve`, `/verify` and `/statements`.

    Args:
        assistant: Answers.
        gate: What each question waits at, and what is checked gives way to.
        checks: What each answer to be checked waits at.
    """
    routes = APIRouter()

    @routes.post(
        "/ask",
        summary="Answer a question with verbatim quotes, or say it is not stated",
        description=_STATUS,
    )
    def ask(asked: Asked) -> Response:
        with gate.turn():
            answer = assistant.ask(asked.question, asked.history, asked.k)
        return _json(answer.to_json())

    @routes.post("/retrieve", summary="The best sentences for a question")
    def retrieve(sought: Sought) -> Response:
        with gate.turn():
            quotes = assistant.retrieve(sought.question, sought.k)
        return _json({"quotes": [quote.to_json() for quote in quotes]})

    @routes.post("/verify", summary="Check the quotes of a kept answer against the statements")
    def verify(answer: dict[str, Any]) -> Response:
        claimed = verification.claims(answer)
        if not claimed:
            raise ShuttenError("no quote to check; give what `/ask` gave")
        verification.check_size(claimed)
        with checks.turn():
            known = assistant.statement_ids()
            verdicts = verification.verify_all(claimed, known, assistant.statement, gate.spare)
        return _json(verification.report(verdicts))

    @routes.get("/statements", summary="Which statements there are")
    def statements() -> Response:
        found = [listed(assistant.statement(name)) for name in assistant.statement_ids()]
        return _json({"statements": found})

    return routes


def explain(app: FastAPI, home: Path) -> None:
    """Say in one line what is wrong with a request.

    Args:
        app: What takes the requests.
        home: The data folder, which no client is told of.
    """

    @app.exception_handler(ShuttenError)
    async def problem(_: Request, error: ShuttenError) -> Response:
        line, own = for_client(error, home)
        kinds = (status for kind, status in _STATUSES.items() if isinstance(error, kind))
        reply = _json({"error": line}, 500 if own else next(kinds, 400))
        if isinstance(error, TooOftenError):
            reply.headers["Retry-After"] = str(error.seconds)
        return reply

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> Response:
        return _json({"error": wrong_fields(error.errors())}, 422)

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Exception, crashed)


async def refused(request: Request, error: Exception) -> Response:
    """What is not there, or not so; Gradio's own page reads its errors in the usual form."""
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(GRADIO):
        return await http_exception_handler(request, error)
    reply = _json({"error": error.detail}, error.status_code)
    reply.headers.update(error.headers or {})
    return reply


def _json(value: object, status: int = 200) -> Response:
    # Broken code units come back as escapes, which JSON reads.
    text = json.dumps(value, ensure_ascii=False)
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = json.dumps(value).encode()
    return Response(data, status, media_type="application/json")
