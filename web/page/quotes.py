"""Quotes as HTML, each with its citation and beside its counterpart. All functions are pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote as percent_encoded

from corpus.characters.line_breaks import fold_line_breaks
from qa.answers.answer import Quote
from qa.rendering.blocks import CitedQuote
from web.page.elements import buttons, escaped, paragraph

# Gradio's own button would copy the HTML of a text, such as "&amp;" where the text has "&".
_COPY_BUTTONS = {"copy-text": "copy", "copy-markdown": "markdown", "copy-bibtex": "bibtex"}
_PAGE_BUTTON = {"see-page": "see_page"}

Citation = Callable[[CitedQuote], str]


def quoted(
    cited: CitedQuote,
    tag: str,
    citation: Citation,
    texts: Mapping[str, str],
    *,
    best: bool = False,
) -> str:
    """Return a quote, and beside it its counterpart if it has one.

    Args:
        cited: The quote.
        tag: The tag of its words.
        citation: Returns the citation of a quote.
        texts: The texts in the language of the reader.
        best: Whether the quote is marked as the best one.
    """
    mark = paragraph("rank", texts["best_quote"]) if best else ""
    kind = "quote best" if best else "quote"
    if cited.counterpart is None:
        return _quote(cited, tag, citation, texts, kind, mark)
    mark += paragraph("side", texts["counterpart_of"])
    heading, other = paragraph("side", cited.counterpart.heading), cited.counterpart.cited
    # The words of a counterpart are no answer, so they are no `blockquote`.
    sides = [
        _quote(cited, tag, citation, texts, kind, mark),
        _quote(other, "p", citation, texts, "quote counterpart", heading),
    ]
    return f'<div class="sides">{"".join(sides)}</div>'


def _quote(
    cited: CitedQuote, tag: str, citation: Citation, texts: Mapping[str, str], kind: str, above: str
) -> str:
    """Return a quote, the words that follow it, its context, and its citation.

    Args:
        cited: The quote.
        tag: The tag of its words.
        citation: Returns its citation.
        texts: The texts in the language of the reader.
        kind: The classes of the element.
        above: What stands above the words, as HTML.
    """
    quote, language = cited.quote, escaped(cited.provenance.language)
    parts = [f'<{tag} class="words" lang="{language}" dir="auto">{_marked(quote)}</{tag}>']
    if quote.following:
        parts.append(_other_words(texts["following"], quote.following, language))
    if quote.context:
        parts.append(_other_words(texts["context"], quote.context, language))
    # The gloss is for readers of its language; others can read the quote itself.
    if quote.gloss and quote.gloss.language == texts["code"]:
        parts.append(_other_words(texts["gloss"], quote.gloss.text, quote.gloss.language, "gloss"))
    link = f'<a href="{passage_link(quote)}"><bdi>{escaped(citation(cited))}</bdi></a>'
    keys = (
        _PAGE_BUTTON | _COPY_BUTTONS if quote.original and quote.original.pages else _COPY_BUTTONS
    )
    parts.append(f'<p class="cite">{link} {buttons(keys, texts)}</p>')
    parallel = _parallel(cited, citation, texts) if cited.parallel else ""
    return f'<div class="{kind}">{above}{"".join(parts)}</div>{parallel}'


def _parallel(cited: CitedQuote, citation: Citation, texts: Mapping[str, str]) -> str:
    """Return what the statement says in its other language. It is no quote that answers."""
    assert cited.parallel
    heading = paragraph("side", cited.parallel.heading)
    quotes = [
        _quote(other, "p", citation, texts, "quote counterpart parallel", "")
        for other in cited.parallel.quotes
    ]
    differing = [paragraph("differing", line) for line in cited.parallel.differing]
    return f'<div class="beside">{heading}{"".join([*quotes, *differing])}</div>'


def _other_words(template: str, words: str, language: str, kind: str = "") -> str:
    """Return other words than those of the quote, within the text of the page that introduces them.

    Args:
        template: The text, with one placeholder.
        words: The words.
        language: Language of the words.
        kind: A further class of the element.
    """
    before, after = map(escaped, re.split(r"{\w+}", template))
    folded = escaped(fold_line_breaks(words))
    classes = f"under {kind}".strip()
    return f'<p class="{classes}">{before}<bdi lang="{language}">{folded}</bdi>{after}</p>'


def passage_link(quote: Quote) -> str:
    """Return the link to the place of a quote in the statement beside the chat."""
    place = f"{quote.passage}-{quote.start}-{quote.end}"
    return f"#passage-{place}-{percent_encoded(quote.statement, safe='')}"


def _marked(quote: Quote) -> str:
    """Return the text of a quote with folded line breaks, and its marks as `mark` elements."""
    parts, done = [], 0
    for mark in quote.marks:
        start, end = mark.start - quote.start, mark.end - quote.start
        parts.append(escaped(fold_line_breaks(quote.text, done, start)))
        parts.append(f"<mark>{escaped(quote.text[start:end])}</mark>")
        done = end
    return "".join([*parts, escaped(fold_line_breaks(quote.text, done))])
