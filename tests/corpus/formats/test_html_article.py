"""The statement is found in a web page; what is left out is known, with the reason.

Each page of `tests/data/documents/html` has its text beside it. They imitate pages of governments;
the words are those of the bundled statement, or invented.
"""

from collections import Counter

import pytest
from project import DATA

from corpus.formats.html.decoding import decode_page
from corpus.formats.html.reader import element_text, read_html
from corpus.formats.html.tree import parse_page
from corpus.segmentation.parsing import parse

PAGES = sorted((DATA / "documents" / "html").glob("*.html"))
A = "The two ministers met in Tokyo and agreed to work together on ports."
B = "They will publish a list of goods before the end of the year."
ARTICLE = f"<h1>Joint Statement</h1><p>{A}</p><p>{B}</p><p>{A}</p><p>{B}</p>"
TEXT = f"Joint Statement\n\n{A}\n\n{B}\n\n{A}\n\n{B}\n"

# What is beside the main part of a page. Within that part, each may be part of the statement.
BESIDE = {
    "header": ("<header><p>Ministry</p></header>", "navigation"),
    "footer": ("<footer><p>Ministry, 1 Main Street</p></footer>", "navigation"),
    "cookies in Japanese": (
        "<div class=box>クッキーを使用します。<a href=1>同意する</a></div>",
        "notice",
    ),
}
# What is around the article, and the reason for which it is left out.
LEFT_OUT = {
    "nav": ("<nav><a href=1>News</a> <a href=2>Topics</a></nav>", "navigation"),
    "role": ("<div role=navigation>Menu of pages</div>", "navigation"),
    "aside": (f"<aside><p>{A}</p></aside>", "aside"),
    "dialog": (f"<dialog open><p>{A}</p></dialog>", "notice"),
    "closed dialog": (f"<dialog><p>{A}</p></dialog>", "hidden"),
    "hidden": (f"<p hidden>{A}</p>", "hidden"),
    "hidden by style": (f"<p style='Display : none !important'>{A}</p>", "hidden"),
    "not spoken": ("<p aria-hidden=true>★ ornament</p>", "hidden"),
    "noscript": ("<noscript>Scripts are off.</noscript>", "script"),
    "search": ("<form><label>Search</label><input><button>Go</button></form>", "form"),
    "choice": ("<select><option>1 one<option>2 two</select>", "form"),
    "breadcrumb": ("<div class='siteBreadcrumb'>Home &gt; Press</div>", "navigation"),
    "Japanese breadcrumb": ("<p id=topicpath>トップ ＞ 報道</p>", "navigation"),
    "share": ("<div class=share><a href=1>X</a> <a href=2>Mail</a></div>", "link list"),
    "cookies": (
        "<div><p>This site uses cookies.</p><button>Accept</button></div>",
        "notice",
    ),
    "links": ("<ul><li><a href=1>One page</a><li><a href=2>Another</a></ul>", "link list"),
    "links in a table": (
        "<table><tr><td><a href=1>One page</a><tr><td><a href=2>Another</a></table>",
        "link list",
    ),
    "cards": (
        "<div><div><a href=1>One page</a><p>May 1</p></div>"
        "<div><a href=2>Another page of news</a><p>May 2</p></div></div>",
        "link list",
    ),
}
BELOW = {
    "print": ("<p>Print this page</p>", "navigation"),
    "print in Japanese": ("<div>［このページを印刷する］</div>", "navigation"),
    "top": ("<p><a href='#top'>ページの先頭へ</a></p>", "navigation"),
    "copyright": ("<p>Copyright © 2024 Ministry. All Rights Reserved.</p>", "notice"),
    "one link": ("<p><a href=1>All news of May</a></p>", "link list"),
    "a line of links": (
        "<center>[<a href=1>One page</a>] [<a href=2>Another</a>]</center>",
        "link list",
    ),
    "related links": (
        "<h2>Related links</h2><p><a href=1>Fact sheet</a></p><p><a href=2>Photos</a></p>",
        "link list",
    ),
    "related links in Japanese": (
        "<h3>■関連リンク</h3><ul><li><a href=1>概要</a></li></ul>",
        "link list",
    ),
    "contact": ("<h2>お問合せ先</h2><p>通商課 電話 03-0000-0000</p>", "notice"),
}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_the_statement_is_found(page):
    assert read_html(page.read_bytes()).text == page.with_suffix(".txt").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_no_word_of_a_page_is_lost(page):
    """All words are in the text or in a cut. Marks of a list that Word wrote become `- `."""
    data = page.read_bytes()
    reading = read_html(data)
    shown = Counter(_letters(reading.text))
    for cut in reading.details.cuts:
        shown.update(_letters(cut.text))
    lost = Counter(_letters(element_text(data, "body"))) - shown
    assert lost == (Counter("o") if page.stem == "word-export" else Counter())


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_paths_lead_to_the_words(page):
    data = page.read_bytes()
    reading, tree = read_html(data), parse_page(decode_page(data)[0])
    assert reading.details.map.stretches
    for stretch in reading.details.map.stretches:
        words = _letters(reading.text[stretch.start : stretch.end])
        assert _is_within(words, _letters(tree.element_text(stretch.where)))
    for cut in reading.details.cuts:
        assert _is_within(_letters(cut.text), _letters(tree.element_text(cut.where)))


