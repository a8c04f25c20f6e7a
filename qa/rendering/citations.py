"""Citations: where a quote stands, and a quote with its source in the forms that are copied."""

from __future__ import annotations

import re
from collections.abc import Mapping

from corpus.characters.line_breaks import fold_line_breaks
from corpus.characters.widths import columns
from corpus.records import Provenance
from qa.answers.answer import Quote
from qa.rendering.descriptions import status, title
from qa.rendering.messages import messages
from qa.rendering.names import statement_name

# A citation beside a quote shall be short, so the id stands for a title of more columns than this.
_MAX_TITLE_COLUMNS = 40
_BIBTEX_SIGN = re.compile(r"[\\{}]")
# BibTeX requires that the braces of a field are in pairs.
_BIBTEX_COMMANDS = {"\\": "\\textbackslash ", "{": "\\textbraceleft ", "}": "\\textbraceright "}


def citation(quote: Quote, provenance: Provenance, language: str) -> str:
    """Return the full citation in one line: title, status, date, id, place and offsets."""
    texts = messages(language)
    name = title(provenance, language) or quote.statement
    note = status(provenance, language)
    if note:
        note = texts["citation_status"].format(status=note)
    offsets = texts["citation_offsets"].format(start=quote.start, end=quote.end)
    return " · ".join([*_names(name, note, quote, provenance, language), offsets])


def short_citation(quote: Quote, provenance: Provenance, language: str) -> str:
    """Return the citation that stands beside a quote: a short title, date, id and place."""
    name = title(provenance, language)
    if not 0 < columns(name) <= _MAX_TITLE_COLUMNS:
        name = quote.statement
    return " · ".join(_names(name, "", quote, provenance, language))


def named_citation(quote: Quote, provenance: Mapping[str, Provenance], language: str) -> str:
    """Return the citation for readers of a page: the short name of the statement, and the place.

    "Japan-U.S. joint statement, 10 Apr 2024, paragraph 12", and other statements with the same
    words.

    Args:
        quote: The quote.
        provenance: The facts of its statement by id, and of the others as far as they are known.
        language: Language of the reader.
    """
    texts = messages(language)
    name = statement_name(quote.statement, provenance[quote.statement], language)
    line = texts["name_with_place"].format(name=name, place=quote.place.describe(language))
    others = [
        statement_name(other, provenance[other], language) if other in provenance else other
        for other in quote.also_in
    ]
    also = [texts["citation_also"].format(names=" / ".join(others))] if others else []
    return " · ".join([line, *also])


def _names(name: str, note: str, quote: Quote, provenance: Provenance, language: str) -> list[str]:
    """Return the name of the statement with its date, its id, and the place, none of them twice.

    Other statements with the same words come last.
    """
    date = provenance.date
    if date and date not in name:
        note += messages(language)["citation_date"].format(date=date)
    statement_id = [] if name == quote.statement else [quote.statement]
    also = messages(language)["citation_also"].format(names=", ".join(quote.also_in))
    places = [quote.place.describe(language), *([also] if quote.also_in else [])]
    return [name + note, *statement_id, *places]


def copied_forms(quote: Quote, provenance: Provenance, language: str) -> dict[str, str]:
    """Return a quote with its citation in each form that can be copied, with folded line breaks.

    Returns:
        The forms `text`, `markdown` and `bibtex`.
    """
    return {
        "text": as_text(quote, provenance, language),
        "markdown": as_markdown(quote, provenance, language),
        "bibtex": as_bibtex(quote, provenance, language),
    }


def as_text(quote: Quote, provenance: Provenance, language: str) -> str:
    """Return a quote in quotation marks, and its citation in the line below."""
    quoted = messages(language)["quoted"].format(text=fold_line_breaks(quote.text))
    return f"{quoted}\n{citation(quote, provenance, language)}"


def as_markdown(quote: Quote, provenance: Provenance, language: str) -> str:
    """Return a quote as a block quote of Markdown, with its citation."""
    lines = "\n".join(f"> {line}" for line in fold_line_breaks(quote.text).splitlines())
    return f"{lines}\n>\n> — {citation(quote, provenance, language)}"


def as_bibtex(quote: Quote, provenance: Provenance, language: str) -> str:
    """Return a BibTeX entry, with the quote as its abstract and the citation as its note."""
    place = citation(quote, provenance, language)
    issuers = (f"{{{_bibtex_text(name)}}}" for name in provenance.issuers)
    fields = {
        "title": _bibtex_text(provenance.title or quote.statement),
        "author": " and ".join(issuers),
        "date": _bibtex_text(provenance.date),
        "type": _bibtex_text(provenance.status),
        "note": _bibtex_text(f"{place}; sha256 {quote.sha256}"),
        "abstract": _bibtex_text(fold_line_breaks(quote.text)),
    }
    rows = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    key = re.sub(r"[^A-Za-z0-9]+", "-", quote.statement).strip("-")
    return f"@misc{{{key}-{quote.start},\n{rows}\n}}"


def _bibtex_text(text: str) -> str:
    """Return text that can stand within braces of BibTeX."""
    return _BIBTEX_SIGN.sub(lambda sign: _BIBTEX_COMMANDS[sign[0]], text)
