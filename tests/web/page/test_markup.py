"""Questions and answers as HTML: nothing of a question or a source becomes markup."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from answers import answered, provenance_of, refused
from hostile import HOSTILE
from statements import statement_from

from corpus.characters.line_breaks import fold_line_breaks
from corpus.errors import ShuttenError
from corpus.records import Span, Statement
from qa.answers.facts import Facts
from qa.answers.scope import AnswerScope
from qa.questions.checks import MAX_QUESTION
from web.gate import BusyError
from web.page import elements, markup, notices
from web.page.quotes import passage_link

HOME = Path("/srv/private/shutten")
STATEMENT = statement_from("ある文。", language="ja")
PROVENANCE = provenance_of(STATEMENT)
ANSWER = answered(STATEMENT)
COPY_BUTTONS = ["copy-text", "copy-markdown", "copy-bibtex"]


class Page(HTMLParser):
    """What a browser makes of HTML: the tags, and each text with the tag before it."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append((self.tags[-1][0] if self.tags else "", data))

    def text(self, *tags: str) -> list[str]:
        """Return the texts behind these tags."""
        return [text for tag, text in self.texts if tag in tags]

    @property
    def buttons(self) -> list[str | None]:
        return [attributes["value"] for tag, attributes in self.tags if tag == "button"]


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_has_no_markup_and_reads_the_same(text: str) -> None:
    content = elements.escaped(text)
    assert re.fullmatch(r"(?:[^\0\r\"$&'<>`{}]|&#\d+;)*", content)
    assert html.unescape(content).replace("\r\n", "\n") == text.replace("\r\n", "\n")


def test_what_html_cannot_hold_is_replaced() -> None:
    assert html.unescape(elements.escaped("a\0b")) == "a\ufffdb"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_question_adds_no_tag(text: str) -> None:
    assert [tag for tag, _ in Page(markup.user_turn(text)).tags] == ["h2"]


@pytest.mark.parametrize("text", HOSTILE)
def test_an_answer_quotes_the_source_with_folded_line_breaks(text: str) -> None:
    about = {"title": text, "status": text, "date": "2023-05-26", "language": text}
    statement = statement_from(f"{text}。\n", **about)
    answer = replace(answered(statement, "q", "ja"), searched=text)
    page = Page(markup.answer_turn(answer, provenance_of(statement)))
    shown = "".join(fold_line_breaks(quote.text) for quote in answer.quotes)
    assert "".join(page.text("blockquote")) == shown
    tags = {tag for tag, _ in page.tags}
    assert tags <= {"div", "p", "a", "button", "blockquote", "mark", "bdi", "details", "summary"}
    allowed = {"class", "href", "lang", "dir", "type", "value"}
    assert all(attributes.keys() <= allowed for _, attributes in page.tags)


def test_a_citation_links_to_its_quote_whatever_the_id_of_the_statement() -> None:
    statement = statement_from("ある文。", name='a "b"#<c>/%41-d')
    page = Page(markup.answer_turn(answered(statement), provenance_of(statement)))
    place = f"{statement.passages[0].id}-0-4-a%20%22b%22%23%3Cc%3E%2F%2541-d"
    assert [attributes["href"] for tag, attributes in page.tags if tag == "a"] == [
        f"#passage-{place}"
    ]
    assert page.buttons == [*COPY_BUTTONS, "good", "bad", "better"]


def test_marks_stand_within_the_same_words() -> None:
    statement = statement_from("半導体の協力を確認した。")
    answer = answered(statement)
    quote = replace(answer.quotes[0], marks=(Span(0, 3), Span(4, 6)))
    answer = replace(answer, quotes=(quote,))
    content = markup.answer_turn(answer, provenance_of(statement))
    marked = "<mark>半導体</mark>の<mark>協力</mark>を確認した。"
    assert f'<blockquote class="words" lang="" dir="auto">{marked}</blockquote>' in content


