"""Questions and answers as HTML. All functions are pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from corpus.records import Provenance
from qa.answers.answer import Answer
from qa.answers.reading_order import by_statement, reading_order
from qa.confidence.calibration import high_right
from qa.rendering.blocks import (
    Block,
    CitedQuote,
    FactList,
    ForeignLanguage,
    Nearest,
    Quotes,
    Reply,
    Searched,
    Silence,
    Summary,
    Unanswered,
    Understood,
)
from qa.rendering.citations import named_citation
from qa.rendering.descriptions import title
from qa.rendering.messages import interface_language, messages
from qa.rendering.names import statement_name
from qa.rendering.outline import outline
from web.page.elements import buttons, escaped, in_each, paragraph
from web.page.quotes import quoted
from web.page.strings import TEXTS

_REMARK_BUTTONS = {"good": "good", "bad": "bad", "better": "better"}


def user_turn(question: str, asked: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return a question as HTML.

    Args:
        question: The question.
        asked: Names of the statements that were chosen to be asked, by the language of the page.
    """
    heading = f'<h2 class="asked" dir="auto">{escaped(question)}</h2>'
    if not asked:
        return heading
    lines = {
        language: TEXTS[language]["asked_of"].format(names=" / ".join(names))
        for language, names in asked.items()
    }
    return f'<div>{heading}<p class="asked-of">{in_each(lines)}</p></div>'


def answer_turn(
    answer: Answer, provenance: Mapping[str, Provenance], *, asked_alone: bool = False
) -> str:
    """Return an answer as HTML.

    Args:
        answer: The answer.
        provenance: The provenance of each statement that it cites or names, by its id. A statement
            that it only names may be missing.
        asked_alone: Whether the question was asked without the earlier ones that there are.
    """
    language = interface_language(answer.language)
    texts = messages(language)
    page = _Page(answer, provenance, language)
    blocks = outline(page.shown, provenance)
    parts = [_block(block, page) for block in blocks]
    if asked_alone:
        note = paragraph("note", texts["asked_alone"])
        parts.insert(sum(isinstance(block, Understood) for block in blocks), note)
    if answer.status != "no_question":
        parts.append(f'<p class="remarks">{buttons(_REMARK_BUTTONS, texts)}</p>')
    return f'<div class="answer" lang="{language}">{"".join(parts)}</div>'


