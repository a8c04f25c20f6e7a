from __future__ import annotations

import html
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from project import ROOT
from statements import quotes_from, statement_from

from corpus.errors import ShuttenError
from corpus.library import bundled_paths
from corpus.records import Span, Statement
from qa.answers.answer import Answer
from qa.questions.checks import MAX_QUESTION
from qa.rendering.terminal import to_text
from web.page import markup
from web.page.chat.messages import messages
from web.page.chat.turns import Turn
from web.page.source_panel import panel
from web.page.statements import document, listed

HOME = Path("/srv/private/shutten")
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</div></blockquote><h1>x</h1>",
    "${alert(1)} {{x}} {% x %} `${x}`",
    "$$x$$ \\(x\\) $x$",
    "5*3*2 **b** __u__ ~~x~~ ==m==",
    "**「引用」**です",
    "[a](javascript:alert(1)) ![a](http://tracker.invalid/a.png)",
    "http://tracker.invalid www.tracker.invalid a@b.example #passage-1",
    "  four\n\n    spaces\tand\r\nlines  ",
    "1. one\n- two\n> three\n# four\n---\n| a | b |",
    "&amp; &#60;b&#62; &lt;i&gt; &nbsp",
    "</script><style>*{display:none}</style><!-- -->",
    "<think>x</think> :smile: \\* \x7f",
    "𠮷野家 👩‍👩‍👧 ﷽ é \u202eabc\u202c",
]


class Reading(HTMLParser):
    """What a browser makes of a chat message: its tags, and the text in each block."""

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

    def text(self, tag: str) -> list[str]:
        return [text for one, text in self.texts if one == tag]


@dataclass
class Shelf:
    """As much of an assistant as rendering asks for."""

    statements: dict[str, Statement]

    def statement(self, statement: str) -> Statement:
        return self.statements[statement]

    def statement_ids(self) -> list[str]:
        return list(self.statements)


def shelf(text: str, name: str = "s", **about: str) -> Shelf:
    return Shelf({name: statement_from(text, name, **about)})


def found(shelf: Shelf, question: str = "q", language: str = "en") -> Answer:
    (statement,) = shelf.statements.values()
    quotes = tuple(quotes_from(statement))
    return Answer(question, question, "answered", 0.9, language, quotes, (), 7)


def refused(answer: Answer) -> Answer:
    return replace(answer, status="not_found", quotes=(), nearest=answer.quotes)


def turns(*answers: Answer) -> list[Turn]:
    return [Turn(one.question).answered(one) for one in answers]


def drawn(of: list[Turn], books: Shelf, shown: Collection[str] = ()) -> list[dict[str, Any]]:
    """What is drawn of turns on a page that shows the messages of some keys."""
    return list(json.loads(messages(of, books, shown))["new"].values())


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_has_no_markup_and_reads_the_same(text: str) -> None:
    written = markup.escaped(text)
    assert re.fullmatch(r"(?:[^\0\r\"$&'<>`{}]|&#\d+;)*", written)
    assert html.unescape(written).replace("\r\n", "\n") == text.replace("\r\n", "\n")


def test_what_html_cannot_hold_is_replaced() -> None:
    assert html.unescape(markup.escaped("a\0b")) == "a\ufffdb"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_question_adds_no_tag(text: str) -> None:
    assert [tag for tag, _ in Reading(markup.user_turn(text)).tags] == ["h2"]


@pytest.mark.parametrize("text", HOSTILE)
def test_an_answer_quotes_the_source_to_the_letter(text: str) -> None:
    books = shelf(f"{text}。\n", title=text, status=text, date="2023-05-26", language=text)
    answer = replace(found(books, "q", "ja"), searched=text)
    reading = Reading(markup.answer_turn(answer, books))
    assert "".join(reading.text("blockquote")) == "".join(quote.text for quote in answer.quotes)
    tags = {tag for tag, _ in reading.tags}
    assert tags <= {"div", "p", "a", "button", "blockquote", "mark", "bdi", "details", "summary"}
    allowed = {"class", "href", "lang", "dir", "type", "value"}
    assert all(attrs.keys() <= allowed for _, attrs in reading.tags)


