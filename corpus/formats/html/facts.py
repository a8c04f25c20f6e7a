"""What a page tells about itself outside the text: its title, day, address and language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from corpus.formats.html.article import Judge
from corpus.formats.html.dates import published_day
from corpus.formats.html.omissions import has_words
from corpus.formats.html.runs import read_lines
from corpus.formats.html.titles import (
    head_title,
    metadata,
    named_titles,
    page_titles,
    site_names,
    without_site,
)
from corpus.formats.html.tree import Page
from corpus.formats.html.weights import columns

_MIN_TITLE = 8  # columns
_OPENING = 2_000  # characters of the text that should repeat the title
_ADDRESS = re.compile(r"https://[^\s/]+/\S*")
_MAX_ADDRESS = 2_000
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")
# Programs that save a page write its address into a comment.
_SAVED_FROM = re.compile(r"<!--\s*(?:saved from url=\(\d+\)|[^>]{0,200}?\burl:\s*)(\S{1,2000})")
_HEAD = 10_000
_EAST_ASIAN = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SCRIPTS = {
    "ja": re.compile("[\u3041-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "zh": re.compile("[\u3400-\u9fff]"),
}
_MIN_OWN, _MAX_OTHER = 0.5, 0.05  # shares of East Asian letters


def page_facts(judge: Judge, text: str, markup: str, address: str = "") -> dict[str, str]:
    """Return the facts that are not doubtful, by the names of the fields of a front matter.

    Args:
        judge: The page.
        text: Its text.
        markup: The page as it was parsed.
        address: Where it was saved from, if another file tells that.
    """
    facts = {
        "title": _title(judge, text),
        "date": published_day(judge),
        "url": _url(judge.page, markup, address),
        "language": _language(judge.page, text),
    }
    return {name: value for name, value in facts.items() if value}


def _title(judge: Judge, text: str) -> str:
    """Return the title: the heading if the head of the page repeats it, else the best one."""
    page, sites = judge.page, site_names(judge.page)
    heading = _heading(judge)
    named = [without_site(title, sites) for title in named_titles(page)]
    written = without_site(head_title(page), sites)
    lines = set(map(_squeezed, text[:_OPENING].splitlines()))
    repeated = [part for part in page_titles(page) if _squeezed(part) in lines]
    if heading and any(_squeezed(heading) in _squeezed(title) for title in (*named, written)):
        return heading
    # A line may also repeat the name of the site, which is shorter as a rule.
    candidates = (*named, heading, max(repeated, key=len, default=""))
    return next((title for title in candidates if columns(title) >= _MIN_TITLE), "")


def _heading(judge: Judge) -> str:
    mark = judge.marks.title
    if mark < 0:
        return ""
    nodes = list(judge.omissions.kept(mark, judge.page.nodes[mark].end))
    shown = [i for i in nodes if judge.page.nodes[i].text or judge.page.nodes[i].tag == "br"]
    return " ".join(" ".join(read_lines(judge.page, shown)).split(" "))


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def _url(page: Page, markup: str, address: str) -> str:
    """Return the address of the page. One of the first page of a site is none of a statement."""
    saved = _SAVED_FROM.search(markup[:_HEAD])
    for candidate in (*_named_addresses(page), address, saved[1] if saved else ""):
        if len(candidate) > _MAX_ADDRESS or not _ADDRESS.fullmatch(candidate):
            continue
        try:
            parts = urlsplit(candidate)
        except ValueError:
            continue
        if parts.path.strip("/") or parts.query:
            return candidate
    return ""


def _named_addresses(page: Page) -> Iterator[str]:
    for node in page.nodes[: page.body]:
        if node.tag == "link" and "canonical" in node.attributes.get("rel", "").lower().split():
            yield node.attributes.get("href", "").strip()
    yield from metadata(page).get("og:url", ())


def _language(page: Page, text: str) -> str:
    """Return the code of the language that the page names, if its letters do not contradict."""
    named = (page.nodes[index].attributes.get("lang", "") for index in (0, page.body))
    code = next(filter(None, map(str.strip, named)), "")
    found = _LANGUAGE.fullmatch(code)
    if not found or not has_words(text):
        return ""
    language = found[1].lower()
    return language if _fits(language, text) else ""


def _fits(language: str, text: str) -> bool:
    letters: Sequence[str] = [char for char in text if char.isalpha()]
    share = len(_EAST_ASIAN.findall(text)) / max(len(letters), 1)
    if language not in _SCRIPTS:
        return share <= _MAX_OTHER
    own = len(_SCRIPTS[language].findall(text))
    has_kana = bool(_SCRIPTS["ja"].search(text))
    return share >= _MIN_OWN and own > 0 and not (language == "zh" and has_kana)
