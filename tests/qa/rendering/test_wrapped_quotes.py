"""Quotes of a wrapped statement are shown and copied in one line, and proved as they stand."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from answers import answered, provenance_of
from statements import quotes_from, statement_from

from corpus.records import Span, Statement
from qa.answers.answer import Answer, Quote
from qa.proof.kept_answers import ClaimedQuote, claimed_quotes
from qa.proof.verification import verify
from qa.rendering.citations import copied_forms
from qa.rendering.markdown import conversation_to_markdown
from qa.rendering.terminal import to_text
from web.page.markup import answer_turn

ENGLISH = statement_from(
    "The ministers welcomed the progress that was made on the shared supply\n"
    "chains, and confirmed that they would meet again, in Detroit,\nbefore the year ends.\n",
    "english",
)
JAPANESE = statement_from(
    "両大臣は、重要鉱物の供給網について協力が進んで\nいることを歓迎し、オープン\nRANの普及に向け\n"
    "て再び会合することで一致した。\n",
    "japanese",
)
READ = {
    "english": "The ministers welcomed the progress that was made on the shared supply chains, and "
    "confirmed that they would meet again, in Detroit, before the year ends.",
    "japanese": "両大臣は、重要鉱物の供給網について協力が進んでいることを歓迎し、オープンRANの"
    "普及に向けて再び会合することで一致した。",
}
both = pytest.mark.parametrize("statement", [ENGLISH, JAPANESE], ids=READ)


def answer_of(statement: Statement) -> tuple[Answer, Quote]:
    """Return an answer with the one sentence of a statement, of which some words are marked."""
    (quote,) = quotes_from(statement)
    words = [re.search(word, statement.source.text) for word in ("chains|RAN", "ends|会合")]
    marks = tuple(Span(*match.span()) for match in words if match)
    assert len(marks) == 2
    quote = replace(quote, marks=marks, following=quote.text, context=quote.text)
    return replace(answered(statement), quotes=(quote,)), quote


@both
def test_it_is_read_in_one_line_everywhere(statement: Statement) -> None:
    answer, quote = answer_of(statement)
    provenance, read = provenance_of(statement), READ[statement.id]
    assert "\n" in quote.text
    assert to_text(answer, provenance).count(read) == 3  # the quote, its context, what follows
    assert conversation_to_markdown([answer], provenance).count(read) == 2
    forms = copied_forms(quote, statement.provenance, "en")
    assert forms["text"].startswith(f"“{read}”\n")
    assert forms["markdown"].startswith(f"> {read}\n>\n> — ")
    assert f"abstract = {{{read}}}" in forms["bibtex"]


@both
def test_the_page_lights_the_same_words(statement: Statement) -> None:
    answer, quote = answer_of(statement)
    page = answer_turn(answer, provenance_of(statement))
    (words,) = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", page)
    assert re.sub("</?mark>", "", words) == READ[statement.id]
    marked = [mark.of(statement.source.text) for mark in quote.marks]
    assert re.findall("<mark>(.*?)</mark>", words) == marked


@both
def test_what_is_exported_is_the_slice_of_the_file(statement: Statement) -> None:
    answer, quote = answer_of(statement)
    (claimed,) = claimed_quotes(answer.to_json())
    assert claimed.text == statement.source.text[quote.start : quote.end]
    assert verify(claimed, statement).finding == "exact"


@both
def test_what_is_read_can_be_checked_too(statement: Statement) -> None:
    _, quote = answer_of(statement)
    claimed = ClaimedQuote(READ[statement.id], quote.start, quote.end, statement.id)
    verdict = verify(claimed, statement)
    assert (verdict.finding, verdict.folded, verdict.text) == ("folded", ("breaks",), quote.text)
