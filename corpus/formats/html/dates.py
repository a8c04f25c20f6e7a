"""The day on which a page says that it was published, where it says it for machines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from corpus.formats.html.article import Judge
from corpus.formats.html.titles import metadata
from corpus.formats.html.tree import Page

_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "dc.date",
    "dc.date.issued",
    "dc.date.created",
    "dcterms.date",
    "dcterms.issued",
    "dcterms.created",
    "citation_publication_date",
    "citation_date",
    "datepublished",
    "publish-date",
    "publish_date",
    "pubdate",
)
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<mark>[-/.]?)(?P<month>\d{2})(?P=mark)(?P<day>\d{2})"
    r"(?:[T ](?P<hour>\d{2}):?(?P<rest>[\d:.]*)\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_UTC = re.compile("Z|UTC|GMT|[+-]00:?00", re.IGNORECASE)
# Hours of UTC that are on the same day from Washington to Tokyo.
_SAME_DAY = range(5, 15)
_MAX_DATA = 500_000  # characters of structured data that are read
_MAX_OBJECTS = 200


def published_day(judge: Judge) -> str:
    """Return the day as `YYYY-MM-DD`; empty if the page names none, or several."""
    page = judge.page
    found = metadata(page)
    named = [value for name in _NAMES for value in found.get(name, ())]
    days = {_day(value) for value in (*named, *_structured(page))} | set(_times(judge))
    return days.pop() if len(days) == 1 else ""


def _day(value: str) -> str:
    """Return the day of a point in time; empty if it is doubtful in which country it counts."""
    found = _DAY.fullmatch(value.strip())
    if not found:
        return ""
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return ""
    if found["zone"] and _UTC.fullmatch(found["zone"]):
        is_midnight = not (found["hour"] + found["rest"]).strip("0:.")
        if not is_midnight and int(found["hour"]) not in _SAME_DAY:
            return ""
    return day.isoformat()


def _times(judge: Judge) -> Iterator[str]:
    """Yield the days of the `time` elements in the head of the statement."""
    marks = judge.marks
    if marks.title < 0 or marks.first < 0:
        return
    start = min(marks.title, marks.root)
    for index in judge.omissions.kept(start, max(marks.first, start)):
        node = judge.page.nodes[index]
        if node.tag == "time" and (value := node.attributes.get("datetime", "")):
            yield _day(value)


def _structured(page: Page) -> Iterator[str]:
    """Yield the days of publication in the structured data of a page (JSON-LD)."""
    for index, node in enumerate(page.nodes):
        if node.tag != "script" or "ld+json" not in node.attributes.get("type", "").lower():
            continue
        text = "".join(inner.text for inner in page.nodes[index : node.end])
        if len(text) > _MAX_DATA:
            continue
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            continue
        for item in _objects(data):
            value = item.get("datePublished")
            if isinstance(value, str):
                yield value


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects that describe the page itself, not those of lists of other pages."""
    waiting, count = [data], 0
    while waiting and count < _MAX_OBJECTS:
        item, count = waiting.pop(0), count + 1
        if isinstance(item, list):
            waiting.extend(item[:_MAX_OBJECTS])
        elif isinstance(item, dict):
            yield item
            waiting.extend(item[name] for name in ("@graph", "mainEntity") if name in item)
