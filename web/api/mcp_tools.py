"""Tools for agents over the Model Context Protocol (streamable HTTP)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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
from qa.listing import statement_row
from qa.proof import verification
from qa.proof.kept_answers import ClaimedQuote, check_size
from qa.scope.filters import Within
from web.errors import for_client
from web.gate import Gate

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")
PATH = "/mcp"
_INSTRUCTIONS = (
    "Answers questions about government joint statements with the statements' own words. Quotes "
    "are exact slices of the source: give them unchanged, with their place. When the status is "
    "not_found, say that no answer was found; the nearest passages are not an answer. When the "
    "status is no_question, nothing was asked about the statements."
)
_Statements = Annotated[list[str], Field(description="Search only the statements of these ids.")]
_Since = Annotated[str, Field(description="Search from this date on: 2023 or 2023-05-26.")]
_Until = Annotated[str, Field(description="Search up to this date.")]
_Parties = Annotated[
    list[str], Field(description="Search statements of these countries or organisations.")
]
_ByName = Annotated[bool, Field(description="Whether the question may name some of these.")]
_Question = Annotated[str, Field(description="The question, in any language.")]


class _Tools:
    """The tools for agents, which change nothing. Agents read the docstrings as descriptions."""

    def __init__(self, assistant: Assistant, gate: Gate, checks: Gate) -> None:
        self._assistant, self._gate, self._checks = assistant, gate, checks

    def ask_statement(
        self,
        question: _Question,
        history: Annotated[
            list[str], Field(description="Earlier questions of the conversation, oldest first.")
        ] = [],  # noqa: B006
        statements: _Statements = [],  # noqa: B006
        since: _Since = "",
        until: _Until = "",
        parties: _Parties = [],  # noqa: B006
        by_name: _ByName = True,
    ) -> dict[str, Any]:
        """Answer a question with verbatim quotes of the joint statements, or say it is not stated.

        Gives the status (answered, not_found or no_question), the quotes with their place and
        offsets, a confidence from 0 to 1, and the nearest passages. For a question about a
        statement as a whole, it also gives what is recorded about that statement. `scope` says
        which statements were searched. If the question asks what is new in a statement, each quote
        has a counterpart: the nearest sentence of the earlier statements, which may say something
        else. With the reason other_statement, the statement that was
        meant is silent, and the nearest passages are of other ones.
        """
        with self._gate.turn():
            within = Within(tuple(statements), since, until, tuple(parties), by_name)
            return self._assistant.ask(question, history, within=within).to_json()

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
        record = self._assistant.statement(statement)
        wanted = record.passage(passage)
        return Quote.of(record, wanted, wanted.span, 0.0).to_json()

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

        Words that differ from the source only in line breaks, widths and the like are folded, and
        `folded` says in what they differ. Give `start` and `end` to check the place too. Give
        `sha256` to learn from `same_file` whether the source is still the file that was quoted.
        Without a place, words that stand in the source are exact, and `places` lists every place
        where they stand.
        """
        record = self._assistant.statement(statement)
        has_place = start is not None and end is not None
        check_size([ClaimedQuote(text, 0, 0, statement)])
        with self._checks.turn(), self._gate.spare():
            if not has_place and (places := verification.exact_places(text, record)):
                start, end = places[0].start, places[0].end
            quote = ClaimedQuote(text, start or 0, end or 0, statement, sha256)
            found = verification.verify(quote, record)
            original = self._assistant.prove_original(statement)
            verdict = replace(found, original=original).to_json()
        if has_place:
            return verdict
        return verdict | {"places": [{"start": span.start, "end": span.end} for span in places]}

    def list_statements(self) -> list[dict[str, Any]]:
        """List the statements that can be asked about and quoted.

        Gives for each its id, title, date, parties, number of the meeting, language, status (such
        as 仮訳, a provisional translation), number of passages and checksum.
        """
        return [
            statement_row(self._assistant.statement(name))
            for name in self._assistant.statement_ids()
        ]


def _with_readable_errors(
    tool: Callable[_Parameters, _Result], home: Path
) -> Callable[_Parameters, _Result]:
    """Return a tool that tells agents of our errors. The MCP server hides all other exceptions."""

    @wraps(tool)
    def wrapped(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Result:
        try:
            return tool(*args, **kwargs)
        except ShuttenError as error:
            raise ToolError(for_client(error, home)[0]) from None

    return wrapped


def build_server(assistant: Assistant, gate: Gate, checks: Gate) -> MCPServer[Any]:
    """Return an MCP server with the tools.

    Args:
        assistant: Answers the questions.
        gate: Gives out the turns of questions. Checks of quotes give way to them.
        checks: Gives out the turns of checks.
    """
    tools = _Tools(assistant, gate, checks)
    # At lower levels it logs a line for each request, which would fill the disk in time.
    server: MCPServer[Any] = MCPServer("Shutten", instructions=_INSTRUCTIONS, log_level="ERROR")
    for tool in (
        tools.ask_statement,
        tools.search_passages,
        tools.get_passage,
        tools.verify_quote,
        tools.list_statements,
    ):
        server.add_tool(_with_readable_errors(tool, assistant.home))
    return server


def build_application(server: MCPServer[Any]) -> Starlette:
    """Return an application that serves the tools at `/mcp` and keeps no sessions.

    It does not check who may call a tool; `web.security.guard` does so before.
    """
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    for route in app.routes:
        if isinstance(route, Route):  # GET would wait for ever for messages that never come
            route.methods = {"POST"}
    return app
