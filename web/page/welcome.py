"""The header of the page, and what the chat shows before the first question."""

from __future__ import annotations

from collections.abc import Collection

from corpus.records import Statement
from qa.rendering.messages import section
from web.page.markup import escaped
from web.page.statements import bundled_ids
from web.page.strings import TEXTS


def header() -> str:
    """Return the name of the program, what it does, and the button for the other language."""
    slogan, button = section("page")["slogan"], section("page")["other_language"]
    return (
        '<header><h1><span class="seal" lang="ja">出典</span>Shutten</h1><p>'
        f'<span class="ui-ja" lang="ja">{slogan["ja"]}</span>'
        f'<span class="ui-en" lang="en">{slogan["en"]}</span></p>'
        '<button type="button" id="shutten-language">'
        f'<span class="ui-ja" lang="en">{button["ja"]}</span>'
        f'<span class="ui-en" lang="ja">{button["en"]}</span></button></header>'
    )


def welcome(statements: Collection[Statement]) -> str:
    """Return what the page is for, and questions to begin with.

    The kind of text is named if all statements are of one kind. Questions are offered if a
    statement that they are about is there.
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
    offers = ""
    if bundled_ids() & {statement.id for statement in statements}:
        offers = "".join(map(_offers, TEXTS))
    return (
        f'<div class="welcome"><span class="ui-ja">{texts["ja"]}</span>'
        f'<span class="ui-en">{texts["en"]}</span></div>{offers}'
    )


def _purpose(language: str, count: int, status: str) -> str:
    """Return how `count` statements answer; `status` is the kind of text, if it is one kind."""
    texts = TEXTS[language]
    kind = texts["source_kind"].format(status=status) if status else ""
    key = "welcome_many" if count > 1 else "welcome"
    return escaped(texts[key].format(statements=count, source_kind=kind))


def _offers(language: str) -> str:
    """Return questions to begin with, as buttons, for a reader of this language."""
    buttons = "".join(
        f'<button type="button" class="offer" value="ask">{escaped(question[language])}</button>'
        for question in section("offered_questions").values()
    )
    heading = escaped(TEXTS[language]["offers"])
    return f'<div class="offers ui-{language}" lang="{language}"><p>{heading}</p>{buttons}</div>'
