"""Questions, answers and notices as HTML. All functions are pure.

No character of a question or a source can act as markup on the page: every character that means
something to HTML, or to the templates of `gr.HTML`, is written as a character reference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, assert_never
from urllib.parse import quote as percent_encoded

from corpus.characters.line_breaks import fold_line_breaks
from corpus.errors import ShuttenError
from corpus.records import Provenance
from qa.answers.answer import Answer, Quote
from qa.answers.reading_order import reading_order
from qa.confidence.calibration import high_right
from qa.questions.checks import MAX_QUESTION
from qa.rendering.blocks import (
    Block,
    CitedQuote,
    FactList,
    ForeignLanguage,
    Nearest,
    Quotes,
    Reply,
    Silence,
    Summary,
    Unanswered,
    Understood,
)
from qa.rendering.messages import interface_language, messages
from qa.rendering.outline import outline
from web.errors import for_client
from web.gate import BusyError
from web.page.strings import TEXTS

_SPECIAL = re.compile(r"[\x00\r\"$&'<>`{}]")
# Gradio's own button for copying would copy the character references.
_COPY_BUTTONS = {"copy-text": "copy", "copy-markdown": "markdown", "copy-bibtex": "bibtex"}
_REMARK_BUTTONS = {"good": "good", "bad": "bad", "better": "better"}


def escaped(text: str) -> str:
    """Return text as HTML whose `textContent` is the same text again.

    NUL becomes U+FFFD, since HTML cannot hold it.
    """
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0]) or 0xFFFD};", text)


def html_value(data: Any) -> str:
    """Return data as JSON for the value of a `gr.HTML`, which must not find any tag in it."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


# -- notices ----------------------------------------------------------------------------------


def problem(question: str, error: ShuttenError, home: Path) -> str:
    """Return what is wrong with a question, as a line above the question box.

    Such a question may have no language to answer in. So the line is in both languages, and the
    style sheet shows that of the page.

    Args:
        question: The question as it was asked.
        error: What went wrong.
        home: The data folder, whose path is not shown.
    """
    if isinstance(error, BusyError):
        return bilingual("busy")
    if not question.strip():
        return bilingual("empty")
    if len(question) > MAX_QUESTION:
        return bilingual("long")
    return error_line(error, home)


def bilingual(key: str, most: int = MAX_QUESTION, role: str = "alert") -> str:
    """Return a text in both languages, as a line above the question box.

    Args:
        key: Key of the text.
        most: The number that stands for `{most}` in the text.
        role: `alert` for a problem, which screen readers announce at once; `status` otherwise.
    """
    kind = "problem" if role == "alert" else "note"
    return f'<p class="{kind}" role="{role}">{in_both_languages(key, most=most)}</p>'


def in_both_languages(key: str, **values: object) -> str:
    """Return a text in both languages. The style sheet shows that of the page.

    Args:
        key: Key of the text.
        values: What stands for the placeholders of the text.
    """
    return "".join(
        f'<span class="ui-{language}">{escaped(texts[key].format(**values))}</span>'
        for language, texts in TEXTS.items()
    )


def error_line(error: ShuttenError, home: Path) -> str:
    """Return an error as a line that screen readers announce at once.

    Args:
        error: What went wrong.
        home: The data folder, whose path is not shown.
    """
    return f'<p class="problem" role="alert">{escaped(for_client(error, home)[0])}</p>'


# -- questions and answers --------------------------------------------------------------------


def user_turn(question: str) -> str:
    """Return a question as HTML."""
    return f'<h2 class="asked" dir="auto">{escaped(question)}</h2>'


def answer_turn(
    answer: Answer, provenance: Mapping[str, Provenance], *, asked_alone: bool = False
) -> str:
    """Return an answer as HTML.

    Args:
        answer: The answer.
        provenance: The provenance of each statement that it cites, by its id.
        asked_alone: Whether the question was asked without the earlier ones that there are.
    """
    language = interface_language(answer.language)
    texts = messages(language)
    shown = replace(answer, quotes=tuple(reading_order(answer.quotes)))
    blocks = outline(shown, provenance)
    parts = [_block(block, texts) for block in blocks]
    if asked_alone:
        note = _paragraph("note", texts["asked_alone"])
        parts.insert(sum(isinstance(block, Understood) for block in blocks), note)
    if answer.status != "no_question":
        parts.append(f'<p class="remarks">{_buttons(_REMARK_BUTTONS, texts)}</p>')
    return f'<div class="answer" lang="{language}">{"".join(parts)}</div>'


