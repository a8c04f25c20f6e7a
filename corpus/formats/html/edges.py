"""Leaves out what remains around a statement: labels, lines of links, headings without a text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from corpus.documents import CutReason
from corpus.formats.html import evidence
from corpus.formats.html.article import Judge
from corpus.formats.html.elements import elements
from corpus.formats.html.omissions import has_words
from corpus.formats.html.phrases import by_whole_text, is_copyright, label_kind
from corpus.formats.html.runs import Run, read_runs
from corpus.formats.html.weights import lines_of

_LINKED_LINE = 0.6  # share of a line in links
_LINKED_CHOICE = 0.4  # share of a line with a choice of links, such as languages
_LINKED_SECTION = 0.3  # share of a block under a label such as "Related links"
# What is left out for another reason may still be part of the statement, such as a button.
_FURNITURE = frozenset(("navigation", "link list", "notice", "aside", "comment"))
_SEPARATORS = frozenset("|｜>＞»«<＜/／[]【】:：· \t\n\r\u00a0\u3000")


def leave_out_edges(judge: Judge) -> None:
    """Leave out what belongs to the parts of the page that are left out already."""
    runs = _runs(judge)
    if _sections(judge, runs):
        runs = _runs(judge)
    is_shorter = False
    for run in runs:
        for line in lines_of(judge.page, run):
            if reason := _line_reason(judge, line):
                _leave_out_line(judge, run, line, reason)
                is_shorter = True
    if is_shorter:
        _sections(judge, _runs(judge))


def _runs(judge: Judge) -> list[Run]:
    page = judge.page
    return list(read_runs(page, judge.omissions, max(page.body, 0), len(page.nodes)))


def _line_reason(judge: Judge, line: Sequence[int]) -> CutReason | None:
    """Return why a line above or below the sentences of the page is left out."""
    start, end = line[0], line[-1] + 1
    marks, weights = judge.marks, judge.weights
    if marks.first < 0 or marks.first < end <= marks.last + 1:
        return None
    if judge.holds_title(start, end) or marks.has_notes(start, end):
        return None
    text = "".join(judge.page.nodes[index].text for index in line)
    if not has_words(text):
        return "navigation" if text.strip() and _SEPARATORS.issuperset(text) else None
    if reason := by_whole_text(text):
        return reason
    is_below = start > marks.last
    if is_below and is_copyright(text):
        return "notice"
    share = weights.link_share(start, end)
    links = len({judge.page.nodes[index].linked for index in line} - {0})
    if start < marks.title and links > 1 and share >= _LINKED_CHOICE:
        return "navigation"
    if share < _LINKED_LINE or weights.is_sentence(start, end):
        return None
    if is_below:
        return "link list"
    return "navigation" if start < marks.title or links > 1 else None


def _leave_out_line(judge: Judge, run: Run, line: Sequence[int], reason: CutReason) -> None:
    """Leave out a line: the whole block if it has no other line."""
    node = judge.page.nodes[run.holder]
    if len(list(lines_of(judge.page, run))) == 1 and node.tag not in ("body", "li", "dt", "dd"):
        others = judge.weights.words(run.holder, node.end) - judge.weights.words(
            line[0], line[-1] + 1
        )
        if not others:
            judge.omissions.add(run.holder, reason)
            return
    judge.omissions.add_range(line[0], line[-1] + 1, reason, run.holder)


def _sections(judge: Judge, runs: Sequence[Run]) -> bool:
    """Leave out headings under which nothing is left, and sections with a label of links.

    Returns:
        Whether anything was left out.
    """
    starts = [run.nodes[0] for run in runs]
    removed = [
        _section(judge, run, starts)
        for run in runs
        if not judge.holds_title(run.nodes[0], run.nodes[-1] + 1)
    ]
    return any(removed)


def _section(judge: Judge, run: Run, starts: Sequence[int]) -> bool:
    page = judge.page
    label = label_kind("".join(page.nodes[index].text for index in run.nodes))
    if not label and page.nodes[run.holder].tag not in elements("headings"):
        return False
    block = _outermost(judge, run)
    removed: list[int] = []
    reason: CutReason | None = None
    for sibling in _section_blocks(judge, block):
        if omission := judge.omissions.at(sibling):
            reason = reason or (omission.reason if omission.reason in _FURNITURE else None)
        elif not _has_runs(starts, sibling, page.nodes[sibling].end):
            inner = _omitted_within(judge, sibling)
            reason = reason or inner
        elif label and _is_removable(judge, sibling, label):
            removed.append(sibling)
        elif removed:
            break
        else:
            return False
    if removed:
        reason = "notice" if label == "contacts" else "link list"
    if reason is None:
        return False
    for index in (block, *removed):
        judge.omissions.add(index, reason)
    return True


def _outermost(judge: Judge, run: Run) -> int:
    """Return the outermost element that has no words but those of a run."""
    page, weights = judge.page, judge.weights
    words = weights.words(run.nodes[0], run.nodes[-1] + 1)
    index = run.holder
    while page.nodes[index].parent > page.body:
        parent = page.nodes[index].parent
        if weights.words(parent, page.nodes[parent].end) != words:
            break
        index = parent
    return index


def _section_blocks(judge: Judge, block: int) -> Iterator[int]:
    """Yield the elements after a heading, up to the next one of its rank."""
    nodes = judge.page.nodes
    rank = nodes[block].tag if nodes[block].tag in elements("headings") else "h6"
    index, end = nodes[block].end, nodes[nodes[block].parent].end
    while index < end:
        node = nodes[index]
        if node.tag in elements("headings") and node.tag <= rank and not judge.omissions.at(index):
            return
        if node.tag:
            yield index
        elif has_words(node.text):
            return
        index = node.end


def _has_runs(starts: Sequence[int], start: int, end: int) -> bool:
    """Return whether a range of nodes has text that is kept."""
    found = bisect_left(starts, start)
    return found < len(starts) and starts[found] < end


def _omitted_within(judge: Judge, index: int) -> CutReason | None:
    """Return the reason for the first part of an element that is left out."""
    for inner in range(index, judge.page.nodes[index].end):
        omission = judge.omissions.at(inner)
        if omission and omission.reason in _FURNITURE:
            return omission.reason
    return None


def _is_removable(judge: Judge, index: int, label: str) -> bool:
    """Return whether a block under a label holds links, or under one of contacts an address."""
    end = judge.page.nodes[index].end
    weights, marks = judge.weights, judge.marks
    if judge.holds_title(index, end) or marks.has_notes(index, end):
        return False
    if label == "contacts":
        is_below = index > marks.first
        return is_below and evidence.prose_share(weights, index, end) <= evidence.MAX_SURE
    return not weights.prose(index, end) and weights.link_share(index, end) >= _LINKED_SECTION