def test_a_citation_links_to_its_quote_whatever_the_id_of_the_statement() -> None:
    books = shelf("ある文。", name='a "b"#<c>/%41-d')
    reading = Reading(markup.answer_turn(found(books), books))
    links = [attrs["href"] for tag, attrs in reading.tags if tag == "a"]
    actions = [attrs["value"] for tag, attrs in reading.tags if tag == "button"]
    passage = books.statement('a "b"#<c>/%41-d').passages[0]
    place = f"#passage-{passage.id}-0-4-a%20%22b%22%23%3Cc%3E%2F%2541-d"
    assert links == [place]
    copies = ["copy-text", "copy-markdown", "copy-bibtex"]
    assert actions == [*copies, "good", "bad", "better"]
    (copies,) = [one["copies"] for one in drawn(turns(found(books)), books) if "copies" in one]
    assert copies.keys() == {place}


def test_what_met_the_question_best_is_marked_within_the_same_words() -> None:
    books = shelf("半導体の協力を確認した。")
    answer = found(books)
    quote = replace(answer.quotes[0], marks=(Span(0, 3), Span(4, 6)))
    reading = Reading(markup.answer_turn(replace(answer, quotes=(quote,)), books))
    assert reading.text("mark") == ["半導体", "の", "協力", "を確認した。"]
    words = [text for tag, text in reading.texts if tag in ("blockquote", "mark")]
    assert "".join(words) == quote.text


@pytest.mark.parametrize("text", ["will go on <b>here</b>.", "\u202eturned.", "続きの文。"])
def test_a_quote_that_does_not_end_as_a_sentence_is_shown_with_what_follows(text: str) -> None:
    books = shelf("The Ministers met")
    answer = found(books)
    quote = replace(answer.quotes[0], following=text)
    for language in ("en", "ja"):
        turn = markup.answer_turn(replace(answer, quotes=(quote,), language=language), books)
        reading = Reading(turn)
        assert "".join(reading.text("blockquote")) == "The Ministers met"
        assert text in reading.text("bdi")
    whole = Reading(markup.answer_turn(answer, books))
    assert text not in whole.text("bdi")


def test_a_refusal_has_neighbours_and_no_blockquote() -> None:
    books = shelf("ある文。別の文。")
    answer = refused(found(books, language="ja"))
    reading = Reading(markup.answer_turn(answer, books))
    assert reading.text("blockquote") == []
    text = "".join(text for _, text in reading.texts)
    assert "お尋ねの点に答える箇所は見つかりませんでした。" in text
    assert "ある文。" in text
    assert "別の文。" in text
    shown = json.loads(panel(turns(answer), books))
    assert (shown["quotes"], shown["near"]) == ([], [["s", 0, 4]])


def test_the_answer_speaks_the_language_of_the_question() -> None:
    books = shelf("ある文。", language="ja")
    for language, words in {"en": "Copy", "ja": "コピー", "fr": "Copy"}.items():
        assert words in html.unescape(markup.answer_turn(found(books, language=language), books))


def test_every_word_is_there_in_both_languages() -> None:
    words = json.loads((ROOT / "web" / "page" / "words.json").read_text("utf-8"))
    assert words["ja"].keys() == words["en"].keys()
    for key, text in words["en"].items():
        assert re.findall(r"{\w+", text) == re.findall(r"{\w+", words["ja"][key])


@pytest.mark.parametrize("text", ["ある文。別の文。\n\n- 項目。\n - (1) 小項目", *HOSTILE])
def test_the_panel_holds_the_sentences_of_the_source(text: str) -> None:
    books = shelf(text)
    shown = panel(turns(found(books)), books)
    assert "<" not in shown
    assert json.loads(shown)["show"] == "s"
    passages = document(books.statement("s"))["passages"]
    sentences = [one for p in passages for one in p["sentences"]]
    for start, end, words, gap in sentences:
        assert text[start:end] == words
        assert text[end : end + len(gap)] == gap
    spans = [one for p in books.statement("s").passages for one in p.sentences]
    assert [(start, end) for start, end, _, _ in sentences] == [(s.start, s.end) for s in spans]