@pytest.mark.parametrize("text", ["will go on <b>here</b>.", "\u202eturned.", "続きの文。"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_quote_that_does_not_end_as_a_sentence_is_shown_with_what_follows(
    text: str, language: str
) -> None:
    statement = statement_from("The Ministers met")
    answer = answered(statement, language=language)
    quote = replace(answer.quotes[0], following=text)
    page = Page(markup.answer_turn(replace(answer, quotes=(quote,)), provenance_of(statement)))
    assert page.text("blockquote") == ["The Ministers met"]
    assert text in page.text("bdi")
    without = Page(markup.answer_turn(answer, provenance_of(statement)))
    assert text not in without.text("bdi")


def test_a_refusal_shows_the_nearest_sentences_and_no_blockquote() -> None:
    statement = statement_from("ある文。別の文。")
    answer = refused(answered(statement, language="ja"))
    page = Page(markup.answer_turn(answer, provenance_of(statement)))
    assert page.text("blockquote") == []
    texts = page.text("p")
    assert texts[:2] == [
        "お尋ねの点に答える箇所は見つかりませんでした。",
        "全7箇所を確認しました。",
    ]
    assert [text for text in texts if text in ("ある文。", "別の文。")] == ["ある文。", "別の文。"]


@pytest.mark.parametrize(("language", "copy"), [("en", "Copy"), ("ja", "コピー"), ("fr", "Copy")])
def test_the_page_speaks_the_language_of_the_question(language: str, copy: str) -> None:
    content = markup.answer_turn(answered(STATEMENT, language=language), PROVENANCE)
    assert copy in Page(content).text("button")


def test_the_language_of_the_quotes_is_said_where_it_is_another() -> None:
    note = "Quoted in the language of the statement."
    for language, shown in (("en", True), ("ja", False)):
        page = Page(markup.answer_turn(answered(STATEMENT, language=language), PROVENANCE))
        assert (note in page.text("p")) == shown


@pytest.mark.parametrize(("share", "figure"), [(None, ""), (0.914, "91"), (1.0, "100")])
@pytest.mark.parametrize(
    ("language", "level", "rate"),
    [("en", "high", "in {} of 100 questions"), ("ja", "高", "100問あたり{}問")],
)
def test_the_level_of_confidence_is_explained_beside_it(
    monkeypatch: pytest.MonkeyPatch,
    share: float | None,
    figure: str,
    language: str,
    level: str,
    rate: str,
) -> None:
    monkeypatch.setattr(markup, "high_right", lambda: share)
    answer = replace(answered(STATEMENT, language=language), level="high")
    text = "".join(Page(markup.answer_turn(answer, PROVENANCE)).text("summary", "p"))
    assert level in text
    assert (rate.format(figure) in text) == (share is not None)
    assert "{" not in text


def test_a_list_is_shown_in_the_order_of_its_text() -> None:
    statement = statement_from("They met.\n\n- a1.\n- a2.\n- a3.\n")
    answer = answered(statement)
    answer = replace(answer, quotes=answer.quotes[::-1])
    page = Page(markup.answer_turn(answer, provenance_of(statement)))
    assert page.text("blockquote") == ["a1.", "a2.", "a3.", "They met."]


def test_a_follow_up_can_be_asked_alone_and_then_says_so() -> None:
    follow_up = replace(ANSWER, searched="p q")
    assert Page(markup.answer_turn(follow_up, PROVENANCE)).buttons[0] == "alone"
    page = Page(markup.answer_turn(ANSWER, PROVENANCE, asked_alone=True))
    assert "alone" not in page.buttons
    assert page.text("p")[0] == "Asked on its own, without the earlier questions."
    both = Page(markup.answer_turn(follow_up, PROVENANCE, asked_alone=True)).text("p")
    assert [text.strip() for text in both[:2]] == ["Understood as: p q", page.text("p")[0]]


def test_a_remark_that_asks_nothing_gets_no_buttons() -> None:
    answer = replace(refused(ANSWER), status="no_question", reason="greeting", nearest=())
    page = Page(markup.answer_turn(answer, PROVENANCE))
    assert page.buttons == []
    assert [text[:5] for text in page.text("p")] == ["Hello", "For e"]


@pytest.mark.parametrize(
    ("question", "error", "english"),
    [
        ("", ShuttenError("never shown"), "The question is empty."),
        (" \n", ShuttenError("never shown"), "The question is empty."),
        ("あ" * (MAX_QUESTION + 1), ShuttenError("never shown"), "in 2,000 characters or fewer"),
        ("q", BusyError("never shown"), "Too many questions at once."),
    ],
)
def test_problems_are_shown_in_both_languages(
    question: str, error: ShuttenError, english: str
) -> None:
    page = Page(notices.problem(question, error, HOME))
    assert [attributes.get("class") for _, attributes in page.tags] == ["problem", "ui-en", "ui-ja"]
    texts = page.text("span")
    assert english in texts[0]
    assert not texts[1].isascii()
    assert "never shown" not in "".join(texts)


def test_another_problem_is_shown_as_text() -> None:
    content = notices.problem("q", ShuttenError("<b>broken</b>"), HOME)
    assert html.unescape(content) == '<p class="problem" role="alert"><b>broken</b></p>'
    assert "<b>" not in content


def test_a_problem_with_the_data_folder_does_not_say_where_it_is() -> None:
    error = ShuttenError(f"{HOME}/shutten.db is damaged; restore a copy")
    content = html.unescape(notices.problem("q", error, HOME))
    assert str(HOME) not in content
    assert "the server has trouble" in content


NEW = statement_from("New words.", "new", date="2024-04-10", parties=("JP", "US"))
OLD = statement_from("Old words.", "old", date="2022-05-23", title="Old statement")


def several(best: Statement, other: Statement, **fields: Any) -> Page:
    """Return an answer that quotes two statements, the first one best."""
    quotes = (*answered(best).quotes, *answered(other).quotes)
    answer = replace(answered(best), quotes=quotes, statements=9, **fields)
    return Page(markup.answer_turn(answer, provenance_of(best, other)))


def test_quotes_of_several_statements_stand_in_groups_and_the_best_one_is_marked() -> None:
    names = ["Japan-U.S. statement, 10 Apr 2024", "Old statement, 23 May 2022"]
    for best, other, marked in ((NEW, OLD, True), (OLD, NEW, False)):
        page = several(best, other)
        assert page.text("bdi")[0] == names[0]
        assert [text for text in page.text("bdi") if text in names] == names
        assert page.text("blockquote") == ["New words.", "Old words."]
        text = [words for _, words in page.texts]
        assert text.count("Best answer") == 1
        assert (text.index("Best answer") < text.index("New words.")) == marked
    assert "Best answer" not in Page(markup.answer_turn(ANSWER, PROVENANCE)).text("p")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_counterpart_stands_beside_its_quote_and_is_no_answer(text: str) -> None:
    earlier = statement_from(f"{text}。\n", "old", date="2022-05-23", language=text)
    counterpart = answered(earlier).quotes[0]
    quote = replace(answered(NEW).quotes[0], counterpart=counterpart)
    answer = replace(answered(NEW), quotes=(quote,), statements=2)
    page = Page(markup.answer_turn(answer, provenance_of(NEW, earlier)))
    kinds = [attributes.get("class") for _, attributes in page.tags]
    assert [kind for kind in kinds if kind in ("sides", "quote", "quote counterpart")] == [
        *("sides", "quote", "quote counterpart")
    ]
    assert page.text("blockquote") == ["New words."]
    assert fold_line_breaks(counterpart.text) in page.text("p")
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert links == [passage_link(quote), passage_link(counterpart)]
    assert page.buttons[-9:] == [*COPY_BUTTONS * 2, "good", "bad", "better"]
    assert {tag for tag, _ in page.tags} <= {
        *"div p a button blockquote bdi details summary".split()
    }


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        ("en", ["In the later statement:", "Nearest in the earlier statement:"]),
        ("ja", ["新しい声明の文：", "以前の声明で最も近い文："]),
    ],
)
def test_both_sides_say_what_they_are(language: str, headings: list[str]) -> None:
    quote = replace(answered(NEW).quotes[0], counterpart=answered(OLD).quotes[0])
    answer = replace(answered(NEW, language=language), quotes=(quote,))
    page = Page(markup.answer_turn(answer, provenance_of(NEW, OLD)))
    assert [text for text in page.text("p") if text in headings] == headings
    alone = Page(markup.answer_turn(answered(NEW, language=language), provenance_of(NEW)))
    assert not set(headings) & set(alone.text("p"))


