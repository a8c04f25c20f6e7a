"""Remarks from the page: `/feedback`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from qa.assistant import MAX_QUESTION, Assistant
from qa.feedback import Feedback, Kind, Remark
from web.rates import Rate, TooOftenError, sender

_MOST = 20
# Remarks at once, and seconds between those that follow: of one sender, and of all together.
_EACH, _ALL = (20, 3.0), (60, 1.0)
Words = tuple[str, int, int]


class Said(BaseModel):
    """What a reader says of an answer; see `qa.feedback.Remark`."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    question: str = Field(min_length=1, max_length=MAX_QUESTION)
    history: list[Annotated[str, Field(max_length=MAX_QUESTION)]] = Field([], max_length=_MOST)
    quotes: list[Words] = Field([], max_length=_MOST)
    better: Words | None = None


def router(assistant: Assistant) -> APIRouter:
    """Where remarks go."""
    routes = APIRouter()
    kept = Feedback(assistant.home, assistant.statement)
    each, everybody = Rate(*_EACH), Rate(*_ALL)

    @routes.post("/feedback", summary="Say that an answer is good or bad, or what is better")
    def feedback(said: Said, request: Request) -> dict[str, str]:
        if wait := each.take(sender(request.scope)) or everybody.take(None):
            raise TooOftenError("too many remarks", wait)
        kept.add(
            Remark(said.kind, said.question, tuple(said.history), tuple(said.quotes), said.better)
        )
        return {"status": "kept"}

    return routes