def _block(block: Block, texts: Mapping[str, str]) -> str:
    """Return one block as HTML."""
    match block:
        case Understood(text):
            return f'<p class="note">{escaped(text)} {_buttons({"alone": "alone"}, texts)}</p>'
        case Reply(paragraphs):
            return "".join(_paragraph("note", text) for text in paragraphs)
        case Silence(reason, checked):
            return _paragraph("silent", reason) + _paragraph("note", checked)
        case Summary():
            return _summary(block, texts)
        case FactList(heading, lines):
            return _paragraph("note", heading) + _list(lines)
        case Quotes(quotes):
            return "".join(_quoted(quote, texts, "blockquote") for quote in quotes)
        case Nearest(heading, quotes):
            nearest = "".join(_quoted(quote, texts, "p") for quote in quotes)
            return f'<div class="nearest">{_paragraph("note", heading)}{nearest}</div>'
        case Unanswered(text):
            return _paragraph("silent", text)
        case ForeignLanguage(text):
            return _paragraph("note", text)
        case _:
            assert_never(block)


def _summary(block: Summary, texts: Mapping[str, str]) -> str:
    """Return the line above the quotes. It opens to explain a level of confidence."""
    line = " · ".join([block.subject or block.confidence, block.quotes, block.checked])
    if block.subject:
        return _paragraph("note", line)
    meaning = [texts["confidence_meaning"]]
    share = high_right()
    if share is not None:
        meaning.append(texts["confidence_rate"].format(right=round(100 * share)))
    opened = "".join(_paragraph("sure", text) for text in meaning)
    return f'<details class="note"><summary>{escaped(line)}</summary>{opened}</details>'


def _list(lines: Iterable[str]) -> str:
    items = "".join(f'<li dir="auto">{escaped(line)}</li>' for line in lines)
    return f'<ul class="facts">{items}</ul>'


def _quoted(cited: CitedQuote, texts: Mapping[str, str], tag: str) -> str:
    """Return a quote, the words that follow it, its context, and its citation."""
    quote, language = cited.quote, escaped(cited.provenance.language)
    parts = [f'<{tag} class="words" lang="{language}" dir="auto">{_marked(quote)}</{tag}>']
    if quote.following:
        parts.append(_other_words(texts["following"], quote.following, language))
    if quote.context:
        parts.append(_other_words(texts["context"], quote.context, language))
    link = f'<a href="{passage_link(quote)}"><bdi>{escaped(cited.citation)}</bdi></a>'
    parts.append(f'<p class="cite">{link} {_buttons(_COPY_BUTTONS, texts)}</p>')
    return f'<div class="quote">{"".join(parts)}</div>'


def _other_words(template: str, words: str, language: str) -> str:
    """Return other words of the statement, within the text of the page that introduces them.

    Args:
        template: The text, with one placeholder.
        words: The words of the statement.
        language: Language of the statement.
    """
    before, after = map(escaped, re.split(r"{\w+}", template))
    folded = escaped(fold_line_breaks(words))
    return f'<p class="under">{before}<bdi lang="{language}">{folded}</bdi>{after}</p>'


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


def _buttons(keys: Mapping[str, str], texts: Mapping[str, str]) -> str:
    """Return buttons for `page.js`.

    Args:
        keys: The key of each button's text, by the value of the button.
        texts: The texts.
    """
    return " ".join(
        f'<button type="button" value="{value}">{escaped(texts[key])}</button>'
        for value, key in keys.items()
    )


def _paragraph(kind: str, text: str) -> str:
    """Return text as a paragraph; empty if there is no text."""
    return f'<p class="{kind}">{escaped(text)}</p>' if text else ""