def test_a_citation_of_a_library_begins_with_the_short_name() -> None:
    page = several(NEW, OLD)
    assert "Japan-U.S. statement, 10 Apr 2024, opening, paragraph 1" in page.text("bdi")


def test_what_was_understood_has_short_names_and_a_button_for_all() -> None:
    scope = AnswerScope("named", ("new",), titles={"new": "Title", "gone": "Gone (2020)"})
    page = several(NEW, OLD, scope=scope)
    assert "everything" in page.buttons
    line = "Understood: Japan-U.S. statement, 10 Apr 2024 · 1 of 9 statements searched"
    assert page.text("p")[0].strip() == line
    latest = replace(scope, why="latest", silent=("gone",))
    lines = several(NEW, OLD, scope=latest).text("p")
    assert "Newer statements that do not seem to say it: Gone (2020)" in lines


@pytest.mark.parametrize(("why", "button"), [("filter", True), ("everything", False)])
def test_what_the_reader_chose_is_not_said_to_be_understood(why: str, button: bool) -> None:
    scope = AnswerScope(why, ("new",), titles={"new": "Title"})
    page = several(NEW, OLD, scope=scope)
    assert ("everything" in page.buttons) == button
    assert not any("Searched:" in text or "were searched" in text for text in page.text("p"))


@pytest.mark.parametrize("reason", ["which", "unknown_meeting"])
def test_statements_to_choose_from_can_be_opened_and_asked(reason: str) -> None:
    name = 'a "b"<c>'
    statement = statement_from("文。", name, date="2024-04-10", parties=("JP", "US"), title="Title")
    answer = replace(
        refused(answered(statement)),
        reason=reason,
        nearest=(),
        facts=(Facts.of(statement),),
        statements=3,
        scope=AnswerScope("missing"),
    )
    page = Page(markup.answer_turn(answer, {}))
    assert [f"open-{name}", f"within-{name}"] == [
        button for button in page.buttons if button and name in button
    ]
    assert "Japan-U.S. statement, 10 Apr 2024" in page.text("bdi")
    assert "Title" in page.text("p")
    assert ("everything" in page.buttons) == (reason == "unknown_meeting")


def test_a_question_says_of_which_statements_it_was_asked() -> None:
    page = Page(markup.user_turn("q<", {"en": ["One <b>", "Two"], "ja": ["一"]}))
    assert page.text("h2") == ["q<"]
    assert page.text("span") == ["Asked of: One <b> / Two", "質問先：一"]
