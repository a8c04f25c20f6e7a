"""Short names of statements, and the citations made with them, in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from statements import quotes_from, statement_from

from corpus.records import Provenance
from qa.rendering.citations import named_citation
from qa.rendering.names import parties_text, statement_name, status_text

DAY = {"date": "2024-04-10"}
LONG = "Statement of many on " + "the seas and rivers " * 6


@pytest.mark.parametrize(
    ("facts", "english", "japanese"),
    [
        (
            {"parties": ("US", "JP"), "kind": "joint statement", **DAY},
            "U.S.-Japan joint statement, 10 Apr 2024",
            "日米共同声明（2024年4月10日）",
        ),
        (
            {"parties": ("JP", "US", "KR"), "kind": "joint statement", "date": "2023-08-18"},
            "Japan-U.S.-South Korea joint statement, 18 Aug 2023",
            "日米韓共同声明（2023年8月18日）",
        ),
        (
            {"parties": ("US", "SG"), "kind": "vision statement", "date": "2023-10-12"},
            "U.S.-Singapore vision statement, 12 Oct 2023",
            "米国・シンガポール共同ビジョン声明（2023年10月12日）",
        ),
        (
            {"parties": ("G7",), "kind": "communiqué", "date": "2023-05-20"},
            "G7 communiqué, 20 May 2023",
            "G7コミュニケ（2023年5月20日）",
        ),
        (
            {"parties": ("US", "EU"), "kind": "declaration"},
            "U.S.-EU declaration",
            "米国・EU宣言",
        ),
        ({"parties": ("JP",)}, "Japan statement", "日本声明"),
        (
            {"parties": ("JP", "GB"), "kind": "protocol", "date": "2023"},
            "Japan-UK protocol, 2023",
            "日英protocol（2023）",
        ),
        (
            {"parties": tuple("JP US DE FR IT".split()), "title": "題", "title_en": "T", **DAY},
            "T, 10 Apr 2024",
            "題（2024年4月10日）",
        ),
        (
            {"title": LONG},
            f"{LONG[:89].rstrip()}…",
            f"{LONG[:89].rstrip()}…",
        ),
        (DAY, "an-id, 10 Apr 2024", "an-id（2024年4月10日）"),
        ({}, "an-id", "an-id"),
    ],
)
def test_a_statement_has_a_short_name(facts: dict[str, Any], english: str, japanese: str) -> None:
    provenance = Provenance(**facts)
    assert statement_name("an-id", provenance, "en") == english
    assert statement_name("an-id", provenance, "ja") == japanese
    assert statement_name("an-id", provenance, "fr") == english


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        (
            "en",
            "Japan-U.S. joint statement, 10 Apr 2024, opening, paragraph 1",
            "Japan-U.S. joint statement, 10 Apr 2024, paragraph 12"
            " · also in AUKUS statement / unknown",
        ),
        (
            "ja",
            "日米共同声明（2024年4月10日）前文 第1段落",
            "日米共同声明（2024年4月10日）パラグラフ12 · 同文：AUKUS声明 / unknown",
        ),
    ],
)
def test_a_quote_is_cited_by_the_short_name_and_the_place(
    language: str, first: str, second: str
) -> None:
    statement = statement_from(
        "They met.\n\n12. They agreed on trade.\n",
        parties=("JP", "US"),
        kind="joint statement",
        **DAY,
    )
    provenance = {
        statement.id: statement.provenance,
        "other": Provenance(parties=("AUKUS",)),
    }
    opening, item = quotes_from(statement)
    item = replace(item, also_in=("other", "unknown"))
    assert named_citation(opening, provenance, language) == first
    assert named_citation(item, provenance, language) == second


def test_parties_and_status_are_named_in_the_language_of_the_reader() -> None:
    assert parties_text(("JP", "US", "AUKUS"), "en") == "Japan, United States, AUKUS"
    assert parties_text(("JP", "US", "AUKUS"), "ja") == "日本、米国、AUKUS"
    read = Provenance(status="provisional translation")
    recorded = Provenance(status="仮訳", status_en="provisional translation")
    japanese = Provenance(status="仮訳")
    statuses = (read, recorded, japanese)
    assert [status_text(one, "ja") for one in statuses] == ["仮訳"] * 3
    assert [status_text(one, "en") for one in statuses] == ["provisional translation"] * 3
