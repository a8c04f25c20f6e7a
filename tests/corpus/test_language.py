"""The language of a statement is told where nearly all of it is in one language."""

from __future__ import annotations

from pathlib import Path

import pytest
from project import BESIDE

from corpus.facts.reading import complete
from corpus.language import main_language
from corpus.library import bundled_paths, load_statement
from corpus.records import Provenance, Source
from corpus.segmentation.parsing import parse

TEXTS = {
    "en": "The ministers welcomed the progress that was made on resilient supply chains this year.",
    "ja": "両大臣は、強靱な供給網の構築に向けた協力が着実に進展していることを歓迎し、次回の会合を"
    "開くことで一致した。",
    "fr": "Les ministres se sont félicités des progrès accomplis pour des chaînes "
    "d’approvisionnement plus sûres.",
    "ko": "양국 장관은 공급망 협력에 관한 논의가 진전되고 있음을 환영하고 내년에 다시 만나기로 "
    "하였으며 협력을 확대하기로 하였다.",
    "zh": "双方欢迎在建设有韧性的供应链方面取得的进展，并同意明年再次举行部长级会议，继续深化贸易、"
    "能源和数字领域的务实合作。",
    "da": "Ministrene hilste fremskridtene med robuste forsyningskæder velkommen og aftalte at "
    "mødes igen næste år.",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items(), ids=TEXTS)
def test_the_language_of_a_text(language: str, text: str) -> None:
    assert main_language([text, text, text]) == language


@pytest.mark.parametrize(
    "passages",
    [
        [],
        [TEXTS["en"]],  # too short
        ["1 2 3 4 5 6 7 8 9 0 " * 20],
        [TEXTS["en"], TEXTS["ja"], TEXTS["en"], TEXTS["ja"]],
    ],
    ids=["nothing", "short", "numbers", "two languages"],
)
def test_a_doubtful_language_is_left_open(passages: list[str]) -> None:
    assert main_language(passages) == ""


def test_a_few_words_in_another_language_do_not_count() -> None:
    assert main_language([*[TEXTS["en"]] * 6, TEXTS["ja"]]) == "en"
    assert main_language([*[TEXTS["ja"]] * 6, "Memorandum of Cooperation"]) == "ja"


def test_the_fact_says_that_it_was_read_from_the_text() -> None:
    text = f"{TEXTS['fr']}\n\n" * 3
    found = complete(Provenance(), Source("", text.encode()), parse(text))
    assert (found.language, found.origins["language"]) == ("fr", "text")
    headed = f"---\nlanguage: en\n---\n{text}"
    found = complete(Provenance(), Source("", headed.encode()), parse(headed))
    assert (found.language, found.origins["language"]) == ("en", "head")


@pytest.mark.parametrize(
    "path", [*bundled_paths(), *sorted(BESIDE.glob("20*.md"))], ids=lambda path: path.stem
)
def test_the_language_of_real_statements(path: Path) -> None:
    statement = load_statement(path)
    texts = [passage.span.of(statement.source.text) for passage in statement.passages]
    name = path.stem
    expected = "ja" if name.endswith(".ja") else "fr" if "-declaration-de-" in name else "en"
    assert main_language(texts) == expected