@pytest.mark.parametrize("name", BESIDE)
def test_what_is_beside_the_main_part_is_left_out_with_the_reason(name):
    part, reason = BESIDE[name]
    for page in (f"<body>{part}{ARTICLE}{part}", f"<body>{part}<main>{ARTICLE}</main>{part}"):
        reading = read_html(f"<meta charset=utf-8>{page}".encode())
        assert reading.text == TEXT
        assert [cut.reason for cut in reading.details.cuts] == [reason, reason]


@pytest.mark.parametrize("name", {**LEFT_OUT, **BELOW})
def test_what_is_around_a_statement_is_left_out_with_the_reason(name):
    part, reason = {**LEFT_OUT, **BELOW}[name]
    before = part if name in LEFT_OUT else ""
    for page in (f"<body>{before}{ARTICLE}{part}", f"<body>{before}<main>{ARTICLE}{part}</main>"):
        reading = read_html(f"<meta charset=utf-8>{page}".encode())
        assert reading.text == TEXT
        assert reason in {cut.reason for cut in reading.details.cuts}


# Parts of a statement that look like something else.
KEPT = {
    "a section about navigation": (
        f"<section id=navigation><h2>Navigation</h2><p>{A}</p></section>",
        f"Navigation\n\n{A}",
    ),
    "a section about cookies": (
        f"<div class=cookies><p>Rules on cookies. {A} {B} {A} {B} {A}</p></div>",
        f"Rules on cookies. {A} {B} {A} {B} {A}",
    ),
    "a heading about search": (
        "<h2 id=search-and-rescue>Search and rescue</h2>",
        "Search and rescue",
    ),
    "a list about a menu": (
        "<div class=menu-of-measures><ul><li>Stocks<li>Ports</ul></div>",
        "- Stocks\n\n- Ports",
    ),
    "a header of a section": ("<header><h2>Part One</h2></header>", "Part One"),
    "a footer of a section": (f"<footer><p>{B}</p></footer>", B),
    "a form around a part": (f"<form><p>{A} {B} {A} {B}</p></form>", f"{A} {B} {A} {B}"),
    "documents after a colon": (
        "<p>They adopted:</p><ul><li><a href=1>Work Plan</a><li><a href=2>Road Map</a></ul>",
        "They adopted:\n\n- Work Plan\n\n- Road Map",
    ),
    "a sentence of links": (
        "<p>See <a href=1>the plan of work</a> and <a href=2>the map</a> of all the ports.</p>",
        "See the plan of work and the map of all the ports.",
    ),
    "a link in a sentence": ("<p>See <a href=1>Home</a>.</p>", "See Home."),
    "a part that a button opens": (
        f"<h2><button aria-controls=x>Ports</button></h2><div id=x hidden><p>{A}</p></div>",
        f"Ports\n\n{A}",
    ),
    "a part that is found by a search": (f"<p hidden=until-found>{A}</p>", A),
    "names of page builders": (
        f"<div class='widget font-size-xs cmp-text'><p>{A}</p></div>",
        A,
    ),
    "notes with links": (
        "<p>Ports<a href='#n1'>[1]</a></p><ol><li id=n1><a href=https://a.example>Report</a></ol>",
        "Ports[1]\n\n¹ Report",
    ),
    "a signature": ("<p>Done at Tokyo</p><p>(signed)</p>", "Done at Tokyo\n\n(signed)"),
}


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("tag", ["div", "main", "article"])
def test_no_part_of_a_statement_is_left_out(name, tag):
    part, text = KEPT[name]
    page = f"<body><{tag}>{ARTICLE}{part}<p>{A}</p></{tag}>"
    assert read_html(page.encode()).text == f"{TEXT}\n{text}\n\n{A}\n"


