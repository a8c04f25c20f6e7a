"""Answers over several statements, with the real model: the right meeting, or none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.library import load_statement
from index.building import adding
from index.models.encoder import Encoder
from index.search.searcher import Searcher
from index.store.local import LocalStore
from qa.assistant import Assistant
from qa.confidence.calibration import shipped
from qa.rendering.outline import cited_provenance
from qa.rendering.terminal import to_text

HEAD = '---\ntitle: "{title}"\ndate: "{date}"\n---\n\n'
SHIPS = "The two sides will build three icebreakers together in Finland by 2027.\n"
HYDROGEN = "They welcomed a joint fund of 40 million dollars for hydrogen pipelines.\n"
LATER = "They will double the joint fund for hydrogen pipelines to 80 million dollars.\n"
OPENING = "The leaders of the United States and {other} met.\n\n"
FILES = {
    "finland-2022": ("U.S.-Finland Joint Statement", "2022-05-04", "Finland", SHIPS),
    "chile-2022": ("U.S.-Chile Joint Statement", "2022-09-07", "Chile", HYDROGEN),
    "chile-2024": ("U.S.-Chile Joint Statement", "2024-03-11", "Chile", LATER),
    "copy": ("U.S.-Finland Joint Statement", "2022-05-04", "Finland", SHIPS + "\n"),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("library")
    for name, (title, date, other, body) in FILES.items():
        text = HEAD.format(title=title, date=date) + OPENING.format(other=other) + body
        (folder / f"{name}.md").write_text(text, "utf-8")
    paths = sorted(folder.glob("*.md"))
    store = LocalStore(folder / "data")
    adding.add(store, encoder, [(load_statement(path), str(path)) for path in paths])
    yield Assistant(store, Searcher(store, encoder), shipped())
    store.close()


def test_the_statement_that_is_named_is_quoted(library: Assistant) -> None:
    answer = library.ask("2024年3月の米チリ共同声明では、水素の基金はどうなりますか。")
    assert (answer.status, answer.scope.why) == ("answered", "named")
    assert {quote.statement for quote in answer.quotes} == {"chile-2024"}


def test_the_words_of_another_statement_are_no_answer(library: Assistant) -> None:
    answer = library.ask("In the March 2024 U.S.-Chile statement, where will icebreakers be built?")
    assert (answer.status, answer.reason) == ("not_found", "other_statement")
    assert answer.nearest[0].statement in ("finland-2022", "copy")
    text = to_text(answer, cited_provenance(answer.ranked, library.statement))
    assert "U.S.-Chile Joint Statement (2024-03-11) does not seem to say this." in text
    assert "Other statements do:" in text


def test_a_meeting_that_is_not_there_is_said_to_be_missing(library: Assistant) -> None:
    answer = library.ask("What did the U.S.-Chile statement of May 2019 say on hydrogen?")
    assert (answer.status, answer.reason) == ("not_found", "unknown_meeting")
    assert {facts.statement for facts in answer.facts} >= {"chile-2022", "chile-2024"}


def test_the_latest_statement_that_speaks_of_it(library: Assistant) -> None:
    answer = library.ask("What does the latest U.S.-Chile statement say on the hydrogen fund?")
    assert (answer.scope.why, answer.scope.statements) == ("latest", ("chile-2024",))
    assert {quote.statement for quote in answer.quotes} == {"chile-2024"}


def test_each_statement_of_a_series_is_heard(library: Assistant) -> None:
    answer = library.ask("List everything that each of the U.S.-Chile statements says on hydrogen.")
    assert (answer.scope.why, answer.status) == ("named", "answered")
    assert {quote.statement for quote in answer.quotes} == {"chile-2022", "chile-2024"}
    assert all("hydrogen" in quote.text for quote in answer.quotes[:2])


def test_a_newer_statement_that_is_silent_is_not_the_latest_one(library: Assistant) -> None:
    answer = library.ask("最新の声明で砕氷船に触れたものは何と言っていますか。")
    assert answer.scope.why == "latest"
    assert answer.scope.statements[0] in ("finland-2022", "copy")
    assert "icebreakers" in answer.ranked[0].text


def test_the_same_words_are_quoted_once(library: Assistant) -> None:
    answer = library.ask("How many icebreakers will be built in Finland?")
    quotes = [quote for quote in answer.quotes if "icebreakers" in quote.text]
    assert len(quotes) == 1
    assert {quotes[0].statement, *quotes[0].also_in} == {"finland-2022", "copy"}
    text = to_text(answer, cited_provenance(answer.ranked, library.statement))
    assert f"also in {quotes[0].also_in[0]}" in text


def test_a_filter_holds(library: Assistant) -> None:
    answer = library.ask("hydrogen fund", within={"until": "2022"})
    assert {quote.statement for quote in answer.quotes} == {"chile-2022"}
    assert {quote.statement for quote in library.retrieve("hydrogen", 9, "chile-2024")} == {
        "chile-2024"
    }


def test_all_statements_can_be_searched_whatever_the_question_names(library: Assistant) -> None:
    question = "In the March 2024 U.S.-Chile statement, where will icebreakers be built?"
    answer = library.ask(question, within={"by_name": False})
    assert (answer.status, answer.scope.why) == ("answered", "everything")
    assert "icebreakers" in answer.quotes[0].text
    missing = "What did the U.S.-Chile statement of May 2019 say on hydrogen?"
    assert library.ask(missing, within={"by_name": False}).status == "answered"
    some = library.ask(question, within={"statements": ["chile-2022", "copy"], "by_name": False})
    assert some.scope.statements == ("chile-2022", "copy")
    assert {quote.statement for quote in some.ranked} <= {"chile-2022", "copy"}


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        (
            "What is new on the hydrogen fund in the 2024 U.S.-Chile statement?",
            "Nearest in the earlier statement:",
        ),
        (
            "2022年と2024年の米チリ共同声明で、水素の基金はどう変わりましたか",
            "以前の声明で最も近い文：",
        ),
    ],
)
def test_what_is_new_stands_beside_the_nearest_sentence(
    library: Assistant, question: str, heading: str
) -> None:
    answer = library.ask(question)
    assert (answer.status, answer.scope.why) == ("answered", "change")
    assert {quote.statement for quote in answer.ranked} == {"chile-2024"}
    (quote,) = [quote for quote in answer.quotes if "80 million" in quote.text]
    assert quote.counterpart is not None
    assert (quote.counterpart.statement, quote.counterpart.text) == ("chile-2022", HYDROGEN.strip())
    assert all(quote.counterpart for quote in answer.ranked)
    assert all(each.matches(library.statement(each.statement).source) for each in answer.cited)
    text = to_text(answer, cited_provenance(answer.ranked, library.statement))
    assert heading in text
    assert text.index("80 million") < text.index("40 million")


def test_words_that_stand_in_both_are_said_to_be_the_same(library: Assistant) -> None:
    answer = library.ask("What is new in the 2024 U.S.-Chile statement?", k=12)
    both = [quote for quote in answer.ranked if quote.text.startswith("The leaders of")]
    for quote in both:
        assert quote.counterpart is not None
        assert quote.counterpart.text == quote.text
        assert quote.also_in == ("chile-2022",)
        assert quote.counterpart.also_in == ("chile-2024",)
    assert len(both) == 1


def test_other_questions_have_no_counterparts(library: Assistant) -> None:
    for question in ("hydrogen fund", "What does the latest U.S.-Chile statement say on hydrogen?"):
        answer = library.ask(question)
        assert answer.cited == list(answer.ranked) != []
        assert {quote["counterpart"] for quote in answer.to_json()["quotes"]} == {None}


def test_a_follow_up_keeps_the_statement(library: Assistant) -> None:
    first = "What did the September 2022 U.S.-Chile statement say on hydrogen?"
    answer = library.ask("And how large is that fund?", [first])
    assert (answer.scope.why, answer.scope.statements) == ("followup", ("chile-2022",))
    assert {quote.statement for quote in answer.ranked} <= {"chile-2022"}


def test_a_quote_is_a_slice_of_its_file(library: Assistant) -> None:
    for question in ("hydrogen", "icebreakers"):
        for quote in library.ask(question).ranked:
            source = library.statement(quote.statement).source
            assert source.text[quote.start : quote.end] == quote.text
