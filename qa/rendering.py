"""Answers in words, in Japanese or English. Pure functions of the answer."""

from __future__ import annotations

from collections.abc import Callable

from corpus.records import Provenance
from qa.answer import Answer, Quote

_WORDS = {
    "en": {
        "understood": "Understood as: {question}",
        "silent": "The statement does not say. All {count} passages were checked.",
        "nearest": "The nearest passages, which may not answer the question:",
        "at": "characters {start}–{end}",
        "under": "under: {context}",
        "quote": "“{text}”",
        "title": "{title} ({status}), {date}",
        "high": "confidence: high",
        "middle": "confidence: fair",
        "low": "confidence: low",
    },
    "ja": {
        "understood": "次の質問として検索しました: {question}",
        "silent": "声明には記載が見当たりません。全{count}箇所を確認しました。",
        "nearest": "最も近い箇所（質問への答えとは限りません）:",
        "at": "{start}–{end}文字目",
        "under": "親項目: {context}",
        "quote": "「{text}」",
        "title": "{title}（{status}）{date}",
        "high": "確度: 高",
        "middle": "確度: 中",
        "low": "確度: 低",
    },
}
LANGUAGES = tuple(_WORDS)


def interface_language(language: str) -> str:
    """The language to speak to someone who asked in `language`."""
    return language if language in _WORDS else "en"


def confidence_in_words(confidence: float, language: str) -> str:
    """High from 0.8, fair from 0.5, else low."""
    key = "high" if confidence >= 0.8 else "middle" if confidence >= 0.5 else "low"
    return _WORDS[interface_language(language)][key]


def citation(quote: Quote, provenance: Provenance, language: str) -> str:
    """Where a quote stands: statement, status, date, place and offsets, in one line."""
    language = interface_language(language)
    words = _WORDS[language]
    japanese = language == "ja"
    title = provenance.title if japanese else provenance.title_en or provenance.title
    status = provenance.status if japanese else provenance.status_en or provenance.status
    if title and status and provenance.date:
        title = words["title"].format(title=title, status=status, date=provenance.date)
    parts = [
        title or quote.statement,
        quote.place.describe(language),
        words["at"].format(start=quote.start, end=quote.end),
    ]
    return " · ".join(parts)


def to_text(answer: Answer, provenance: Callable[[str], Provenance]) -> str:
    """An answer for the terminal.

    Args:
        answer: What to show.
        provenance: Gives the provenance of a statement by id.
    """
    language = interface_language(answer.language)
    words = _WORDS[language]
    lines = []
    if answer.searched != answer.question.strip():
        lines += [words["understood"].format(question=answer.searched), ""]
    if answer.status == "not_found":
        lines += [words["silent"].format(count=answer.passages), "", words["nearest"]]
    for number, quote in enumerate(answer.quotes or answer.nearest, 1):
        lines.append(f"[{number}] " + words["quote"].format(text=quote.text))
        if quote.context:
            lines.append("    " + words["under"].format(context=quote.context))
        lines.append("    " + citation(quote, provenance(quote.statement), language))
    if answer.status == "answered":
        lines += ["", confidence_in_words(answer.confidence, language)]
    return "\n".join(lines)
