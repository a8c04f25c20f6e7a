"""One structure of an answer: its blocks, and what the terminal and Markdown make of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, get_args

import pytest
from answers import answered, provenance_of, refused
from statements import quotes_from, statement_from

from corpus.records import Statement
from qa.answers.answer import Answer
from qa.answers.facts import Facts
from qa.answers.scope import AnswerScope
from qa.confidence.calibration import shipped
from qa.rendering.blocks import Block, Searched
from qa.rendering.markdown import conversation_to_markdown
from qa.rendering.outline import cited_provenance, confidence_text, outline
from qa.rendering.terminal import to_text
from web.page.markup import answer_turn

STATEMENT = statement_from(
    "Joint Statement\n\nThey met.\n\n- a port:\n  - to open it;\n",
    name="s",
    title="Joint Statement",
    date="2023-05-26",
    language="en",
)
EARLIER = statement_from("They spoke. They\nmet.", name="t", date="2022-09-07", language="en")
ANSWER = replace(answered(STATEMENT), quotes=tuple(quotes_from(STATEMENT)[1:2]))
FACTS = (Facts.of(STATEMENT),)
CITATION = "Joint Statement, 2023-05-26 · s · opening, paragraph 1"
EARLIER_CITATION = "t, 2022-09-07 · opening, paragraph 1"


def compared(number: int) -> Answer:
    """Return the answer with one of the earlier sentences as the counterpart of its quote."""
    (quote,) = ANSWER.quotes
    return replace(ANSWER, quotes=(replace(quote, counterpart=quotes_from(EARLIER)[number]),))


# Each kind of answer: the blocks, the text for the terminal, and the Markdown below the question.
CASES: dict[str, tuple[Answer, str, str, str]] = {
    "answered": (
        ANSWER,
        "Summary Quotes",
        f"[1] “They met.”\n    {CITATION}\n\nconfidence: fair",
        f"> They met.\n>\n> — {CITATION} · characters 17–26",
    ),
    "follow-up": (
        replace(ANSWER, searched="p q"),
        "Understood Summary Quotes",
        f"Understood as: p q\n\n[1] “They met.”\n    {CITATION}\n\nconfidence: fair",
        f"Understood as: p q\n\n> They met.\n>\n> — {CITATION} · characters 17–26",
    ),
    "in part": (
        replace(ANSWER, reason="partly", unanswered=("the date", "the place")),
        "Summary Quotes Unanswered",
        f"[1] “They met.”\n    {CITATION}\n\n"
        "The statement does not seem to say: the date / the place\n\nconfidence: fair",
        f"> They met.\n>\n> — {CITATION} · characters 17–26\n\n"
        "The statement does not seem to say: the date / the place",
    ),
    "another language": (
        replace(ANSWER, language="fr"),
        "Summary Quotes ForeignLanguage",
        f"[1] “They met.”\n    {CITATION}\n\nconfidence: fair",
        f"> They met.\n>\n> — {CITATION} · characters 17–26",
    ),
    "a statement as a whole": (
        replace(ANSWER, level="", facts=FACTS),
        "Summary FactList Quotes",
        "Facts about the statement (s), recorded beside its text or counted, not quoted:\n"
        "- Title: Joint Statement\n- Date: 2023-05-26\n- Language: English\n"
        f"- Length: 4 passages, 54 characters\n\n[1] “They met.”\n    {CITATION}",
        "Facts about the statement (s), recorded beside its text or counted, not quoted:\n"
        "- Title: Joint Statement\n- Date: 2023-05-26\n- Language: English\n"
        "- Length: 4 passages, 54 characters\n\n"
        f"> They met.\n>\n> — {CITATION} · characters 17–26",
    ),
    "no answer": (
        refused(ANSWER),
        "Silence Nearest",
        "Nothing was found that answers this. All 7 passages were checked.\n\n"
        "The nearest passages, which may not answer the question:\n"
        f"[1] “They met.”\n    {CITATION}",
        "Nothing was found that answers this. All 7 passages were checked.\n\n"
        "The nearest passages, which may not answer the question:\n\n"
        f"> They met.\n>\n> — {CITATION} · characters 17–26",
    ),
    "no answer in several statements": (
        replace(refused(ANSWER), reason="off_subject", statements=3, nearest=()),
        "Silence",
        "None of the 3 statements here is about this. All 7 passages were checked.",
        "None of the 3 statements here is about this. All 7 passages were checked.",
    ),
    "which statement": (
        replace(refused(ANSWER), reason="which", statements=2, nearest=(), facts=FACTS),
        "Silence FactList",
        "Which statement is meant? Ask again with its title, its date or its id:\n\n"
        "- Joint Statement · 2023-05-26 · s",
        "Which statement is meant? Ask again with its title, its date or its id:\n\n"
        "- Joint Statement · 2023-05-26 · s",
    ),
    "one of several statements": (
        replace(ANSWER, statements=3, scope=AnswerScope("named", ("s",), titles={"s": "S (2023)"})),
        "Searched Summary Quotes",
        "Understood: S (2023) · 1 of 3 statements searched\n\n"
        f"[1] “They met.”\n    {CITATION}\n\nconfidence: fair",
        "Understood: S (2023) · 1 of 3 statements searched\n\n"
        f"> They met.\n>\n> — {CITATION} · characters 17–26",
    ),
    "compared with another sentence": (
        compared(0),
        "Summary Quotes",
        f"[1] “They met.”\n    {CITATION}\n    Nearest in the earlier statement:\n"
        f"        “They spoke.”\n        {EARLIER_CITATION}\n\nconfidence: fair",
        f"> They met.\n>\n> — {CITATION} · characters 17–26\n\n"
        "Nearest in the earlier statement:\n\n"
        f"> They spoke.\n>\n> — {EARLIER_CITATION} · characters 0–11",
    ),
    "compared with the same words": (
        compared(1),
        "Summary Quotes",
        f"[1] “They met.”\n    {CITATION}\n    The same words stand in the earlier statement:\n"
        f"        “They met.”\n        {EARLIER_CITATION}\n\nconfidence: fair",
        f"> They met.\n>\n> — {CITATION} · characters 17–26\n\n"
        "The same words stand in the earlier statement:\n\n"
        f"> They met.\n>\n> — {EARLIER_CITATION} · characters 12–21",
    ),
    "no question": (
        replace(refused(ANSWER), status="no_question", reason="thanks", nearest=()),
        "Reply",
        "You are welcome. Ask on, in any language: you get the statement's exact words, or are "
        "told that nothing answers.\n\nFor example: “What is this statement about?”, “Who issued "
        "it, and when?”, “What was agreed on supply chains?”",
        "You are welcome. Ask on, in any language: you get the statement's exact words, or are "
        "told that nothing answers.\n\nFor example: “What is this statement about?”, “Who issued "
        "it, and when?”, “What was agreed on supply chains?”",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_kind_of_answer(name: str) -> None:
    answer, blocks, text, markdown = CASES[name]
    provenance = provenance_of(STATEMENT, EARLIER)
    assert " ".join(type(block).__name__ for block in outline(answer, provenance)) == blocks
    assert to_text(answer, provenance) == text
    assert conversation_to_markdown([answer], provenance) == f"## q\n\n{markdown}\n"


def test_the_cases_have_every_kind_of_block() -> None:
    kinds = {kind for _, blocks, _, _ in CASES.values() for kind in blocks.split()}
    assert kinds == {kind.__name__ for kind in get_args(Block)}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_context_and_following_words_stand_with_a_quote(language: str) -> None:
    (quote,) = [quote for quote in quotes_from(STATEMENT) if quote.context]
    quote = replace(quote, following="They parted.")
    answer = replace(ANSWER, quotes=(quote,), language=language)
    provenance = provenance_of(STATEMENT)
    lines = to_text(answer, provenance).splitlines()
    context, following = lines[1:3]
    assert context == {"en": "    Under: a port:", "ja": "    親項目：a port:"}[language]
    assert following.endswith("They parted.")
    assert following.strip() in conversation_to_markdown([answer], provenance)
    assert context.strip() not in conversation_to_markdown([answer], provenance)


def test_a_question_stays_in_one_heading() -> None:
    answer = replace(ANSWER, question=" a\n\n# b", searched="a\n\n# b")
    text = conversation_to_markdown([answer, ANSWER], provenance_of(STATEMENT))
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings == ["## a # b", "## q"]


def test_each_cited_statement_is_looked_up_once() -> None:
    other = statement_from("They left. They came.", name="t")
    lookups: Counter[str] = Counter()

    def statement(name: str) -> Statement:
        lookups[name] += 1
        return {"s": STATEMENT, "t": other}[name]

    quotes = [*quotes_from(STATEMENT), *quotes_from(other), *quotes_from(STATEMENT)]
    assert cited_provenance(quotes, statement) == provenance_of(STATEMENT, other)
    assert lookups == {"s": 1, "t": 1}
    counterpart = replace(quotes_from(STATEMENT)[0], counterpart=quotes_from(other)[0])
    assert cited_provenance([counterpart], statement) == provenance_of(STATEMENT, other)
    assert cited_provenance([], statement) == {}


@pytest.mark.parametrize("show", [to_text, answer_turn], ids=["terminal", "page"])
@pytest.mark.parametrize(
    ("reason", "several"), [("off_subject", "None of the 3"), ("not_stated", "in any of the 3")]
)
def test_a_refusal_says_of_how_many_statements_it_speaks(
    show: Any, reason: str, several: str
) -> None:
    for count in (1, 3):
        answer = replace(refused(ANSWER), reason=reason, statements=count)
        assert (several in show(answer, provenance_of(STATEMENT))) == (count == 3)


@pytest.mark.parametrize(
    ("scope", "english", "japanese"),
    [
        (AnswerScope(), [], []),
        (AnswerScope("named"), [], []),
        (
            AnswerScope("everything"),
            ["All 9 statements were searched."],
            ["9件の声明すべてを検索しました。"],
        ),
        (
            AnswerScope("filter", ("a", "b")),
            ["Searched: A / B · 2 of 9 statements"],
            ["9件中2件を検索しました：A / B"],
        ),
        (
            AnswerScope("named", ("a", "b", "c", "d", "e")),
            ["Understood: A / B / C and 2 more · 5 of 9 statements searched"],
            ["次の声明についての質問と理解し、9件中5件を検索しました：A / B / C ほか2件"],
        ),
        (
            AnswerScope("followup", ("a",)),
            ["Still about: A · 1 of 9 statements searched"],
            ["引き続き次の声明についての質問と理解し、9件中1件を検索しました：A"],
        ),
        (
            AnswerScope("latest", ("a",), ("b", "c")),
            [
                "Understood: the latest statement that speaks of this. Found in: A",
                "Newer statements that do not seem to say it: B / C",
            ],
            [
                "この件を扱う最新の声明についての質問と理解しました。該当する声明：A",
                "より新しいが記載が見当たらない声明：B / C",
            ],
        ),
        (
            AnswerScope("change", ("b",), (), ("a",)),
            ["Understood: what is new in B, compared with A"],
            ["Aと比べてBで新しい点についての質問と理解しました。"],
        ),
    ],
)
def test_what_was_understood_and_searched(
    scope: AnswerScope, english: list[str], japanese: list[str]
) -> None:
    scope = replace(scope, titles={name: name.upper() for name in "abcde"})
    for language, lines in (("en", english), ("ja", japanese)):
        answer = replace(ANSWER, statements=9, scope=scope, language=language)
        shown = outline(answer, provenance_of(STATEMENT))
        assert [line for block in shown if isinstance(block, Searched) for line in block.lines] == (
            lines
        )


def test_a_refusal_of_some_statements_does_not_speak_of_all() -> None:
    scope = AnswerScope("filter", ("s",), titles={"s": "S"})
    text = to_text(replace(refused(ANSWER), statements=3, scope=scope), provenance_of(STATEMENT))
    assert "in the statements that were searched" in text
    assert "any of the 3" not in text


def test_confidence_text() -> None:
    levels = [shipped().level(chance) for chance in (1.0, shipped().fair, 0.0)]
    words = [confidence_text(level, "en") for level in levels]
    assert words == ["confidence: high", "confidence: fair", "confidence: low"]
    assert confidence_text("", "en") == ""
