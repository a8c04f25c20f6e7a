"""Web pages are read block by block, as a browser shows them, and each word has a path."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Cut
from corpus.formats.html.reader import element_text, read_html
from corpus.formats.html.tree import parse_page
from corpus.formats.reading import UnreadableError

SENTENCE = "The two ministers met in Tokyo and agreed to work together on ports."
# The body of a page, and the text that a browser shows of it.
BLOCKS = {
    "paragraphs": ("<p>One.<p>Two.", "One.\n\nTwo."),
    "blocks in each other": ("<div>One<p>two</p>three</div>", "One\n\ntwo\n\nthree"),
    "inline elements": ("<p>A <b>bo</b>ld <a href=x>li</a>nk, e<i>n</i>d", "A bold link, end"),
    "white space": ("<p> a \n\t b <b> c</b> </p>", "a b c"),
    "the end of a line between kanji": (
        "<p>日本と\n  米国は\n<b>会談</b>した。",
        "日本と米国は会談した。",
    ),
    "a blank between kanji": ("<p>日本 米国", "日本 米国"),
    "the end of a line beside Latin": ("<p>日本\nUSA\n米国", "日本 USA 米国"),
    "the end of a line in Korean": ("<p>한국\n정부", "한국 정부"),
    "special blanks": ("<p>\u3000a&nbsp;b\u3000 c&nbsp;", "\u3000a\xa0b\u3000 c\xa0"),
    "characters without width": ("<p>co&shy;op&#8203;er&zwnj;ate", "co\xadop\u200ber\u200cate"),
    "entities": ("<p>&lt;&amp;&eacute;&#x65E5;&#146;", "<&é日’"),
    "ends of lines": ("<p>One<br>two <br> three", "One\ntwo\nthree"),
    "blank lines": ("<p>One<br><br>two<br>\n<br>\n<br>three<br>", "One\n\ntwo\n\nthree"),
    "empty blocks": ("<p>&nbsp;</p><p>One</p><p>&#8203;</p><div></div>", "One"),
    "preformatted": ("<pre>\na\n  b\tc\n\nd  </pre>", "a\n  b\tc\n\nd"),
    "preformatted by style": ("<p style='white-space: pre-wrap'>a\n b</p>", "a\n b"),
    "raised digits": ("<p>10<sup>9</sup> t CO<sub>2</sub> 21<sup>st</sup>", "10⁹ t CO2 21st"),
    "raised by style": ("<p>m<span style='vertical-align:super'>2</span>", "m²"),
    "raised brackets": ("<p>so<sup>[<a href='#n'>1</a>]</sup>.", "so[1]."),
    "raised by mistake": (f"<p>1 <sup>2 {SENTENCE} 3", f"1 2 {SENTENCE} 3"),
    "ruby": ("<p><ruby>半<rp>(</rp><rt>はん</rt><rp>)</rp></ruby>導体", "半導体"),
    "bullets": ("<ul><li>a<li>b</ul>c", "- a\n\n- b\n\nc"),
    "nested bullets": (
        "<ul><li>a<ul><li>b<p>c</p></li></ul>d</li></ul>",
        "- a\n\n  - b\n\n    c\n\n  d",
    ),
    "a list in a list": ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n\n  - b"),
    "an item that is a list": ("<ol><li><ol><li>a</li></ol></li></ol>", "  1. a"),
    "paragraphs of a bullet": ("<ul><li><p>a</p><p>b<br>c</p></li></ul>", "- a\n\n  b\n  c"),
    "lines of a bullet": ("<ul><li>a<br>b<br><br>c</li></ul>", "- a\n  b\n\n  c"),
    "an item without a list": ("<li>a", "- a"),
    "numbers": ("<ol><li>a<li>b</ol>", "1. a\n\n2. b"),
    "numbers from a start": ("<ol start=' 9'><li>a<li>b</ol>", "9. a\n\n10. b"),
    "numbers with a value": ("<ol><li value=3>a<li>b<li value=x>c</ol>", "3. a\n\n4. b\n\n5. c"),
    "numbers backwards": ("<ol reversed><li>a<li>b</ol>", "2. a\n\n1. b"),
    "numbers backwards from a start": ("<ol reversed start=1><li>a<li>b</ol>", "1. a\n\n0. b"),
    "letters": ("<ol type=a start=26><li>a<li>b</ol>", "z. a\n\naa. b"),
    "capitals": ("<ol type=A start=0><li>a<li>b</ol>", "0. a\n\nA. b"),
    "Roman numerals": ("<ol type=i start=8><li>a<li>b</ol>", "viii. a\n\nix. b"),
    "Roman capitals": ("<ol style='list-style: upper-roman'><li>a", "I. a"),
    "a number that no list has": ("<ol start=99999999999><li>a</ol>", "999999999. a"),
    "a hidden item": ("<ol><li hidden>a<li>b</ol>", "1. b"),
    "numbers in the text": (
        "<ol style='list-style-type: none'><li>(1) a</ol><ol><li>１．b<li>２．c</ol>",
        "(1) a\n\n１．b\n\n２．c",
    ),
    "bullets in the text": ("<ul class=x><li>・a<li>・b</ul>", "・a\n\n・b"),
    "one number in the text": ("<ul><li>(1) a<li>b</ul>", "- (1) a\n\n- b"),
    "no numbers at all": ("<ol style='list-style:none'><li>a<li>b</ol>", "- a\n\n- b"),
    "definitions": ("<dl><dt>a<dd>b<dt>c<dd><p>d</dl>", "a\n\nb\n\nc\n\nd"),
    "a table": (
        "<table><tr><th>a<th>b</tr><tr><td>c <td><p>d</p></table>",
        "a\tb\n\nc\td",
    ),
    "a table with empty cells": (
        "<table><caption>x</caption><tr><td>a<td><td>b<td></tr><tr><td><td>c</table>",
        "x\n\na\t\tb\n\n\tc",
    ),
    "lines in a cell": (
        "<table><tr><th>a<br>b<th>c</tr><tr><td><p>d</p><p>e</p><td>f</table>",
        "a b\tc\n\nd e\tf",
    ),
    "a table for the layout": (
        f"<table><tr><td>a<td><p>{SENTENCE}</p><ul><li>b</ul></table>",
        f"a\n\n{SENTENCE}\n\n- b",
    ),
    "columns of sentences": (
        f"<table><tr><td>{SENTENCE * 3}<td>{SENTENCE * 4}</tr><tr><td>{SENTENCE * 5}<td>b</table>",
        f"{SENTENCE * 3}\n\n{SENTENCE * 4}\n\n{SENTENCE * 5}\n\nb",
    ),
    "a table in a table": (
        "<table><tr><td><table><tr><th>a<th>b</table><td>c</table>",
        "a\tb\n\nc",
    ),
    "a table said to be none": (
        "<table role=presentation><tr><th>a<th>b</table>",
        "a\n\nb",
    ),
    "a quotation": ("<blockquote>a<p>b</blockquote>", "a\n\nb"),
    "blocks by style": ("<p>a<span style='display:block'>b</span>c", "a\n\nb\n\nc"),
    "a rule": ("a<hr>b", "a\n\nb"),
    "something hidden in a line": ("a<div hidden>x</div>b<script>x</script>c", "abc"),
    "a form in a line": ("a<form><input></form>b", "a\n\nb"),
    "struck words": ("<p>a <del>b</del> c <s>d</s> e", "a c e"),
    "unknown elements": ("<my-part>a <o:p>b</o:p></my-part>", "a b"),
    "comments": ("<p>a<!-- b --> c<![if !x]>d<![endif]>", "a cd"),
    "broken markup": ("<p>a<b>b<p>c</i>d</div></table><td>e", "ab\n\ncde"),
}


def body_of(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><meta charset=utf-8>{head}<body>{body}".encode()


@pytest.mark.parametrize("name", BLOCKS)
def test_blocks_are_read_as_a_browser_shows_them(name):
    body, text = BLOCKS[name]
    assert read_html(body_of(body)).text == f"{text}\n"


def test_words_have_the_path_of_their_block():
    page = body_of("<main><p>One<br>two</p><ul><li>a<li>b <b>c</b></ul><p>d<sup>1</sup></p></main>")
    reading = read_html(page)
    found = [
        (reading.text[stretch.start : stretch.end], stretch.where)
        for stretch in reading.details.map.stretches
    ]
    assert found == [
        ("One", "body/main/p[1]"),
        ("two", "body/main/p[1]"),
        ("a", "body/main/ul/li[1]"),
        ("b c", "body/main/ul/li[2]"),
        ("d¹", "body/main/p[2]"),
    ]


def test_cells_and_rows_of_a_table_have_paths():
    page = body_of("<table><tr><th>a<th>b<tr><td>c<td><p>d</table>")
    stretches = read_html(page).details.map.stretches
    assert [stretch.where for stretch in stretches] == [
        "body/table/tbody/tr[1]/th[1]",
        "body/table/tbody/tr[1]/th[2]",
        "body/table/tbody/tr[2]/td[1]",
        "body/table/tbody/tr[2]/td[2]/p",
    ]


def test_the_text_of_an_element_is_found_by_its_path():
    page = body_of("<p>a<p>b <i>c</i><script>d</script>")
    assert element_text(page, "body/p[2]") == "b c"
    with pytest.raises(KeyError):
        element_text(page, "body/p[3]")


def test_words_of_word_processors_have_their_markers_and_levels():
    item = (
        "<p style='mso-list:l0 level{level} lfo1'><![if !supportLists]><span>"
        "<span style='mso-list:Ignore'>{mark}<span>&nbsp; </span></span></span><![endif]>{text}"
    )
    marks = (("1", "·", "a"), ("2", "(a)", "b"), ("2", "(b)", "c"), ("1", "·", "d"))
    page = body_of(
        "".join(item.format(level=level, mark=mark, text=text) for level, mark, text in marks)
    )
    assert read_html(page).text == "- a\n\n  (a) b\n\n  (b) c\n\n- d\n"


TEXTS = st.text(st.sampled_from("ab 9.。日本か\n\t\u3000\xa0\u200b<&²"), max_size=12)
TAGS = st.sampled_from("p div b sup ul ol li table tr td span h2 a blockquote dl dd pre".split())


@st.composite
def markup(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.one_of(TEXTS, TAGS.map("<{}>".format), TAGS.map("</{}>".format))))
    return "".join(parts)


@settings(max_examples=300, deadline=None)
@given(markup())
def test_each_stretch_is_what_its_element_holds(body):
    page = body_of(body + f"<p>{SENTENCE}")
    try:
        reading = read_html(page)
    except UnreadableError:
        return
    end, tree = 0, parse_page(page.decode())
    for stretch in reading.details.map.stretches:
        assert end <= stretch.start < stretch.end <= len(reading.text)
        assert isinstance(stretch.where, str)
        held = plain(tree.element_text(stretch.where))
        assert plain(reading.text[stretch.start : stretch.end]) in held
        end = stretch.end
    between = "".join(gaps(reading))
    assert not set(between) - set(" \n\t-.0123456789")


@settings(max_examples=200, deadline=None)
@given(markup())
def test_all_words_are_in_the_text_or_in_a_cut(body):
    page = body_of(body + f"<p>{SENTENCE}")
    reading = read_html(page)
    shown = plain(reading.text + "".join(cut.text for cut in reading.details.cuts))
    there = plain(element_text(page, "body"))
    assert all(shown.count(char) >= there.count(char) for char in set(there) - {"\u200b"})
    assert all(isinstance(cut, Cut) for cut in reading.details.cuts)


def gaps(reading):
    end = 0
    for stretch in reading.details.map.stretches:
        yield reading.text[end : stretch.start]
        end = stretch.end
    yield reading.text[end:]


def plain(text: str) -> str:
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    return "".join(text.split()).translate(digits)
