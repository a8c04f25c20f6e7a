"""The titles that a page gives itself in its head, and the names of the site in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.formats.html.tree import Page

_SEPARATOR = re.compile(r"\s+[|｜\-–—:：»·]\s+|\s*[|｜]\s*|：|_(?=[^_]{2,20}$)|:\s+")
_MAX_LENGTH = 2_000  # characters of a title or another value
_TITLES = ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title")
_SITES = ("og:site_name", "application-name")


def metadata(page: Page) -> dict[str, list[str]]:
    """Return the contents of the `meta` elements of a page by their names in lower case."""
    values: dict[str, list[str]] = {}
    for node in page.nodes[: page.body]:
        if node.tag == "meta":
            attributes = node.attributes
            name = (attributes.get("property") or attributes.get("name") or "").strip().lower()
            if content := " ".join(attributes.get("content", "")[:_MAX_LENGTH].split()):
                values.setdefault(name, []).append(content)
    return values


def head_title(page: Page) -> str:
    """Return the text of the `title` element; empty if there is none."""
    for index, node in enumerate(page.nodes[: page.body]):
        if node.tag == "title":
            return " ".join(page.text(index, node.end)[:_MAX_LENGTH].split())
    return ""


def named_titles(page: Page) -> list[str]:
    """Return the titles that `meta` elements name, the best one first."""
    found = metadata(page)
    return [title for name in _TITLES for title in found.get(name, ())]


def page_titles(page: Page) -> tuple[str, ...]:
    """Return all titles that a page gives itself, and their parts, the best one first."""
    titles = (*named_titles(page), head_title(page))
    return tuple(dict.fromkeys(part for title in titles for part in _parts(title)))


def _parts(title: str) -> Iterator[str]:
    """Yield a title, and its parts between marks such as `|`, of which one may name the site."""
    if title:
        yield title
        yield from filter(None, map(str.strip, _SEPARATOR.split(title)))


def site_names(page: Page) -> tuple[str, ...]:
    """Return the names of the site: what it is called, and what the title has beside its own words.

    The last part of the title is such a name only if the page has another part of it as a heading.
    """
    found = metadata(page)
    names = [name for key in _SITES for name in found.get(key, ())]
    parts = list(_parts(head_title(page)))[1:]
    if len(parts) > 1 and any(_is_heading(page, part) for part in parts[:-1]):
        names.append(parts[-1])
    return tuple(names)


def _is_heading(page: Page, words: str) -> bool:
    """Return whether a heading of the page begins with some words."""
    squeezed = "".join(words.split())
    for index, node in enumerate(page.nodes):
        if node.tag in ("h1", "h2"):
            text = "".join(page.text(index, node.end, 4 * len(words) + 8).split())
            if text.startswith(squeezed):
                return True
    return False


def without_site(title: str, sites: Sequence[str]) -> str:
    """Return a title without the name of the site before or after it; empty if it is that name."""
    names = {_squeezed(site) for site in sites}
    for separator in _SEPARATOR.finditer(title):
        before, after = title[: separator.start()].strip(), title[separator.end() :].strip()
        if _squeezed(after) in names:
            return before
        if _squeezed(before) in names:
            return after
    return "" if _squeezed(title) in names else title


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()