def test_the_panel_shows_what_the_last_answer_quotes() -> None:
    books = shelf("ある文。")
    books.statements |= shelf("別の文。", name="t").statements
    first = found(Shelf({"s": books.statement("s")}))
    last = found(Shelf({"t": books.statement("t")}))
    data = json.loads(panel(turns(first, last), books))
    assert data["show"] == "t"
    assert data["quotes"] == [["t", 0, 4]]
    assert [one["id"] for one in data["statements"]] == ["s", "t"]
    assert [one["searched"] for one in data["asked"]] == ["", "q"]


def test_the_list_of_statements_is_sent_once() -> None:
    books = shelf("ある文。")
    first = json.loads(panel([], books))
    again = json.loads(panel([], books, first["list"]))
    assert again["statements"] is None
    books.statements |= shelf("別の文。", name="t").statements
    changed = json.loads(panel([], books, first["list"]))
    assert [one["id"] for one in changed["statements"]] == ["s", "t"]


def test_only_what_is_not_shown_is_sent() -> None:
    books = shelf("ある文。")
    first, last = turns(found(books), found(books))
    asked = Turn("r")
    data = json.loads(messages([first, asked], books, [first.asked_key]))
    assert data["order"] == [first.asked_key, first.answer_key, asked.asked_key]
    assert data["new"].keys() == {first.answer_key, asked.asked_key}
    shown = {first.asked_key, first.answer_key}
    assert drawn([first], books, shown) == []
    # The same question again is another message, and so is another answer to it.
    assert len(drawn([first, last], books, shown)) == 2
    assert len(drawn([first.answered(found(books))], books, shown)) == 1


def test_the_welcome_says_what_kind_of_text_is_quoted() -> None:
    assert "provisional translation" in html.unescape(
        markup.welcome(shelf("文。", status="仮訳", status_en="provisional translation"))
    )
    for books in (shelf("文。"), Shelf({})):
        text = html.unescape(markup.welcome(books))
        assert "The source is" not in text
        assert "{" not in text
    assert "<b>" not in markup.welcome(shelf("文。", status="<b>"))


def test_the_welcome_speaks_of_as_many_statements_as_there_are() -> None:
    one = shelf("文。", name="a", status_en="provisional translation")
    books = Shelf({**one.statements, **shelf("文。", name="b").statements})
    text = html.unescape(markup.welcome(books))
    assert "2 statements answer" in text
    assert "2件の声明" in text
    assert "provisional" not in text  # as the other is none


def test_the_panel_waits_for_the_last_answer() -> None:
    books = shelf("ある文。")
    data = json.loads(panel([*turns(found(books)), Turn("r", alone=True)], books))
    assert (data["quotes"], data["link"], data["missing"]) == ([], "", 1)
    assert data["asked"][1] == {"question": "r", "alone": True, "searched": ""}


def test_statements_are_listed_from_the_newest_and_named_in_both_languages() -> None:
    old = shelf("一。", name="a", title="声明", title_en="Statement", date="2021-01-01")
    new, undated = (
        shelf("二。", name="b", title="共同声明", date="2023-01-01"),
        shelf("三。", name="c"),
    )
    books = Shelf({**undated.statements, **old.statements, **new.statements})
    rows = listed(books)
    assert [one["id"] for one in rows] == ["b", "a", "c"]
    assert [one["title"] for one in rows] == ["共同声明", "声明", "c"]
    assert [one["title_en"] for one in rows] == ["共同声明", "Statement", "c"]
    assert json.loads(panel([], books))["show"] == "b"


def test_the_first_statement_shown_is_one_that_the_examples_ask_about() -> None:
    ships = bundled_paths()[0].stem
    books = Shelf(
        {
            **shelf("一。", name=ships, date="2001-01-01").statements,
            **shelf("二。", name="a", date="2031-01-01").statements,
        }
    )
    assert json.loads(panel([], books))["show"] == ships


def test_the_panel_tells_what_is_known_of_a_statement() -> None:
    books = shelf("文。", title="題", title_en="A title", date="2023-05-26", status="仮訳")
    about = document(books.statement("s"))["about"]
    assert (about["title_en"], about["date"], about["issuers"]) == ("A title", "2023-05-26", ())
    assert about["note"].keys() == {"en", "ja"}
    about = document(shelf("文。", status="draft").statement("s"))["about"]
    assert about["note"] == {}