@pytest.mark.parametrize(
    "wrap",
    [
        "<nav>{}</nav>",
        "<aside>{}</aside>",
        "<footer>{}</footer>",
        "<form>{}</form>",
        "<div hidden>{}</div>",
        "<div style='display:none'>{}</div>",
        "<div aria-hidden=true>{}</div>",
        "<div class='sidebar cookie-notice footer'>{}</div>",
        "<div role=dialog>{}</div>",
        "<a href=x>{}</a>",
        "<table><tr><td>{}</table>",
        "<ul><li>{}</ul>",
        "<del>{}</del>",
        "<noscript>{}</noscript>",
    ],
)
def test_the_largest_part_of_a_page_is_always_kept(wrap):
    page = "<body><nav><a href=1>News</a></nav>" + wrap.format(ARTICLE * 2)
    text = read_html(page.encode()).text
    assert text.replace("- ", "").replace("  ", "") == f"{TEXT}\n{TEXT}"


def test_a_title_above_the_main_part_comes_first():
    page = (
        "<body><div class=banner><h1><a href='/'>Ministry of Ports</a></h1></div><div>"
        f"<h1>Joint Statement</h1><p>May 1</p></div><main><p>{A}</p><p>{B}</p></main>"
    )
    assert read_html(page.encode()).text == f"Joint Statement\n\nMay 1\n\n{A}\n\n{B}\n"


def test_cuts_are_in_the_order_of_the_page_with_their_words_and_paths():
    page = (
        f"<body><nav><a href=1>News</a></nav>{ARTICLE}<p>半<ruby>導<rt>どう</rt></ruby></p>"
        "<script>1</script><style>2</style><p hidden>draft</p>"
        "<p>Ports <del>and ships</del></p>"
    )
    cuts = read_html(f"<meta charset=utf-8>{page}".encode()).details.cuts
    assert [(cut.reason, cut.text, cut.where) for cut in cuts] == [
        ("navigation", "News", "body/nav"),
        ("ruby", "どう", "body/p[5]/ruby/rt"),
        ("hidden", "draft", "body/p[6]"),
        ("deleted", "and ships", "body/p[7]/del"),
    ]


def test_passages_are_cut_from_the_text_of_an_old_page():
    page = (DATA / "documents" / "html" / "ja-ministry-old.html").read_bytes()
    passages = parse(read_html(page).text)
    assert [(passage.kind, passage.marker) for passage in passages] == [
        ("heading", ""),
        *[("paragraph", "")] * 3,
        *[("bullet", "・")] * 2,
        ("item", "(1)"),
        ("item", "(2)"),
        ("paragraph", ""),
        ("heading", ""),
    ]


def _letters(text: str) -> str:
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    return "".join(char for char in text.translate(digits) if char.isalnum())


def _is_within(words: str, text: str) -> bool:
    """Return whether the characters of some words stand in a text in their order."""
    rest = iter(text)
    return all(char in rest for char in words)
