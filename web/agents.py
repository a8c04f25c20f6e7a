"""Tools for agents over the Model Context Protocol (streamable HTTP)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import Field
from starlette.applications import Starlette

from corpus.errors import ShuttenError
from qa import verifying
from qa.answer import Quote
from qa.assistant import Assistant
from qa.quoting import MAX_QUOTES
from web.gate import Gate

_P = ParamSpec("_P")
_T = TypeVar("_T")
PATH = "/mcp"
_ABOUT = (
    "Answers questions about government joint statements with the statements' own words. Quotes "
    "are exact slices of the source: give them unchanged, with their place. When the status is "
    "not_found, say that the statement does not seem to say; the nearest passages are no answer."
)
_Question = Annotated[str, Field(description="The question, in any language.")]


class _Tools:
    """What agents may call, all of which only reads. Their descriptions are these docstrings."""

    def __init__(self, assistant: Assistant, gate: Gate) -> None:
        self._assistant, self._gate = assistant, gate

    def ask_statement(
        self,
        question: _Question,
        history: Annotated[
            list[str], Field(description="Earlier questions of the conversation, oldest first.")
        ] = [],  # noqa: B006
    ) -> dict[str, Any]:
        """Answer a question with verbatim quotes of the joint statements, or say it is not stated.

        Gives the status (answered or not_found), the quotes with their place and offsets, a
        confidence from 0 to 1, and the nearest passages.
        """
        with self._gate.turn():
            return self._assistant.ask(question, history).to_json()

    def search_passages(
        self,
        question: _Question,
        count: Annotated[int, Field(description="How many sentences.", ge=1, le=MAX_QUOTES)] = 5,
    ) -> list[dict[str, Any]]:
        """Find the sentences nearest to a question, whether or not they answer it."""
        with self._gate.turn():
            return [quote.to_json() for quote in self._assistant.retrieve(question, count)]

    def get_passage(
        self,
        statement: Annotated[str, Field(description="Id of the statement, as a quote gives it.")],
        passage: Annotated[str, Field(description="Id of the passage, as a quote gives it.")],
    ) -> dict[str, Any]:
        """Read a whole passage of a statement, word for word, to see what stands around a quote."""
        found = self._assistant.statement(statement)
        whole = found.passage(passage)
        return Quote.of(found, whole, whole.span, 0.0).to_json()

    def verify_quote(
        self,
        text: Annotated[str, Field(description="The words, exactly as they were quoted.")],
        statement: Annotated[str, Field(description="Id of the statement.")],
        start: Annotated[int, Field(description="The first code point in the source.")] = 0,
        end: Annotated[int, Field(description="One past the last code point.")] = 0,
    ) -> dict[str, Any]:
        """Check words against the source: exact, moved, altered (with the difference), missing."""
        claimed = verifying.Claimed(text, start, end, statement)
        with self._gate.turn():
            return verifying.verify(claimed, self._assistant.statement(statement)).to_json()


def _told(tool: Callable[_P, _T]) -> Callable[_P, _T]:
    """A tool whose errors reach the agent: others are taken for crashes, and kept from it."""

    @wraps(tool)
    def telling(*args: _P.args, **about: _P.kwargs) -> _T:
        try:
            return tool(*args, **about)
        except ShuttenError as error:
            raise ToolError(str(error)) from None

    return telling


def server(assistant: Assistant, gate: Gate) -> MCPServer[Any]:
    """The tools.

    Args:
        assistant: Answers.
        gate: What each call waits at.
    """
    tools = _Tools(assistant, gate)
    offered: MCPServer[Any] = MCPServer("Shutten", instructions=_ABOUT)
    for one in (
        tools.ask_statement,
        tools.search_passages,
        tools.get_passage,
        tools.verify_quote,
    ):
        offered.add_tool(_told(one))
    return offered


def application(tools: MCPServer[Any]) -> Starlette:
    """The tools as an application that keeps no sessions; who may call is looked at before it."""
    return tools.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
