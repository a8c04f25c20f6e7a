"""What asks nothing, and what asks about a statement as a whole, in many languages."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rankings
from statements import statement_from

from corpus.library import QUESTIONS, bundled_paths
from corpus.question_sets import load_questions
from corpus.records import Source
from index.building import adding
from index.models.encoder import Encoder
from index.search.searcher import Searcher
from index.store.local import LocalStore
from qa import overview
from qa.assistant import Assistant
from qa.confidence.calibration import shipped
from qa.overview import meant_statement, opening
from qa.questions.intent import intent
from qa.questions.remark_kinds import KINDS, Kinds
from qa.questions.remark_kinds import shipped as shipped_kinds
from qa.rendering.markdown import conversation_to_markdown
from qa.rendering.outline import cited_provenance
from qa.rendering.terminal import to_text
from training import datasets

WHOLE = [
    "What is this document about?",
    "この文書は何についてのものですか",
    "这份文件是关于什么的？",
    "이 문서는 무엇에 관한 것입니까?",
    "Worum geht es in diesem Dokument?",
    "De quoi parle ce document ?",
    "Who issued this statement and when?",
    "この声明はいつ、誰が出したものですか",
    "这份声明是谁、什么时候发表的？",
    "이 성명은 누가 언제 발표했나요?",
    "Wer hat diese Erklärung wann herausgegeben?",
    "Qui a publié cette déclaration, et quand ?",
    "Summarize the statement",
]
IDLE = {
    "help": ["help", "ヘルプ", "帮助", "도움말", "Hilfe", "Aide", "What can I ask?"],
    "greeting": ["Hello", "こんにちは", "你好", "안녕하세요", "Guten Tag", "Bonjour"],
    "thanks": ["Thank you", "ありがとうございます", "谢谢", "감사합니다", "Danke", "Merci"],
}
CONTENT = [
    "Who chairs the committee?",
    "When will the next meeting take place?",
    "What help do small firms get?",
    "Summarise the semiconductor part",
    "What did Raimondo say?",
    "Thanks. Now something else: what was said about semiconductors?",
    "ありがとうございます。では、量子技術については何が書いてありますか",
    "中小企業にはどんな支援がありますか",
    "半導体の部分を要約して",
    "Merci. Et que dit-on des semi-conducteurs ?",
]

_WORDS = re.compile(r"[A-Za-zÀ-ÿ]{4,}|[一-鿿]{2,5}|[ァ-ヺー]{3,10}")


def kind(assistant: Assistant, remark: str) -> str:
    answer = assistant.ask(remark)
    if answer.status == "no_question":
        return answer.reason
    return "statement" if answer.facts else "content"


@pytest.mark.parametrize("question", WHOLE)
def test_a_statement_as_a_whole(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    (facts,) = answer.facts
    statement = assistant.statement(facts.statement)
    assert facts.provenance.date == "2023-05-26"
    assert facts.characters == len(statement.source.text)
    title, *_ = statement.passages
    assert title.id in [quote.passage for quote in answer.quotes]
    first = {passage.id for passage in opening(statement)}
    assert {quote.passage for quote in answer.quotes} <= first
    assert all(quote.matches(statement.source) for quote in answer.quotes)


@pytest.mark.parametrize("question", [one for one in WHOLE if "issued" in one or "誰" in one])
def test_who_and_when(assistant: Assistant, question: str) -> None:
    first, *_ = assistant.ask(question).quotes
    assert "2023年5月26日" in first.text


@pytest.mark.parametrize(
    ("reason", "remark"), [(reason, one) for reason, all_ in IDLE.items() for one in all_]
)
def test_what_asks_nothing(assistant: Assistant, reason: str, remark: str) -> None:
    answer = assistant.ask(remark, ["What was agreed on Open RAN?"])
    assert (answer.status, answer.reason) == ("no_question", reason)
    assert not answer.ranked
    assert answer.searched == remark


@pytest.mark.parametrize("question", CONTENT)
def test_content(assistant: Assistant, question: str) -> None:
    assert kind(assistant, question) == "content"


def test_thanks_are_not_leaned_on(assistant: Assistant) -> None:
    """A follow-up after thanks follows up the question before them."""
    first, thanks, then = "What was agreed on Open RAN?", "Thank you!", "And quantum?"
    assert assistant.ask(then, [first, thanks]) == assistant.ask(then, [first])


def test_thanks_with_a_question_carry_no_earlier_subject(assistant: Assistant) -> None:
    question = "Thanks. Now something else: what was said about semiconductors?"
    answer = assistant.ask(question, ["What was agreed on Open RAN?"])
    assert answer.searched == question
    assert "半導体" in answer.quotes[0].text


TOWN = statement_from("共同声明\n\n両省は、橋を架ける。\n")
PORT = replace(TOWN, source=Source("port", TOWN.source.data))


@pytest.mark.parametrize(
    ("question", "scores", "wanted"),
    [
        ("What is this about?", (0.9, 0.5), "town"),
        ("What is this about?", (0.5, 0.9), "port"),
        ("What is this about?", (0.9, 0.89), ""),
        ("What is PORT about?", (0.9, 0.1), "port"),
        ("What is this about?", (0.9,), "town"),
    ],
)
def test_which_statement(question: str, scores: tuple[float, ...], wanted: str) -> None:
    sentences = [
        (one, one.passages[0], one.passages[0].sentences[0], score)
        for one, score in zip((TOWN, PORT), scores, strict=False)
    ]
    sentences.sort(key=lambda sentence: -sentence[3])
    assert meant_statement(question, rankings.hits(*sentences), ["port", "town"]) == wanted


def test_where_it_is_not_clear_all_are_named() -> None:
    sentences = [
        (statement, statement.passages[0], statement.passages[0].sentences[0], score)
        for statement, score in ((PORT, 0.9), (TOWN, 0.89))
    ]
    answer = overview.answer("?", 0.9, rankings.ranking(*sentences), 12)
    assert (answer.status, answer.reason) == ("not_found", "which")
    assert [facts.statement for facts in answer.facts] == ["port", "town"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_in_words(assistant: Assistant, language: str) -> None:
    about = {"en": "What is this document about?", "ja": "この文書は何についてのものですか"}
    hello = {"en": "Hello", "ja": "こんにちは"}
    answers = [assistant.ask(one[language]) for one in (about, hello)]
    quotes = [quote for answer in answers for quote in answer.ranked]
    provenance = cited_provenance(quotes, assistant.statement)
    facts = {
        "en": "Issued by: 経済産業省 (METI), 米国商務省 (DOC)",
        "ja": "開催地：ミシガン州デトロイト",
    }
    examples = {"en": "For example:", "ja": "例："}
    texts = [to_text(one, provenance) for one in answers]
    assert facts[language] in texts[0]
    assert "onfidence" not in texts[0]
    assert len(texts[1].split("\n\n")) == 2
    assert examples[language] in texts[1]
    kept = conversation_to_markdown(answers, provenance)
    assert facts[language] in kept
    assert examples[language] in kept


def test_a_statement_without_a_record_has_its_length(encoder: Encoder, tmp_path: Path) -> None:
    text = "両国は、水素の貿易を促進する。\n"
    statement = statement_from(text)
    store = LocalStore(tmp_path)
    adding.add(store, encoder, [(statement, "town.txt")])
    answer = Assistant(store, Searcher(store, encoder), shipped()).ask("Who issued it and when?")
    assert answer.facts[0].to_json() == {"statement": "town", "passages": 1, "characters": 16}
    assert [quote.text for quote in answer.quotes] == [text.strip()]


def test_another_model_takes_all_for_content() -> None:
    model = Kinds(np.ones((len(KINDS), 4), np.float32), np.zeros(len(KINDS), np.float32), 0.1)
    assert model.of(np.zeros(0, np.float32)) == ("content", 1.0)
    assert model.of(np.ones(3, np.float32)) == ("content", 1.0)


def test_a_bar_below_which_all_is_content() -> None:
    weights = np.eye(len(KINDS), dtype=np.float32)
    sound = weights[2]
    assert Kinds(weights, np.zeros(5, np.float32), 0.3).of(sound)[0] == "help"
    assert Kinds(weights, np.zeros(5, np.float32), 0.9).of(sound)[0] == "content"


def test_kinds_left_out_of_the_fit(assistant: Assistant) -> None:
    """The held-out remarks: content is hardly ever mistaken, the other kinds are mostly told."""
    asked = load_questions(QUESTIONS / "kinds-dev.jsonl")
    fitted = {one.text for one in load_questions(datasets.REMARK_KINDS)}
    found = [
        (one.kind, intent(one.text, (), assistant.searcher, lambda *_: False).kind)
        for one in asked
        if one.text not in fitted
    ]
    mistaken = [given != "content" for wanted, given in found if wanted == "content"]
    idle = [given in IDLE for wanted, given in found if wanted in IDLE]
    whole = [given == "statement" for wanted, given in found if wanted == "statement"]
    assert np.mean(mistaken) <= 0.02
    assert np.mean(idle) >= 0.75
    assert np.mean(whole) >= 0.6


def test_bare_words_are_looked_up(assistant: Assistant) -> None:
    """Words of statements that nothing was fitted to: a keyword is hardly ever a greeting."""
    texts = [one.statement.source.text for one in datasets.texts("practice")]
    texts.append(bundled_paths()[0].read_text("utf-8"))
    words = sorted({word for text in texts for word in _WORDS.findall(text)})
    drawn = random.Random(0).sample(words, 400)
    idle = [
        one for one in drawn if shipped_kinds().of(assistant.searcher.remark_vector(one))[0] in IDLE
    ]
    assert len(idle) <= 4, idle


@pytest.mark.parametrize("word", ["sanctions", "印度", "Inde", "Vietnam", "台湾", "community"])
def test_one_word_asks_for_content(assistant: Assistant, word: str) -> None:
    assert kind(assistant, word) == "content"