@pytest.mark.parametrize(("share", "figure"), [(None, ""), (0.914, "91"), (1.0, "100")])
def test_how_sure_an_answer_is_is_explained_where_it_stands(
    monkeypatch: pytest.MonkeyPatch, share: float | None, figure: str
) -> None:
    monkeypatch.setattr(markup, "high_right", lambda: share)
    for language, phrase in {"en": "in {} of 100 questions", "ja": "100問あたり{}問"}.items():
        books = shelf("ある文。")
        answer = replace(found(books, language=language), level="high")
        content = markup.answer_turn(answer, books)
        reading = Reading(content)
        said = "".join(text for tag, text in reading.texts if tag in ("summary", "p"))
        assert ("high" if language == "en" else "高") in said
        assert (phrase.format(figure) in said) == (share is not None)
        assert "{" not in said


def test_a_list_is_shown_and_lit_in_the_order_of_its_text() -> None:
    books = shelf("They met.\n\n- a1.\n- a2.\n- a3.\n")
    answer = found(books)
    turned = replace(answer, quotes=answer.quotes[::-1])
    reading = Reading(markup.answer_turn(turned, books))
    assert reading.text("blockquote") == ["a1.", "a2.", "a3.", "They met."]
    starts = [start for _, start, _ in json.loads(panel(turns(turned), books))["quotes"]]
    assert starts == [13, 19, 25, 0]


def test_questions_to_begin_with_are_offered_in_both_languages_apart() -> None:
    content = markup.welcome(shelf("文。", name="jucip-2023-05-26.ja"))
    table = json.loads((ROOT / "web" / "page" / "words.json").read_text("utf-8"))["examples"]
    assert [html.unescape(one) for one in Reading(content).text("button")] == [
        *table["en"],
        *table["ja"],
    ]
    assert "button" not in markup.welcome(shelf("文。"))


def test_an_empty_shelf_is_no_error() -> None:
    found = json.loads(panel([], Shelf({})))
    assert found.pop("list")
    assert found == {
        "statements": [],
        "show": None,
        "quotes": [],
        "near": [],
        "link": "",
        "asked": [],
        "missing": 0,
    }


def test_a_refusal_says_of_how_many_statements_it_speaks() -> None:
    books = shelf("ある文。")
    for reason, many in (("off_subject", "None of the 3"), ("not_stated", "in any of the 3")):
        one = replace(refused(found(books)), reason=reason)
        for count in (1, 3):
            answer = replace(one, statements=count)
            content = html.unescape(markup.answer_turn(answer, books))
            assert (many in content) == (count == 3)
            assert (many in to_text(answer, lambda name: books.statement(name).provenance)) == (
                count == 3
            )


def test_a_follow_up_can_be_asked_alone_and_then_says_so() -> None:
    books = shelf("ある文。")
    leaning = replace(found(books), searched="p q")
    reading = Reading(markup.answer_turn(leaning, books))
    assert "alone" in [attrs.get("value") for _, attrs in reading.tags]
    reading = Reading(markup.answer_turn(found(books), books, alone=True))
    assert "alone" not in [attrs.get("value") for _, attrs in reading.tags]
    assert "on its own" in "".join(text for _, text in reading.texts)


def test_problems_are_said_in_both_languages() -> None:
    for question in ("", " \n", "あ" * (MAX_QUESTION + 1)):
        content = markup.problem(question, ShuttenError("never shown"), HOME)
        assert [tag for tag, _ in Reading(content).tags] == ["p", "span", "span"]
        assert "never shown" not in html.unescape(content)
    content = markup.problem("q", ShuttenError("<b>broken</b>"), HOME)
    assert html.unescape(content) == '<p class="problem" role="alert"><b>broken</b></p>'
    assert "<b>" not in content


def test_a_problem_with_the_data_folder_does_not_say_where_it_is() -> None:
    error = ShuttenError(f"{HOME}/shutten.db is damaged; restore a copy")
    content = html.unescape(markup.problem("q", error, HOME))
    assert str(HOME) not in content
    assert "the server has trouble" in content
