"""Finds the statement in a page, and leaves out the rest: navigation, notices, lists of links.

Everything is kept that nothing speaks against. No element is left out that holds the title, or a
large share of the sentences of the page.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.documents import CutReason
from corpus.formats.html import evidence
from corpus.formats.html.elements import elements
from corpus.formats.html.landmarks import Landmarks, find_landmarks
from corpus.formats.html.omissions import Omissions
from corpus.formats.html.phrases import by_whole_text, is_copyright, label_kind
from corpus.formats.html.tree import Page
from corpus.formats.html.weights import Weights, weigh

_LINK_LIST = 0.6  # share of the text in links
_MIN_LINKS = 2
# A column of teasers: links, each with a sentence.
_TEASER_SHARE, _TEASER_LINKS, _TEASER_PROSE = 0.2, 4, 0.15
_MAX_WHOLE = 240  # columns and nodes of a block that is compared as a whole
_LEAD_IN = (":", "：", "︓")


@dataclass(frozen=True)
class Judge:
    """Decides what is left out of a page, element by element."""

    page: Page
    omissions: Omissions
    weights: Weights
    marks: Landmarks

    def reason(self, index: int) -> CutReason | None:
        """Return why an element is left out; None if it is kept."""
        node = self.page.nodes[index]
        end = node.end
        if not self.weights.words(index, end) or self._is_needed(index):
            return None
        if self.is_outside(index):
            return self._named(index) or self._notice(index) or self._default(index)
        if node.is_block and (reason := self._whole(index)):
            return reason
        if not evidence.is_container(node) or self.marks.has_notes(index, end):
            return None
        return self._named(index) or self._notice(index) or self._links(index)

    def holds_title(self, start: int, end: int) -> bool:
        """Return whether a range of nodes holds the title, or is part of it."""
        title = self.marks.title
        return title >= 0 and start < self.page.nodes[title].end and title < end

    def _is_needed(self, index: int) -> bool:
        """Return whether an element holds the title or the main part of the page."""
        end = self.page.nodes[index].end
        return self.holds_title(index, end) or index <= self.marks.root < end

    def is_outside(self, index: int) -> bool:
        """Return whether an element lies outside of the part that surely holds the statement.

        What stands between the title and that part is inside.
        """
        if not self.marks.is_sure:
            return False
        root, title = self.marks.root, self.marks.title
        end = self.page.nodes[index].end
        start = title if 0 <= title < root else root
        return end <= start or index >= self.page.nodes[root].end

    def _default(self, index: int) -> CutReason:
        end = self.page.nodes[index].end
        return "navigation" if self.weights.links(index, end) else "aside"

    def _whole(self, index: int) -> CutReason | None:
        end = self.page.nodes[index].end
        if self.weights.words(index, end) > _MAX_WHOLE or end - index > _MAX_WHOLE:
            return None
        text = self.page.text(index, end, 200)
        if reason := by_whole_text(text):
            return reason
        is_below = index > self.marks.last or self.marks.last < 0
        return "notice" if is_below and is_copyright(text) else None

    def _named(self, index: int) -> CutReason | None:
        """Return the reason that the name, the role or the classes of an element give."""
        node = self.page.nodes[index]
        share = evidence.prose_share(self.weights, index, node.end)
        reason = evidence.by_name(node)
        if reason and share <= evidence.MAX_TAG and self._may_go(index, reason, share):
            return reason
        return self._by_words(index)

    def _by_words(self, index: int) -> CutReason | None:
        if not self.page.nodes[index].is_block:
            return None
        is_amid = self.marks.first < index < self.marks.last
        return evidence.by_words(
            self.page, self.weights, index, side=self.side(index), is_amid=is_amid
        )

    def side(self, index: int) -> str:
        """Return `above` or `below` for a node beside the core, empty for one within it."""
        core = self.marks.core
        if index >= self.page.nodes[core].end:
            return "below"
        return "above" if index < core else ""

    def _may_go(self, index: int, reason: CutReason, share: float) -> bool:
        """Return whether an element with a telling name is no part of the statement.

        A statement may have a header and a footer of its own, and a form may go around it.
        """
        node = self.page.nodes[index]
        if reason == "form":
            return share <= evidence.MAX_SURE
        if node.tag == "address":
            return index > self.marks.last and share <= evidence.MAX_SURE
        if node.tag in ("header", "footer") and self._is_within_root(index):
            return self.weights.link_share(index, node.end) >= _LINK_LIST
        return True

    def _is_within_root(self, index: int) -> bool:
        node, core = self.page.nodes[index], self.marks.core
        is_in_core = core != self.page.body and not self.side(index)
        return is_in_core or bool(node.within & {"main", "article"})

    def _notice(self, index: int) -> CutReason | None:
        node = self.page.nodes[index]
        is_sentence = self.weights.prose(index, node.end) and not self.side(index)
        if is_sentence and not self.weights.controls(index, node.end):
            return None
        return evidence.by_notice(self.page, self.weights, index)

    def _links(self, index: int) -> CutReason | None:
        """Return the reason for a list of links, or for teasers beside the statement."""
        node, weights = self.page.nodes[index], self.weights
        links, prose = weights.links(index, node.end), weights.prose(index, node.end)
        share = weights.link_share(index, node.end)
        if not prose and share >= _LINK_LIST and links >= _MIN_LINKS:
            is_kept = self._is_listed(index) or (
                node.tag == "p" and weights.is_sentence(index, node.end)
            )
            return None if is_kept else "link list"
        is_small = evidence.prose_share(weights, index, node.end) <= _TEASER_PROSE
        is_beside = self.side(index) and "article" not in node.within
        if is_beside and is_small and share >= _TEASER_SHARE and links >= _TEASER_LINKS:
            return "aside"
        return None

    def _is_listed(self, index: int) -> bool:
        """Return whether the statement itself lists links: after a colon, or between sentences."""
        marks = self.marks
        if not marks.first < index < marks.last and not self._is_led_in(index):
            return False
        if self.page.nodes[index].tag in ("ul", "ol", "p", "dl"):
            return not self.side(index)
        return False

    def _is_led_in(self, index: int) -> bool:
        """Return whether the text before an element ends with a colon, and is no label of links."""
        before = index - 1
        while before > self.marks.root and not self.page.nodes[before].text.strip():
            before -= 1
        text = self.page.nodes[before].text.rstrip()
        return text.endswith(_LEAD_IN) and label_kind(text) != "headings"


def leave_out_furniture(page: Page, omissions: Omissions) -> Judge:
    """Leave out the elements of a page that are no part of the statement."""
    weights = weigh(page, omissions)
    judge = Judge(page, omissions, weights, find_landmarks(page, omissions, weights))
    for index in omissions.kept(max(page.body, 0) + 1, len(page.nodes)):
        node = page.nodes[index]
        if node.tag and node.tag not in elements("silent"):
            if reason := judge.reason(index):
                omissions.add(index, reason)
        elif node.text and judge.marks.is_sure and judge.is_outside(index):
            omissions.add_range(index, index + 1, "aside", node.parent)
    return judge
