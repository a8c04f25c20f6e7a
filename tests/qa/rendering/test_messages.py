"""The table of texts: both languages are complete, and no text stands in it twice."""

from __future__ import annotations

import json
import re
from collections import Counter
from string import Formatter

import pytest
from project import ROOT

from qa.rendering.messages import LANGUAGES, interface_language, messages, section

PATH = ROOT / "qa" / "rendering" / "messages.json"
PLACES = ROOT / "qa" / "answers" / "places.json"
TABLE = json.loads(PATH.read_text("utf-8"))
TEXTS = {key: texts for keys in TABLE.values() for key, texts in keys.items()}
# The heading of a tab and a button have the same English name and different Japanese ones.
SAME_IN_ENGLISH = {"Measure": ["tab_measure", "run"], ", ": ["between_issuers", "between_kinds"]}


def placeholders(text: str) -> list[tuple[str, str]]:
    """Return name and format of each placeholder, in alphabetical order."""
    found = Formatter().parse(text)
    return sorted((name, form or "") for _, name, form, _ in found if name is not None)


@pytest.mark.parametrize("key", TEXTS)
def test_a_text_is_there_in_both_languages_with_the_same_placeholders(key: str) -> None:
    assert sorted(TEXTS[key]) == sorted(LANGUAGES)
    assert placeholders(TEXTS[key]["en"]) == placeholders(TEXTS[key]["ja"])


def test_places_are_there_in_both_languages_with_the_same_placeholders() -> None:
    places = json.loads(PLACES.read_text("utf-8"))
    assert sorted(places) == sorted(LANGUAGES)
    assert places["en"].keys() == places["ja"].keys()
    for key, text in places["en"].items():
        assert placeholders(text) == placeholders(places["ja"][key])


def test_no_key_stands_twice() -> None:
    names: list[str] = []
    json.loads(
        PATH.read_text("utf-8"),
        object_pairs_hook=lambda rows: names.extend(name for name, _ in rows),
    )
    keys = [name for name in names if name not in (*LANGUAGES, *TABLE)]
    assert [key for key, count in Counter(keys).items() if count > 1] == []
    assert len(keys) == len(TEXTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_stands_twice(language: str) -> None:
    keys: dict[str, list[str]] = {}
    for key, texts in TEXTS.items():
        keys.setdefault(texts[language], []).append(key)
    twice = {text: sorted(names) for text, names in keys.items() if len(names) > 1}
    allowed = SAME_IN_ENGLISH if language == "en" else {}
    assert twice == {text: sorted(names) for text, names in allowed.items()}


def test_japanese_texts_have_japanese_colons() -> None:
    japanese = [texts["ja"] for texts in TEXTS.values()]
    assert [text for text in japanese if re.search(r"[^\x00-\x7f}]:|}: ", text)] == []


def test_every_text_is_used() -> None:
    folders = ("qa", "web", "cli")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.*")]
    code = "\n".join(
        path.read_text("utf-8") for path in paths if path.suffix in (".py", ".js", ".css")
    )
    # These are read by the beginning of the key, or as a whole section.
    whole = ("claim_", "confidence_", "differs_", "fact_", "offered_", "reply_", "仮訳")
    whole += ("kind_", "party_", "status_", "searched_", "language_")
    reasons = ("off_subject", "not_stated", "partly")
    unused = [
        key
        for key in TEXTS
        if not key.startswith(whole)
        and not re.search(rf"[\"'\[]{re.escape(key)}[\"'\]]", code)
        and not any(key in (reason, f"{reason}_many", f"{reason}_some") for reason in reasons)
    ]
    assert unused == []


def test_another_language_gets_english_texts() -> None:
    assert interface_language("fr") == interface_language("") == "en"
    assert messages("fr") == messages("en") != messages("ja")


def test_a_section_has_its_texts_only() -> None:
    assert section("citation").keys() == {
        "citation_also",
        "citation_status",
        "citation_date",
        "citation_offsets",
    }
