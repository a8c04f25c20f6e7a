"""A statement in two languages: what the other text has stands beside a quote, and never as it.

The English text is made of the unofficial gloss of the bundled statement, so it is known which
sentence belongs to which.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import BUNDLED

from corpus.facts.pairs import likely_pair
from corpus.gloss import glosses_of
from corpus.library import bundled_paths, load_statement
from corpus.records import Provenance, Statement
from index.building.adding import add
from index.models.encoder import Encoder
from index.store.local import LocalStore
from qa.assistant import Assistant
from qa.proof.kept_answers import claimed_quotes
from qa.proof.verification import verify_all
from qa.rendering.outline import cited_provenance
from qa.rendering.terminal import to_text
from qa.scope.parallels import pairs_of
from web.page.markup import answer_turn

ENGLISH = "jucip-2023-05-26.en"
NOTE = re.compile(r"\s*\[Note:[^\]]*\]")


def sentences_of_gloss(statement: Statement) -> dict[str, str]:
    """Return the English of each Japanese sentence."""
    (gloss,) = glosses_of(bundled_paths()[0])
    text = statement.source.text
    return {
        span.of(text): NOTE.sub("", gloss.sentences[passage.id, number])
        for passage in statement.passages
        for number, span in enumerate(passage.sentences, 1)
    }


@pytest.fixture(scope="module")
def english(statement: Statement, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The English text, in which a year is wrong and a sentence is missing."""
    known = sentences_of_gloss(statement)
    blocks = []
    for passage in statement.passages:
        words = [known[span.of(statement.source.text)] for span in passage.sentences]
        if "ESG" in words[0]:
            continue
        mark = "- " if passage.kind in ("bullet", "item") else ""
        blocks.append(mark + " ".join(words).replace("April 2023", "April 2024"))
    path = tmp_path_factory.mktemp("english") / f"{ENGLISH}.txt"
    path.write_text("\n\n".join(blocks) + "\n", "utf-8")
    path.with_suffix(".toml").write_text(
        f'title = "Joint Statement"\ndate = 2023-05-26\npair = "{BUNDLED}"\n', "utf-8"
    )
    return path


@pytest.fixture(scope="module")
def both(english: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    home = tmp_path_factory.mktemp("pair")
    paths = [bundled_paths()[0], english]
    with contextlib.closing(LocalStore(home)) as store:
        add(store, encoder, [(load_statement(path), str(path)) for path in paths], progress=False)
    return Assistant.open(home)


@pytest.mark.parametrize(
    "subject",
    [
        "オープンRANの普及促進",
        "次世代半導体の開発",
        "太平洋島嶼国の民間企業",
        "サイバーセキュリティ",
    ],
)
def test_a_quote_has_the_other_text_beside_it(
    both: Assistant, statement: Statement, subject: str
) -> None:
    known = sentences_of_gloss(statement)
    answer = both.ask(f"{subject}について何と述べていますか")
    quote = answer.quotes[0]
    assert quote.statement == BUNDLED
    assert quote.parallel
    assert [other.statement for other in quote.parallel.quotes] == [ENGLISH]
    assert quote.parallel.quotes[0].text == known[quote.text].replace("April 2023", "April 2024")
    assert (quote.parallel.only_here, quote.parallel.only_there) == ((), ())


def test_numbers_that_differ_are_named(both: Assistant) -> None:
    answer = both.ask("グローバルCBPRフォーラムへの英国の参加表明")
    (parallel,) = [quote.parallel for quote in answer.quotes[:1]]
    assert parallel
    assert parallel.only_here == ("2023",)
    assert parallel.only_there == ("2024",)
    text = to_text(answer, cited_provenance(answer.ranked, both.statement))
    assert "英語版では：" in text
    assert "引用文だけにあるもの：2023" in text
    assert "もう一方の言語だけにあるもの：2024" in text


def test_a_reader_gets_the_quote_in_the_own_language_and_only_once(both: Assistant) -> None:
    for question, language in (
        ("What was agreed on Open RAN?", ENGLISH),
        ("オープンRANについて何が合意されましたか", BUNDLED),
    ):
        answer = both.ask(question)
        assert {quote.statement for quote in answer.quotes} == {language}
        beside = [quote.parallel for quote in answer.quotes if quote.parallel]
        assert len(beside) == len(answer.quotes)


def test_a_sentence_that_the_other_text_lacks_has_nothing_beside_it(both: Assistant) -> None:
    answer = both.ask("ESG投資や企業のESG情報開示")
    assert "ESG" in answer.quotes[0].text
    assert answer.quotes[0].parallel is None


def test_the_other_text_is_proved_too_and_is_no_quote_of_the_answer(both: Assistant) -> None:
    answer = both.ask("What was agreed on Open RAN?")
    kept = json.loads(json.dumps(answer.to_json()))
    claimed = claimed_quotes(kept)
    verdicts = verify_all(claimed, both.statement_ids(), both.statement)
    assert {verdict.finding for verdict in verdicts} == {"exact"}
    assert {quote.statement for quote in claimed} == {ENGLISH, BUNDLED}
    html = answer_turn(answer, cited_provenance(answer.ranked, both.statement))
    assert "The Japanese text has:" in html
    # Only the quotes themselves are marked up as quotations.
    assert html.count("<blockquote") == len(answer.quotes)


def _pairs(statements: Sequence[Statement]) -> dict[str, str]:
    return pairs_of({statement.id: statement.provenance for statement in statements})


def test_pairs_name_each_other(statement: Statement) -> None:
    other = replace(
        statement,
        source=replace(statement.source, id="other"),
        provenance=replace(statement.provenance, pair=statement.id),
    )
    assert _pairs([statement, other]) == {statement.id: "other", "other": statement.id}
    assert _pairs([statement]) == {}
    alone = replace(statement, provenance=replace(statement.provenance, pair="nowhere"))
    itself = replace(statement, provenance=replace(statement.provenance, pair=statement.id))
    assert _pairs([alone, other]) == _pairs([statement, other])
    assert _pairs([itself]) == {}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, BUNDLED),
        ({"date": "2023-05-27"}, ""),
        ({"date": ""}, ""),
        ({"language": "ja"}, ""),
        ({"language": ""}, ""),
        ({"parties": ("FR", "DE")}, ""),
        ({"parties": ("US", "JP")}, BUNDLED),
        ({"pair": "another"}, ""),
    ],
)
def test_a_pair_is_proposed(
    english: Path, statement: Statement, facts: dict[str, object], expected: str
) -> None:
    translated = load_statement(english)
    provenance = replace(translated.provenance, **{"pair": "", "parties": (), **facts})  # type: ignore[arg-type]
    original = replace(
        statement, provenance=replace(statement.provenance, parties=("JP", "US"), language="ja")
    )
    candidate = replace(translated, provenance=provenance)
    assert likely_pair(candidate, [candidate, original]) == expected


def test_no_pair_is_proposed_of_two_that_fit(english: Path, statement: Statement) -> None:
    translated = load_statement(english)
    candidate = replace(translated, provenance=replace(translated.provenance, pair=""))
    twin = replace(statement, source=replace(statement.source, id="twin"))
    assert likely_pair(candidate, [statement, twin]) == ""
    empty = replace(statement, provenance=Provenance())
    assert likely_pair(candidate, [statement, empty]) == BUNDLED
