"""The HTTP interface for programs. It returns the same JSON as the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from corpus.errors import ShuttenError
from index.store.values import UnreachableError
from qa.assistant import DEFAULT_QUOTES, Assistant
from qa.confidence.quote_count import MAX_QUOTES
from qa.feedback import FullError
from qa.listing import statement_row
from qa.proof import kept_answers, verification
from web.errors import crash_reply, describe_field_errors, error_reply, for_client, json_reply
from web.gate import BusyError, Gate
from web.gradio_limits.uploads import GRADIO_ROOT
from web.rates import TooOftenError

_ASK_DESCRIPTION = (
    "`status` is `answered`, `not_found` or `no_question`. With `no_question`, nothing was asked "
    "about the statements, and `reason` is `help`, `greeting` or `thanks`. `level` (`high`, "
    "`fair`, `low`) says how likely the first quote is the right one. For a question about a "
    "statement as a whole, `facts` holds what is recorded about that statement. If it is not clear "
    "which statement is meant, `reason` is `which` and `facts` lists them. With `other_statement`, "
    "the statement that the question names is silent and `nearest` holds what others say; with "
    "`unknown_meeting` there is no statement of the meeting. `scope` says what was searched."
)
_STATUS_BY_ERROR = {
    BusyError: 503,
    UnreachableError: 503,
    TooOftenError: 429,
    FullError: 507,
}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class WithinBody(_Body):
    """A filter of statements. What is left out does not filter."""

    statements: list[str] = Field([], description="Ids of statements.", max_length=100)
    since: str = Field("", description="The earliest date: 2023, 2023-05 or 2023-05-26.")
    until: str = Field("", description="The latest date.")
    parties: list[str] = Field([], description="Countries or organisations.", max_length=100)
    by_name: bool = Field(True, description="Whether the question may name some of these.")


class _Scoped(_Body):
    within: WithinBody | None = Field(None, description="Which statements are searched.")

    def filter(self) -> dict[str, Any] | None:
        """Return the filter of statements; None without one."""
        return self.within.model_dump() if self.within else None


class AskBody(_Scoped):
    """A question."""

    question: str = Field(description="In any language, up to 2,000 characters.")
    history: list[str] = Field([], description="Earlier questions, oldest first.", max_length=100)
    k: int = Field(MAX_QUOTES, description="The most quotes to return, 1 to 12.")


class RetrieveBody(_Scoped):
    """A question. The best sentences are returned whether or not they answer it."""

    question: str
    k: int = Field(DEFAULT_QUOTES, le=100, description="How many sentences to return.")


def router(assistant: Assistant, gate: Gate, checks: Gate) -> APIRouter:
    """Return the routes `/ask`, `/retrieve`, `/verify` and `/statements`.

    Args:
        assistant: Answers the questions.
        gate: Gives out the turns of questions. Checks of quotes give way to them.
        checks: Gives out the turns of checks.
    """
    routes = APIRouter()

    @routes.post(
        "/ask",
        summary="Answer a question with verbatim quotes, or say it is not stated",
        description=_ASK_DESCRIPTION,
    )
    def ask(body: AskBody) -> Response:
        with gate.turn():
            answer = assistant.ask(body.question, body.history, body.k, body.filter())
        return json_reply(answer.to_json())

    @routes.post("/retrieve", summary="Find the best sentences for a question")
    def retrieve(body: RetrieveBody) -> Response:
        with gate.turn():
            quotes = assistant.retrieve(body.question, body.k, body.filter())
        return json_reply({"quotes": [quote.to_json() for quote in quotes]})

    @routes.post("/verify", summary="Check the quotes of a kept answer against the statements")
    def verify(answer: dict[str, Any]) -> Response:
        quotes = kept_answers.claimed_quotes(answer)
        if not quotes:
            raise ShuttenError("no quote to check; give what `/ask` gave")
        kept_answers.check_size(quotes)
        with checks.turn():
            ids = assistant.statement_ids()
            verdicts = verification.verify_all(
                quotes, ids, assistant.statement, gate.spare, assistant.prove_original
            )
        return json_reply(verification.report(verdicts))

    @routes.get("/statements", summary="List the statements")
    def statements() -> Response:
        rows = [statement_row(assistant.statement(name)) for name in assistant.statement_ids()]
        return json_reply({"statements": rows})

    return routes


def add_error_handlers(app: FastAPI, home: Path) -> None:
    """Make an application reply to every error with one line of JSON.

    Args:
        app: The application.
        home: The data folder, whose path no client may learn.
    """

    @app.exception_handler(ShuttenError)
    async def reply_to_error(_: Request, error: ShuttenError) -> Response:
        line, is_server_fault = for_client(error, home)
        statuses = (code for kind, code in _STATUS_BY_ERROR.items() if isinstance(error, kind))
        status = next(statuses, 500 if is_server_fault else 400)
        return error_reply(
            status, line, error.headers if isinstance(error, TooOftenError) else None
        )

    @app.exception_handler(RequestValidationError)
    async def reply_to_bad_fields(_: Request, error: RequestValidationError) -> Response:
        return error_reply(422, describe_field_errors(error.errors()))

    add_http_error_handlers(app)


def add_http_error_handlers(app: FastAPI) -> None:
    """Make an application reply with one line of JSON where HTTP or the program itself fails."""
    app.add_exception_handler(HTTPException, _reply_to_http_error)
    app.add_exception_handler(Exception, crash_reply)


async def _reply_to_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(GRADIO_ROOT):  # its page reads errors in FastAPI's usual form
        return await http_exception_handler(request, error)
    return error_reply(error.status_code, error.detail, error.headers)
