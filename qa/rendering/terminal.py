"""Answers in words, in Japanese or English. Pure functions of the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from corpus.characters.widths import columns
from corpus.records import Provenance
from corpus.tables import read_table
from qa.answers.answer import Answer, Level, Quote
from qa.proof.claims import ClaimCheck
from qa.proof.comparison import Part
from qa.proof.verification import Verdict, counts
from qa.questions.language import detect_language
from qa.rendering import descriptions

_WORDS: dict[str, dict[str, str]] = read_table(__package__, "messages.json")
_SHORT = 40  # columns; a longer title is too much for a line that is read, and the id stands for it


def interface_language(language: str) -> str:
    """The language to speak to someone who asked in `language`."""
    return language if language in _WORDS else "en"


def silent(answer: Answer, words: Mapping[str, str]) -> str:
    """What a refusal, or an answer to a part, says: that one statement, or that all, are silent.

    Args:
        answer: It.
        words: By its reason, and for some with `_many` where there are several statements.
    """
    reason = answer.reason or "not_stated"
    text = words.get(f"{reason}_many", words[reason]) if answer.statements > 1 else words[reason]
    parts = " / ".join(answer.unanswered)
    return text.format(count=answer.passages, statements=answer.statements, parts=parts)


def confidence_in_words(level: Level, language: str) -> str:
    """How sure it is that the first quote is the right one; empty where that is not said."""
    return _WORDS[interface_language(language)][level] if level else ""


def citation(quote: Quote, provenance: Provenance, language: str) -> str:
    """Where a quote stands, in full: title, status, date, id, place and offsets, in one line."""
    words = _WORDS[interface_language(language)]
    name = _title(provenance, language) or quote.statement
    status = provenance.status
    if interface_language(language) != "ja":
        status = provenance.status_en or status
    about = words["status"].format(status=status) if status else ""
    place = words["at"].format(start=quote.start, end=quote.end)
    return _joined(name, about, quote, provenance, language, place)


def short_citation(quote: Quote, provenance: Provenance, language: str) -> str:
    """Where a quote stands, to be read beside it: id and date, the title if short, the place."""
    title = _title(provenance, language)
    name = title if 0 < columns(title) <= _SHORT else quote.statement
    return _joined(name, "", quote, provenance, language)


def _joined(
    name: str, about: str, quote: Quote, provenance: Provenance, language: str, *more: str
) -> str:
    """A citation of its parts; nothing that tells which statement it was is said twice or never."""
    date = provenance.date
    if date and date not in name:
        about += _WORDS[interface_language(language)]["date"].format(date=date)
    known = [] if name == quote.statement else [quote.statement]
    return " · ".join([name + about, *known, quote.place.describe(language), *more])


def _title(provenance: Provenance, language: str) -> str:
    """The title in the reader's language, or else as it is, in one line."""
    japanese = interface_language(language) == "ja"
    title = provenance.title if japanese else provenance.title_en or provenance.title
    return " ".join(title.split())


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
        parts += _said_first(answer, language)
        for quote in answer.quotes or answer.nearest:
            parts.append(citations(quote, provenance(quote.statement), language)["markdown"])
            if quote.doubtful:
                parts.append(words["following"].format(following=quote.following))
        if answer.unanswered:
            parts.append(silent(answer, words))
        if answer.facts and answer.status != "answered":
            parts.append("\n".join(descriptions.lines(answer, language)))
    return "\n\n".join(parts) + "\n"


def _said_first(answer: Answer, language: str) -> list[str]:
    """What stands before the quotes, or instead of them, paragraph by paragraph."""
    if answer.status == "no_question":
        return descriptions.what_to_ask(answer, language)
    if answer.status == "answered":
        return ["\n".join(descriptions.lines(answer, language))] if answer.facts else []
    words = _WORDS[language]
    said = silent(answer, words)
    return [said, words["nearest"]] if answer.nearest else [said]


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
    lines += "\n\n".join(_said_first(answer, language)).splitlines()
    lines += [""] if answer.facts and answer.status == "answered" else []
    for number, quote in enumerate(answer.quotes or answer.nearest, 1):
        lines.append(f"[{number}] " + words["quote"].format(text=quote.text))
        if quote.context:
            lines.append("    " + words["under"].format(context=quote.context))
        if quote.doubtful:
            lines.append("    " + words["following"].format(following=quote.following))
        lines.append("    " + short_citation(quote, provenance(quote.statement), language))
    if answer.unanswered:
        lines += ["", silent(answer, words)]
    if answer.facts and answer.status != "answered":
        lines += ["", *descriptions.lines(answer, language)]
    elif answer.level:
        lines += ["", confidence_in_words(answer.level, language)]
    return "\n".join(lines)


_MARKS = {"both": "{}", "source": "[-{}-]", "quote": "{{+{}+}}"}


def verdict_to_text(verdict: Verdict) -> str:
    """What became of a quote, for the terminal; differences as in `git diff --word-diff`."""
    place = f" at {verdict.span.start}–{verdict.span.end}" if verdict.span else ""
    why = "; ".join(filter(None, [kinds_in_words(verdict.folded, "en"), verdict.reason]))
    note = f" ({why})" if why else ""
    lines = [f"{_spoken(verdict.finding)}{place}{note}  {verdict.claimed.statement}"]
    if verdict.finding == "altered":
        lines.append(f"    {_marked(verdict.difference)}")
    else:
        lines.append(f"    {verdict.claimed.text}")
    return "\n".join(lines)


def verdict_counts(verdicts: Sequence[Verdict]) -> str:
    """How many quotes came out in which way, in one line."""
    found = [f"{count} {_spoken(finding)}" for finding, count in counts(verdicts).items()]
    if others := sum(verdict.same_file is False for verdict in verdicts):
        found.append(f"{others} of them against another file")
    return f"{len(verdicts)} quote{'s' if len(verdicts) != 1 else ''}: {', '.join(found)}"


def _spoken(finding: str) -> str:
    return finding.replace("_", " ")


def kinds_in_words(kinds: Sequence[str], language: str) -> str:
    """In what two texts differ that have the same key; nothing where they do not differ."""
    words = _WORDS[interface_language(language)]
    named = words["and"].join(words[f"differs_{kind}"] for kind in kinds)
    return words["differs_in"].format(kinds=named) if kinds else ""


def _marked(parts: Sequence[Part]) -> str:
    return "".join(_MARKS[part.where].format(part.text) for part in parts)


def claim_to_text(check: ClaimCheck, provenance: Callable[[str], Provenance]) -> str:
    """A claim beside the source's words, for the terminal."""
    language = interface_language(detect_language(check.claim))
    words = _WORDS[language]
    part = check.finding == "verbatim" and not check.whole
    lines = [words["part" if part else check.finding].format(missing=", ".join(check.missing))]
    if check.folded:
        lines.append("    " + kinds_in_words(check.folded, language))
    if check.not_checked:
        lines.append("    " + words["not_checked"].format(names=", ".join(check.not_checked)))
    if check.quote:
        lines.append("    " + words["quote"].format(text=check.quote.text))
        if check.quote.context:
            lines.append("    " + words["under"].format(context=check.quote.context))
        about = provenance(check.quote.statement)
        lines.append("    " + short_citation(check.quote, about, language))
    if check.difference:
        lines.append("    " + words["compared"] + _marked(check.difference))
    return "\n".join(lines)
