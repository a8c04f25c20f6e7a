"""`shutten check`: a sentence from elsewhere beside the words of the source."""

from __future__ import annotations

from typing import Any

import click

from cli.exit_codes import DONE, NOT_FOUND
from cli.groups import Command
from cli.options import Place, argument, json_option, library_options, within_options
from cli.output import print_json


@click.command(
    cls=Command,
    epilog="Exit codes: 0 there is a passage about it, 1 there is none, or a number, month or "
    "name of the sentence is not there, 2 usage or input error.",
)
@argument("claim", "CLAIM", "the sentence, in any language")
@library_options
@json_option()
@within_options
def check(claim: str, as_json: bool, place: Place, within: dict[str, Any]) -> int:
    """Put a sentence from a press article beside the source's own words.

    Compares words, numbers, months, acronyms and, in one language, names. What may be a name and
    cannot be compared is listed as not checked. Meaning is for the reader.
    """
    from index.home import named_library
    from qa.assistant import Assistant
    from qa.proof.claims import check as check_claim
    from qa.rendering.outline import cited_provenance
    from qa.rendering.terminal import claim_to_text

    assistant = Assistant.open(named_library(*place))
    result = check_claim(assistant, claim, within)
    if as_json:
        print_json(result.to_json())
    else:
        quotes = [result.quote] if result.quote else []
        print(claim_to_text(result, cited_provenance(quotes, assistant.statement)))
    return DONE if result.finding in ("verbatim", "found") else NOT_FOUND
