"""The structure of an answer as it is shown, which is the same in the terminal, Markdown and HTML.

`outline` turns an answer into blocks of finished text. Each output format turns every kind of block
into its own text or markup. For a new kind of answer, add a block to `qa.rendering.blocks.Block`;
the type checker then names the formats that do not handle it yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from corpus.records import Provenance, Statement
from index.lexical.same_words import words_of
from qa.answers.answer import Answer, Level, Parallel, Quote
from qa.rendering import blocks
from qa.rendering.citations import short_citation
from qa.rendering.descriptions import fact_lines, facts_heading, reply_lines, statement_line
from qa.rendering.messages import messages

_MAX_NAMED = 3  # statements that are named in one line


def outline(answer: Answer, provenance: Mapping[str, Provenance]) -> tuple[blocks.Block, ...]:
    """Return the blocks of an answer, in the order in which they are read.

    The texts are in the language of the question, or in English where there are none.

    Args:
        answer: The answer.
        provenance: The provenance of each statement that the answer cites, by its id; see
            `cited_provenance`.
    """
    texts = messages(answer.language)
    shown: list[blocks.Block] = []
    if answer.searched != answer.question.strip():
        shown.append(blocks.Understood(texts["understood"].format(question=answer.searched)))
    if lines := _scope_lines(answer):
        shown.append(blocks.Searched(lines))
    if answer.status == "no_question":
        shown.append(blocks.Reply(reply_lines(answer.reason, answer.language)))
    elif answer.status == "answered":
        shown += _answered(answer, provenance)
    else:
        shown += _not_found(answer, provenance)
    return tuple(shown)


def _answered(answer: Answer, provenance: Mapping[str, Provenance]) -> list[blocks.Block]:
    texts = messages(answer.language)
    shown: list[blocks.Block] = [
        blocks.Summary(
            confidence=confidence_text(answer.level, answer.language),
            subject=texts["whole_statement"] if answer.facts else "",
            quotes=texts["quote_count"].format(count=len(answer.quotes)),
            checked=_checked(answer),
        )
    ]
    shown += _facts(answer)
    shown.append(blocks.Quotes(_cited(answer.quotes, provenance, answer.language)))
    if answer.unanswered:
        shown.append(blocks.Unanswered(_reason(answer)))
    languages = {provenance[quote.statement].language for quote in answer.quotes}
    if languages - {"", answer.language}:
        shown.append(blocks.ForeignLanguage(texts["foreign_language"]))
    return shown


def _not_found(answer: Answer, provenance: Mapping[str, Provenance]) -> list[blocks.Block]:
    texts = messages(answer.language)
    reason, checked = _reason(answer), "" if answer.facts else _checked(answer)
    line = texts["between_sentences"].join(filter(None, [reason, checked]))
    shown: list[blocks.Block] = [blocks.Silence(reason, checked, line)]
    if answer.nearest:
        quotes = _cited(answer.nearest, provenance, answer.language)
        heading = "other_nearest" if answer.reason == "other_statement" else "nearest"
        shown.append(blocks.Nearest(texts[heading], quotes))
    return shown + _facts(answer)


def _reason(answer: Answer) -> str:
    """Return why a question, or a part of it, is not answered."""
    texts, reason = messages(answer.language), answer.reason or "not_stated"
    text = texts[reason]
    if answer.statements > 1:
        text = texts.get(f"{reason}_{'some' if answer.scope.statements else 'many'}", text)
    return text.format(
        statements=answer.statements,
        parts=" / ".join(answer.unanswered),
        meant=_names(answer, answer.scope.statements),
    )


def _scope_lines(answer: Answer) -> tuple[str, ...]:
    """Return which statements were searched, if the question or a filter chose some of them."""
    texts, scope = messages(answer.language), answer.scope
    if answer.statements < 2 or answer.reason in ("other_statement", "unknown_meeting"):
        return ()
    if not scope.statements and scope.why != "everything":
        return ()
    if scope.why == "latest" and not answer.quotes:
        return (texts["searched_latest_not_found"],)
    key = {"filter": "searched_in", "change": "compared"}.get(scope.why, f"searched_{scope.why}")
    line = texts[key].format(
        names=_names(answer, scope.statements),
        earlier=_names(answer, scope.earlier),
        count=len(scope.statements),
        statements=answer.statements,
    )
    silent = _names(answer, scope.silent)
    return (line, texts["silent"].format(names=silent)) if silent else (line,)


def _names(answer: Answer, ids: Sequence[str]) -> str:
    """Return the names of some statements, the first ones if there are many."""
    names = answer.scope.names(ids[:_MAX_NAMED])
    if more := len(ids[_MAX_NAMED:]):
        return messages(answer.language)["names_and_more"].format(names=names, count=more)
    return names


def _checked(answer: Answer) -> str:
    """Return the sentence with the number of passages that were checked."""
    return messages(answer.language)["checked"].format(count=answer.passages)


def _facts(answer: Answer) -> list[blocks.Block]:
    """Return the facts of an answer, or the statements to choose from; empty without facts."""
    language = answer.language
    if answer.facts and answer.reason in ("which", "unknown_meeting"):
        lines = tuple(statement_line(facts, language) for facts in answer.facts)
        return [blocks.FactList("", lines, answer.facts)]
    return [
        blocks.FactList(facts_heading(facts, language), fact_lines(facts, language))
        for facts in answer.facts
    ]


def _cited(
    quotes: Sequence[Quote], provenance: Mapping[str, Provenance], language: str
) -> tuple[blocks.CitedQuote, ...]:
    """Return quotes with their provenance, short citation and counterpart."""
    return tuple(_cited_quote(quote, provenance, language) for quote in quotes)


def _cited_quote(
    quote: Quote, provenance: Mapping[str, Provenance], language: str
) -> blocks.CitedQuote:
    recorded, counterpart = provenance[quote.statement], None
    if quote.counterpart:
        same = words_of(quote.text) == words_of(quote.counterpart.text)
        counterpart = blocks.Counterpart(
            messages(language)["counterpart_same" if same else "counterpart_nearest"],
            _cited_quote(quote.counterpart, provenance, language),
        )
    citation = short_citation(quote, recorded, language)
    parallel = _parallel(quote.parallel, provenance, language) if quote.parallel else None
    return blocks.CitedQuote(quote, recorded, citation, counterpart, parallel)


def _parallel(
    parallel: Parallel, provenance: Mapping[str, Provenance], language: str
) -> blocks.ParallelText:
    texts = messages(language)
    quotes = _cited(parallel.quotes, provenance, language)
    name = texts.get(f"language_{quotes[0].provenance.language}", texts["language_other"])
    differing = [
        texts[key].format(differing=texts["between_kinds"].join(values))
        for key, values in (
            ("parallel_only_here", parallel.only_here),
            ("parallel_only_there", parallel.only_there),
        )
        if values
    ]
    heading = texts["parallel"].format(language=name)
    return blocks.ParallelText(heading[0].upper() + heading[1:], quotes, tuple(differing))


def confidence_text(level: Level, language: str) -> str:
    """Return the level of confidence in words; empty where there is no level."""
    return messages(language)[f"confidence_{level}"] if level else ""


def cited_provenance(
    quotes: Iterable[Quote], statement: Callable[[str], Statement]
) -> dict[str, Provenance]:
    """Look up the provenance of the statements that are quoted, each of them once.

    Args:
        quotes: The quotes, such as `Answer.ranked`. Their counterparts are looked up too.
        statement: Returns the statement with an id.

    Returns:
        The provenance by the id of the statement.

    Raises:
        ShuttenError: A statement was removed since it was quoted.
    """
    names = dict.fromkeys(cited.statement for quote in quotes for cited in quote.with_counterpart)
    return {name: statement(name).provenance for name in names}
