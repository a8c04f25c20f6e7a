"""The address `/feedback`, to which the page sends remarks of readers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from qa.assistant import Assistant
from qa.feedback import Feedback, Kind, Remark, SentencePlace
from qa.questions.checks import MAX_QUESTION
from qa.scope.filters import Within
from web.api.rest import WithinBody
from web.rates import Rate, TooOftenError, sender

_MAX_ITEMS = 20  # earlier questions, and quotes
# Remarks at once, and seconds between those that follow.
_RATE_BY_SENDER, _RATE_OF_ALL = (20, 3.0), (60, 1.0)


class RemarkBody(BaseModel):
    """A remark of a reader on an answer; see `qa.feedback.Remark`."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    question: str = Field(min_length=1, max_length=MAX_QUESTION)
    history: list[Annotated[str, Field(max_length=MAX_QUESTION)]] = Field([], max_length=_MAX_ITEMS)
    quotes: list[SentencePlace] = Field([], max_length=_MAX_ITEMS)
    better: SentencePlace | None = None
    within: WithinBody | None = None

    def remark(self) -> Remark:
        """Return the remark."""
        return Remark(
            self.kind,
            self.question,
            tuple(self.history),
            tuple(self.quotes),
            self.better,
            Within.of(self.within.model_dump() if self.within else None),
        )


def router(assistant: Assistant) -> APIRouter:
    """Return the route `/feedback`, which keeps remarks in the data folder."""
    routes = APIRouter()
    store = Feedback(assistant.home, assistant.statement)
    rate_by_sender, rate_of_all = Rate(*_RATE_BY_SENDER), Rate(*_RATE_OF_ALL)

    @routes.post("/feedback", summary="Say that an answer is good or bad, or what is better")
    def feedback(body: RemarkBody, request: Request) -> dict[str, str]:
        if wait := rate_by_sender.take(sender(request.scope)) or rate_of_all.take(None):
            raise TooOftenError("too many remarks", wait)
        store.add(body.remark())
        return {"status": "kept"}

    return routes