@dataclass(frozen=True, slots=True)
class _Page:
    """An answer, and what is needed to write it for readers of the page.

    Attributes:
        answer: The answer.
        provenance: See `answer_turn`.
        language: Language of the page's own words.
    """

    answer: Answer
    provenance: Mapping[str, Provenance]
    language: str

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts in this language."""
        return messages(self.language)

    @property
    def shown(self) -> Answer:
        """The answer with quotes in the order of reading, and with short names of statements."""
        scope = self.answer.scope
        names = {name: self.name(name, title) for name, title in scope.titles.items()}
        quotes = tuple(reading_order(self.answer.quotes))
        return replace(self.answer, quotes=quotes, scope=replace(scope, titles=names))

    @property
    def everywhere(self) -> str:
        """The button that asks all statements, where only some were searched; else empty."""
        if self.answer.scope.why in ("all", "everything") or self.answer.statements < 2:
            return ""
        words = self.texts["ask_everything"].format(statements=self.answer.statements)
        return f'<button type="button" value="everything">{escaped(words)}</button>'

    @property
    def is_chosen(self) -> bool:
        """Whether the reader chose what was searched, and not the question."""
        return self.answer.scope.why in ("filter", "everything")

    def name(self, statement: str, title: str) -> str:
        """Return the short name of a statement, or its title if its facts are not known."""
        known = self.provenance.get(statement)
        return statement_name(statement, known, self.language) if known else title

    def citation(self, cited: CitedQuote) -> str:
        """Return the citation beside a quote. In a library it begins with the short name."""
        if self.answer.statements < 2:
            return cited.citation
        return named_citation(cited.quote, self.provenance, self.language)

    def groups(self, quotes: Sequence[CitedQuote]) -> list[list[CitedQuote]]:
        """Return quotes in groups of one statement each, the newest first."""
        cited = {cited.quote: cited for cited in quotes}
        dates = {quote.statement: cited[quote].provenance.date for quote in cited}
        return [[cited[quote] for quote in group] for group in by_statement([*cited], dates)]


def _block(block: Block, page: _Page) -> str:
    """Return one block as HTML."""
    texts = page.texts
    match block:
        case Understood(text):
            return f'<p class="note">{escaped(text)} {buttons({"alone": "alone"}, texts)}</p>'
        case Searched(lines):
            # What the reader chose stands under the question.
            first, *others = ("",) if page.is_chosen else lines
            scope = " ".join(filter(None, [escaped(first), page.everywhere]))
            note = f'<p class="note scope">{scope}</p>' if scope else ""
            return note + "".join(paragraph("note", line) for line in others)
        case Reply(paragraphs):
            return "".join(paragraph("note", text) for text in paragraphs)
        case Silence(reason, checked):
            instead = page.answer.reason in ("other_statement", "unknown_meeting")
            button = f'<p class="note scope">{page.everywhere}</p>' if instead else ""
            return paragraph("silent", reason) + paragraph("note", checked) + button
        case Summary():
            return _summary(block, texts)
        case FactList(heading, lines):
            listed = _choices(block, page) if block.choices else _list(lines)
            return paragraph("note", heading) + listed
        case Quotes(quotes):
            return _grouped(quotes, page, "blockquote")
        case Nearest(heading, quotes):
            nearest = _grouped(quotes, page, "p")
            return f'<div class="nearest">{paragraph("note", heading)}{nearest}</div>'
        case Unanswered(text):
            return paragraph("silent", text)
        case ForeignLanguage(text):
            return paragraph("note", text)
        case _:
            assert_never(block)


def _grouped(quotes: Sequence[CitedQuote], page: _Page, tag: str) -> str:
    """Return quotes. Those of several statements stand in groups, each under a short name.

    There the best quote may not be the first one, so it is marked.
    """
    groups = page.groups(quotes)
    if len(groups) < 2:
        return "".join(quoted(cited, tag, page.citation, page.texts) for cited in quotes)
    best = page.answer.quotes[:1] if tag == "blockquote" else ()
    parts = []
    for group in groups:
        first = group[0].quote.statement
        parts.append(f'<h3 class="of"><bdi>{escaped(page.name(first, first))}</bdi></h3>')
        parts += [
            quoted(cited, tag, page.citation, page.texts, best=cited.quote in best)
            for cited in group
        ]
    return "".join(parts)


def _choices(block: FactList, page: _Page) -> str:
    """Return the statements to choose from. One button opens each, and one asks it."""
    items = []
    for facts in block.choices:
        name = statement_name(facts.statement, facts.provenance, page.language)
        full = title(facts.provenance, page.language)
        ask = escaped(page.texts["ask_this"])
        items.append(
            f'<li><button type="button" class="open" value="open-{escaped(facts.statement)}">'
            f"<bdi>{escaped(name)}</bdi></button> "
            f'<button type="button" value="within-{escaped(facts.statement)}">{ask}</button>'
            f"{paragraph('full', full)}</li>"
        )
    return f'<ul class="choices">{"".join(items)}</ul>'


def _summary(block: Summary, texts: Mapping[str, str]) -> str:
    """Return the line above the quotes. It opens to explain a level of confidence."""
    line = " · ".join([block.subject or block.confidence, block.quotes, block.checked])
    if block.subject:
        return paragraph("note", line)
    meaning = [texts["confidence_meaning"]]
    share = high_right()
    if share is not None:
        meaning.append(texts["confidence_rate"].format(right=round(100 * share)))
    opened = "".join(paragraph("sure", text) for text in meaning)
    return f'<details class="note"><summary>{escaped(line)}</summary>{opened}</details>'


def _list(lines: Iterable[str]) -> str:
    items = "".join(f'<li dir="auto">{escaped(line)}</li>' for line in lines)
    return f'<ul class="facts">{items}</ul>'
