"""The header of the page, and what the chat shows before the first question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from index.search.stored_statements import StatementSummary
from qa.rendering.messages import section
from qa.rendering.names import day_text, parties_text
from web.page.elements import escaped, in_each
from web.page.notices import in_both_languages
from web.page.statements import bundled_ids
from web.page.strings import TEXTS

_MAX_PARTIES = 5  # that the first screen names


def header(statements: int, uploads: bool = False) -> str:
    """Return the name of the program, what it does, and the buttons for all pages.

    Args:
        statements: How many statements there are. With several, a button leads to their list.
        uploads: Whether readers may add statements, so that there is a list in any case.
    """
    slogan, button = section("page")["slogan"], section("page")["other_language"]
    listed = in_both_languages("statements_button")
    several = " data-several" if statements > 1 else ""
    button_to_list = f'<button type="button" id="shutten-statements"{several}>{listed}</button>'
    library = button_to_list if statements > 1 or uploads else ""
    return (
        '<header><h1><span class="seal" lang="ja">出典</span>Shutten</h1><p>'
        f'<span class="ui-ja" lang="ja">{slogan["ja"]}</span>'
        f'<span class="ui-en" lang="en">{slogan["en"]}</span></p>'
        f'{library}<button type="button" id="shutten-language">'
        f'<span class="ui-ja" lang="en">{button["ja"]}</span>'
        f'<span class="ui-en" lang="ja">{button["en"]}</span></button></header>'
    )


def welcome(statements: Collection[StatementSummary]) -> str:
    """Return what the page is for, what it holds, and questions to begin with.

    The kind of text is named if all statements are of one kind. The questions about a bundled
    statement are there at once, if it is the only one. For a library `examples.js` gets them.
    """
    kinds = {
        (about.status_en or about.status, about.status or about.status_en)
        for about in (statement.provenance for statement in statements)
    }
    english, japanese = kinds.pop() if len(kinds) == 1 else ("", "")
    texts = {
        "en": _purpose("en", len(statements), english),
        "ja": _purpose("ja", len(statements), japanese),
    }
    return f'<div class="welcome">{in_each(texts)}</div>{_begin(statements)}'


def _purpose(language: str, count: int, status: str) -> str:
    """Return how `count` statements answer; `status` is the kind of text, if it is one kind."""
    texts = TEXTS[language]
    kind = texts["source_kind"].format(status=status) if status else ""
    key = "welcome_many" if count > 1 else "welcome"
    return texts[key].format(statements=count, source_kind=kind)


def _begin(statements: Collection[StatementSummary]) -> str:
    """Return what helps to begin: for a library what it holds, and room for questions."""
    if len(statements) > 1:
        holdings = in_each({language: _holdings(language, statements) for language in TEXTS})
        return f'<p class="holdings">{holdings}</p><div class="examples"></div>'
    is_bundled = bundled_ids() & {statement.id for statement in statements}
    return "".join(map(_offers, TEXTS)) if is_bundled else ""


def _holdings(language: str, statements: Collection[StatementSummary]) -> str:
    """Return from when to when the statements are, and of whom."""
    texts = TEXTS[language]
    facts = [statement.provenance for statement in statements]
    days = sorted(about.date for about in facts if about.date)
    parties = Counter(code for about in facts for code in dict.fromkeys(about.parties))
    codes = [code for code, _ in parties.most_common()]
    names = parties_text(codes[:_MAX_PARTIES], language)
    if more := len(codes[_MAX_PARTIES:]):
        names = texts["holdings_more"].format(parties=names, count=more)
    first, last = (day_text(day, language) for day in (days[0], days[-1])) if days else ("", "")
    dates = texts["holdings_dates"].format(first=first, last=last) if days else ""
    return " · ".join(filter(None, [dates, names]))


def _offers(language: str) -> str:
    """Return questions to begin with, as buttons, for a reader of this language."""
    buttons = "".join(
        f'<button type="button" class="offer" value="ask">{escaped(question[language])}</button>'
        for question in section("offered_questions").values()
    )
    heading = escaped(TEXTS[language]["offers"])
    return f'<div class="offers ui-{language}" lang="{language}"><p>{heading}</p>{buttons}</div>'
