"""Answers in words, in Japanese or English. Pure functions of the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from corpus.records import Provenance
from qa.answer import Answer, Quote
from qa.claims import ClaimCheck
from qa.language import detect_language
from qa.verifying import Part, Verdict

_WORDS = {
    "en": {
        "understood": "Understood as: {question}",
        "off_subject": "The statement is about other things. All {count} passages were checked.",
        "not_stated": "The statement does not seem to say. All {count} passages were checked.",
        "partly": "The statement does not seem to say: {parts}",
        "nearest": "The nearest passages, which may not answer the question:",
        "at": "characters {start}–{end}",
        "under": "under: {context}",
        "quote": "“{text}”",
        "title": "{title} ({status}), {date}",
        "verbatim": "Verbatim: these words stand in the source.",
        "part": "Verbatim, but only part of a sentence. The whole of it:",
        "found": "There is a passage about this; read whether it bears the sentence out.",
        "differs": "There is a passage about this, but it does not have: {missing}",
        "nothing": "No passage about this was found. All passages were checked.",
        "compared": "word for word: ",
        "high": "confidence: high",
        "middle": "confidence: fair",
        "low": "confidence: low",
    },
    "ja": {
        "understood": "次の質問として検索しました: {question}",
        "off_subject": "この声明では扱われていない事柄です。全{count}箇所を確認しました。",
        "not_stated": "声明には記載が見当たりません。全{count}箇所を確認しました。",
        "partly": "次の点は声明に記載が見当たりません: {parts}",
        "nearest": "最も近い箇所（質問への答えとは限りません）:",
        "at": "{start}–{end}文字目",
        "under": "親項目: {context}",
        "quote": "「{text}」",
        "title": "{title}（{status}）{date}",
        "verbatim": "原文どおりです。",
        "part": "原文にありますが、一文の一部だけです。全文は次のとおりです。",
        "found": "関連する箇所があります。裏付けになるかは原文でお確かめください。",
        "differs": "関連する箇所はありますが、次の語は原文に見当たりません: {missing}",
        "nothing": "関連する箇所は見つかりませんでした。全ての箇所を確認しました。",
        "compared": "語句の比較: ",
        "high": "確度: 高",
        "middle": "確度: 中",
        "low": "確度: 低",
    },
}


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


def citations(quote: Quote, provenance: Provenance, language: str) -> dict[str, str]:
    """A quote with where it stands, as `text`, as `markdown` and as `bibtex`."""
    place = citation(quote, provenance, language)
    quoted = _WORDS[interface_language(language)]["quote"].format(text=quote.text)
    lines = "\n".join(f"> {line}" for line in quote.text.splitlines())
    fields = {
        "title": provenance.title or quote.statement,
        "author": " and ".join(f"{{{name}}}" for name in map(_braced, provenance.issuers)),
        "date": provenance.date,
        "type": provenance.status,
        "note": f"{place}; sha256 {quote.sha256}",
        "abstract": quote.text,
    }
    rows = [
        f"  {name} = {{{value if name == 'author' else _braced(value)}}}"
        for name, value in fields.items()
        if value
    ]
    key = re.sub(r"[^A-Za-z0-9]+", "-", quote.statement).strip("-")
    return {
        "text": f"{quoted}\n{place}",
        "markdown": f"{lines}\n>\n> — {place}",
        "bibtex": f"@misc{{{key}-{quote.start},\n" + ",\n".join(rows) + "\n}",
    }


def _braced(text: str) -> str:
    """Text within braces of BibTeX: its own would have to be in pairs."""
    return re.sub(r"([\\{}])", lambda sign: _BIBTEX[sign[0]], text)


_BIBTEX = {"\\": "\\textbackslash ", "{": "\\textbraceleft ", "}": "\\textbraceright "}


def conversation_to_markdown(
    answers: Sequence[Answer], provenance: Callable[[str], Provenance]
) -> str:
    """A conversation to keep: questions as headings, quotes as quotes, refusals as such.

    Args:
        answers: In order.
        provenance: Gives the provenance of a statement by id.
    """
    parts = []
    for answer in answers:
        language = interface_language(answer.language)
        words = _WORDS[language]
        parts.append(f"## {' '.join(answer.question.split())}")
        if answer.searched != answer.question.strip():
            parts.append(words["understood"].format(question=answer.searched))
        if answer.status == "not_found":
            parts.append(words[answer.reason or "not_stated"].format(count=answer.passages))
            parts.append(words["nearest"])
        parts += [
            citations(quote, provenance(quote.statement), language)["markdown"]
            for quote in answer.quotes or answer.nearest
        ]
        if answer.unanswered:
            parts.append(words["partly"].format(parts=" / ".join(answer.unanswered)))
    return "\n\n".join(parts) + "\n"


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
        lines += [
            words[answer.reason or "not_stated"].format(count=answer.passages),
            "",
            words["nearest"],
        ]
    for number, quote in enumerate(answer.quotes or answer.nearest, 1):
        lines.append(f"[{number}] " + words["quote"].format(text=quote.text))
        if quote.context:
            lines.append("    " + words["under"].format(context=quote.context))
        lines.append("    " + citation(quote, provenance(quote.statement), language))
    if answer.unanswered:
        lines += ["", words["partly"].format(parts=" / ".join(answer.unanswered))]
    if answer.status == "answered":
        lines += ["", confidence_in_words(answer.confidence, language)]
    return "\n".join(lines)


_MARKS = {"both": "{}", "source": "[-{}-]", "quote": "{{+{}+}}"}


def verdict_to_text(verdict: Verdict) -> str:
    """What became of a quote, for the terminal; differences as in `git diff --word-diff`."""
    place = f" at {verdict.span.start}–{verdict.span.end}" if verdict.span else ""
    lines = [f"{verdict.finding}{place}  {verdict.claimed.statement}"]
    if verdict.finding == "altered":
        lines.append(f"    {_marked(verdict.difference)}")
    else:
        lines.append(f"    {verdict.claimed.text}")
    if verdict.same_file is False:
        lines.append("    (the source is not the file that was quoted: its checksum differs)")
    return "\n".join(lines)


def _marked(parts: Sequence[Part]) -> str:
    return "".join(_MARKS[part.where].format(part.text) for part in parts)


def claim_to_text(check: ClaimCheck, provenance: Callable[[str], Provenance]) -> str:
    """A claim beside the source's words, for the terminal."""
    language = interface_language(detect_language(check.claim))
    words = _WORDS[language]
    part = check.finding == "verbatim" and not check.whole
    lines = [words["part" if part else check.finding].format(missing=", ".join(check.missing))]
    if check.quote:
        lines.append("    " + words["quote"].format(text=check.quote.text))
        if check.quote.context:
            lines.append("    " + words["under"].format(context=check.quote.context))
        about = provenance(check.quote.statement)
        lines.append("    " + citation(check.quote, about, language))
    if check.difference:
        lines.append("    " + words["compared"] + _marked(check.difference))
    return "\n".join(lines)
