"""Chat turns as markup. Pure functions of the answer.

Nothing of a question or a source reaches the page as markup: every sign that means something to
HTML, or to the templates of `gr.HTML`, is written as a character reference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote as percent_encoded

from corpus.errors import ShuttenError
from qa.answers.answer import Answer, Quote
from qa.answers.reading_order import reading_order
from qa.assistant import Assistant
from qa.confidence.calibration import high_right
from qa.questions.checks import MAX_QUESTION
from qa.rendering.descriptions import heading, in_one_line, rows, what_to_ask
from qa.rendering.terminal import confidence_in_words, interface_language, short_citation, silent
from web.errors import for_client
from web.gate import BusyError
from web.page.statements import exemplary
from web.page.strings import TABLE, WORDS

_SIGN = re.compile(r"[\x00\r\"$&'<>`{}]")


def escaped(text: str) -> str:
    """Text as HTML whose textContent is `text` again.

    NUL, which HTML cannot hold, becomes U+FFFD.
    """
    return _SIGN.sub(lambda sign: f"&#{ord(sign[0]) or 0xFFFD};", text)


def welcome(assistant: Assistant) -> str:
    """What this is, of how many statements, and what kind of text they are where all are of one."""
    about = [assistant.statement(one).provenance for one in assistant.statement_ids()]
    kinds = {(one.status_en or one.status, one.status or one.status_en) for one in about}
    english, japanese = kinds.pop() if len(kinds) == 1 else ("", "")
    said = {}
    for code, status in (("en", english), ("ja", japanese)):
        words = WORDS[code]
        nature = words["nature"].format(status=status) if status else ""
        key = "welcome_many" if len(about) > 1 else "welcome"
        said[code] = escaped(words[key].format(statements=len(about), nature=nature))
    offered = "".join(_offers(code) for code in WORDS) if _ships(assistant) else ""
    return "".join(TABLE["welcome"]).format(**said) + offered


def _ships(assistant: Assistant) -> bool:
    """Whether the statement is there that the examples are about."""
    return bool(exemplary() & set(assistant.statement_ids()))


def _offers(language: str) -> str:
    """Questions to begin with, as buttons, for a reader of this language."""
    buttons = "".join(
        f'<button type="button" class="offer" value="ask">{escaped(question)}</button>'
        for question in TABLE["examples"][language]
    )
    title = escaped(WORDS[language]["offers"])
    return f'<div class="offers ui-{language}" lang="{language}"><p>{title}</p>{buttons}</div>'


def user_turn(question: str) -> str:
    """A question as HTML."""
    return f'<h2 class="asked" dir="auto">{escaped(question)}</h2>'


def problem(question: str, error: ShuttenError, home: Path) -> str:
    """What is wrong with a question, for a line above the question box.

    Such a question has no language to answer in, so both are there, and the browser's is shown.

    Args:
        question: As it was asked.
        error: What went wrong.
        home: The data folder, which is nobody's business.
    """
    known = "empty" if not question.strip() else "long" if len(question) > MAX_QUESTION else ""
    known = "busy" if isinstance(error, BusyError) else known
    return bilingual(known) if known else alert(for_client(error, home)[0])


def bilingual(key: str, most: int = MAX_QUESTION, role: str = "alert") -> str:
    """A line for above the question box, in the language of the page.

    Args:
        key: Of its words.
        most: How many there may be of what it speaks of.
        role: `alert` for what is wrong, which screen readers say at once; else `status`.
    """
    texts = {code: words[key].format(most=most) for code, words in WORDS.items()}
    spans = [f'<span class="ui-{code}">{escaped(text)}</span>' for code, text in texts.items()]
    kind = "problem" if role == "alert" else "note"
    return f'<p class="{kind}" role="{role}">{"".join(spans)}</p>'


def alert(text: str) -> str:
    """What is wrong, as a line that screen readers say at once."""
    return f'<p class="problem" role="alert">{escaped(text)}</p>'


def answer_turn(answer: Answer, assistant: Assistant, *, alone: bool = False) -> str:
    """An answer as HTML: whole quotes with citations, or a refusal with neighbours.

    Args:
        answer: What to show.
        assistant: Gives the statements.
        alone: Whether there were earlier questions that it was asked without.
    """
    language = interface_language(answer.language)
    words = WORDS[language]
    parts = []
    if answer.searched != answer.question.strip():
        parts.append(_understood(answer.searched, words))
    if alone:
        parts.append(_paragraph("note", words["asked_alone"]))
    if answer.status == "no_question":
        parts += [_paragraph("note", line) for line in what_to_ask(answer, language)]
    elif answer.status == "answered":
        parts += _answered(answer, assistant, language)
    else:
        parts += _refused(answer, assistant, language)
    if answer.status != "answered":
        parts.append(_facts(answer, language))
    if answer.status != "no_question":
        remarks = _buttons([("good", "good"), ("bad", "bad"), ("better", "better")], words)
        parts.append(f'<p class="remarks">{remarks}</p>')
    return f'<div class="answer" lang="{language}">{"".join(parts)}</div>'


def _explained(line: str, words: dict[str, str]) -> str:
    """A line with how sure an answer is; it opens to say what that means."""
    right = high_right()
    meaning = [words["sure"]]
    if right is not None:
        meaning.append(words["sure_rate"].format(right=round(100 * right)))
    opened = "".join(_paragraph("sure", text) for text in meaning)
    return f'<details class="note"><summary>{escaped(line)}</summary>{opened}</details>'


def _answered(answer: Answer, assistant: Assistant, language: str) -> list[str]:
    words = WORDS[language]
    # How sure one can be of a title and of facts is no question of confidence.
    sure = words["whole"] if answer.facts else confidence_in_words(answer.level, language)
    count = words["quotes"].format(count=len(answer.quotes))
    checked = words["checked"].format(count=answer.passages)
    line = " · ".join([sure, count, checked])
    parts = [_paragraph("note", line) if answer.facts else _explained(line, words)]
    parts.append(_facts(answer, language))
    shown = reading_order(answer.quotes)
    parts += [_quoted(quote, assistant, language, "blockquote") for quote in shown]
    if answer.unanswered:
        parts.append(_paragraph("silent", silent(answer, words)))
    sources = {assistant.statement(one.statement) for one in answer.quotes}
    if {one.provenance.language for one in sources} - {"", answer.language}:
        parts.append(_paragraph("note", words["foreign"]))
    return parts


def _refused(answer: Answer, assistant: Assistant, language: str) -> list[str]:
    words = WORDS[language]
    parts = [_paragraph("silent", silent(answer, words))]
    if answer.nearest:
        near = [_quoted(quote, assistant, language, "p") for quote in answer.nearest]
        parts.append(_paragraph("note", words["checked"].format(count=answer.passages)))
        parts.append(f'<div class="nearest">{_paragraph("note", words["nearest"])}')
        parts += [*near, "</div>"]
    return parts


def _facts(answer: Answer, language: str) -> str:
    """The facts of statements as lists, apart from the quotes."""
    if answer.reason == "which":
        return _list([in_one_line(one, language) for one in answer.facts])
    return "".join(
        _paragraph("note", heading(one, language)) + _list(rows(one, language))
        for one in answer.facts
    )


def _list(lines: Sequence[str]) -> str:
    items = "".join(f'<li dir="auto">{escaped(line)}</li>' for line in lines)
    return f'<ul class="facts">{items}</ul>'


def _understood(searched: str, words: dict[str, str]) -> str:
    """How a follow-up was understood, and a way to ask it as it stands."""
    note = escaped(words["understood"].format(question=searched))
    return f'<p class="note">{note} {_buttons([("alone", "alone")], words)}</p>'


def _quoted(quote: Quote, assistant: Assistant, language: str, tag: str) -> str:
    words, about = WORDS[language], assistant.statement(quote.statement).provenance
    spoken = escaped(about.language)
    parts = [f'<{tag} class="words" lang="{spoken}" dir="auto">{_marked(quote)}</{tag}>']
    if quote.following:
        parts.append(_beside("goes_on", "following", quote.following, spoken, words))
    if quote.context:
        parts.append(_beside("under", "context", quote.context, spoken, words))
    place = f"<bdi>{escaped(short_citation(quote, about, language))}</bdi>"
    link = f'<a href="{target(quote)}">{place}</a>'
    # Gradio's own copy button would copy the character references.
    copies = [("copy-text", "copy"), ("copy-markdown", "markdown"), ("copy-bibtex", "bibtex")]
    parts.append(f'<p class="cite">{link} {_buttons(copies, words)}</p>')
    return f'<div class="quote">{"".join(parts)}</div>'


def _beside(key: str, name: str, text: str, spoken: str, words: dict[str, str]) -> str:
    """Other words of the statement beside a quote, in what the page says of them."""
    before, after = map(escaped, words[key].split(f"{{{name}}}"))
    return f'<p class="under">{before}<bdi lang="{spoken}">{escaped(text)}</bdi>{after}</p>'


def target(quote: Quote) -> str:
    """The link to where a quote stands."""
    place = f"{quote.passage}-{quote.start}-{quote.end}"
    return f"#passage-{place}-{percent_encoded(quote.statement, safe='')}"


def _marked(quote: Quote) -> str:
    """The words of a quote, those marked that met the question best; as text, the very same."""
    parts, done = [], 0
    for mark in quote.marks:
        start, end = mark.start - quote.start, mark.end - quote.start
        parts.append(escaped(quote.text[done:start]))
        parts.append(f"<mark>{escaped(quote.text[start:end])}</mark>")
        done = end
    return "".join([*parts, escaped(quote.text[done:])])


def _buttons(actions: Sequence[tuple[str, str]], words: dict[str, str]) -> str:
    """What can be done, for `page.js`."""
    return " ".join(
        f'<button type="button" value="{action}">{escaped(words[key])}</button>'
        for action, key in actions
    )


def _paragraph(kind: str, text: str) -> str:
    return f'<p class="{kind}">{escaped(text)}</p>'
