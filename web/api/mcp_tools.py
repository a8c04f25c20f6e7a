"""Tools for agents over the Model Context Protocol (streamable HTTP)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import Field
from starlette.applications import Starlette
from starlette.routing import Route

from corpus.errors import ShuttenError
from qa.answers.answer import Quote
from qa.assistant import Assistant
from qa.confidence.quote_count import MAX_QUOTES
from qa.listing import listed
from qa.proof import verification
from web.errors import for_client
from web.gate import Gate

_P = ParamSpec("_P")
_T = TypeVar("_T")
PATH = "/mcp"
_ABOUT = (
    "Answers questions about government joint statements with the statements' own words. Quotes "
    "are exact slices of the source: give them unchanged, with their place. When the status is "
    "not_found, say that nothing was found that answers; the nearest passages are no answer. When "
    "it is no_question, nothing was asked of the statements."
)
_Question = Annotated[str, Field(description="The question, in any language.")]


class _Tools:
    """What agents may call, all of which only reads. Their descriptions are these docstrings."""

    def __init__(self, assistant: Assistant, gate: Gate, checks: Gate) -> None:
        self._assistant, self._gate, self._checks = assistant, gate, checks

    def ask_statement(
        self,
        question: _Question,
        history: Annotated[
            list[str], Field(description="Earlier questions of the conversation, oldest first.")
        ] = [],  # noqa: B006
    ) -> dict[str, Any]:
        """Answer a question with verbatim quotes of the joint statements, or say it is not stated.

        Gives the status (answered, not_found or no_question), the quotes with their place and
        offsets, a confidence from 0 to 1, the nearest passages, and for a question about a
        statement as a whole what is recorded of it.
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
        start: Annotated[
            int | None, Field(description="The first code point in the source, if known.")
        ] = None,
        end: Annotated[
            int | None, Field(description="One past the last code point, if known.")
        ] = None,
        sha256: Annotated[str, Field(description="Checksum of the source, if known.")] = "",
    ) -> dict[str, Any]:
        """Check words against the source: exact, moved, altered (with the difference), missing.

        Words that are the same but for line breaks, widths and the like are folded, and `folded`
        says in what they differ.
        Give `start` and `end` to check the place too, and `sha256` to be told in `same_file`
        whether the source is still the file that was quoted. Without a place, words that stand in
        the source are exact, and `places` lists every place where they stand.
        """
        found = self._assistant.statement(statement)
        placed = start is not None and end is not None
        verification.check_size([verification.Claimed(text, 0, 0, statement)])
        with self._checks.turn(), self._gate.spare():
            if not placed and (places := verification.places(text, found)):
                start, end = places[0].start, places[0].end
            claimed = verification.Claimed(text, start or 0, end or 0, statement, sha256)
            verdict = verification.verify(claimed, found).to_json()
        if placed:
            return verdict
        return verdict | {"places": [{"start": one.start, "end": one.end} for one in places]}

    def list_statements(self) -> list[dict[str, Any]]:
        """List the statements that can be asked about and quoted.

        Gives of each its id, title, date, language, status (such as 仮訳, a provisional
        translation), number of passages and checksum.
        """
        return [listed(self._assistant.statement(name)) for name in self._assistant.statement_ids()]


def _told(tool: Callable[_P, _T], home: Path) -> Callable[_P, _T]:
    """A tool whose errors reach the agent: others are taken for crashes, and kept from it."""

    @wraps(tool)
    def telling(*args: _P.args, **about: _P.kwargs) -> _T:
        try:
            return tool(*args, **about)
        except ShuttenError as error:
            raise ToolError(for_client(error, home)[0]) from None

    return telling


def server(assistant: Assistant, gate: Gate, checks: Gate) -> MCPServer[Any]:
    """The tools.

    Args:
        assistant: Answers.
        gate: What each question waits at, and what is checked gives way to.
        checks: What each quote to be checked waits at.
    """
    tools = _Tools(assistant, gate, checks)
    # A line for each request would fill the disk of whoever keeps the output.
    offered: MCPServer[Any] = MCPServer("Shutten", instructions=_ABOUT, log_level="ERROR")
    for one in (
        tools.ask_statement,
        tools.search_passages,
        tools.get_passage,
        tools.verify_quote,
        tools.list_statements,
    ):
        offered.add_tool(_told(one, assistant.home))
    return offered


def application(tools: MCPServer[Any]) -> Starlette:
    """The tools as an application that keeps no sessions; who may call is looked at before it."""
    app = tools.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    for route in app.routes:
        if isinstance(route, Route):  # else GET waits for ever for messages that never come
            route.methods = {"POST"}
    return app
