"""A page tells its title, day, address and language; what is doubtful is left out."""

import pytest

from corpus.formats.html.reader import read_html, read_mhtml

TITLE = "Joint Statement on Ports"
TEXT = (
    f"<h1>{TITLE}</h1><p>The two ministers met in Tokyo and agreed to work together on ports. "
    "They will publish a list of goods before the end of the year.</p>"
)
JAPANESE = "<h1>日米共同声明</h1><p>両閣僚は、半導体の供給網を強化することで一致した。</p>"


def facts(head: str = "", body: str = TEXT, html: str = "", before: str = "") -> dict[str, str]:
    page = f"<!DOCTYPE html>{before}<html {html}><head><meta charset=utf-8>{head}</head>{body}"
    return dict(read_html(page.encode()).details.facts)


def meta(**values: str) -> str:
    return "".join(f'<meta property="{name}" content="{value}">' for name, value in values.items())


def data(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def test_a_page_without_facts_has_none():
    assert facts(body="<p>The two ministers met in Tokyo.") == {}


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("", TEXT, TITLE),
        ("<title>Ministry</title>", TEXT, TITLE),
        (f"<title>{TITLE} | Ministry</title>", TEXT, TITLE),
        (f"<meta property=og:title content='{TITLE} - Ministry'>", TEXT, TITLE),
        (
            "<meta property=og:title content='Statement of the Ports'>",
            TEXT,
            "Statement of the Ports",
        ),
        ("<meta name=DC.title content='Statement of the Ports'>", TEXT, "Statement of the Ports"),
        (
            "<meta property=og:title content='Statement of the Ports | Ministry of Trade'>"
            "<meta property=og:site_name content='Ministry of Trade'>",
            "<p>The two ministers met.",
            "Statement of the Ports",
        ),
        (
            "<meta property=og:title content='Ministry of Trade'>"
            "<meta property=og:site_name content='Ministry of Trade'>",
            TEXT,
            TITLE,
        ),
        (f"<title>{TITLE}</title>", f"<p>{TITLE}</p><p>The two ministers met.", TITLE),
        (f"<title>Ministry: {TITLE}</title>", f"<b>{TITLE}</b><p>The two ministers met.", TITLE),
        ("<title>New page 1</title>", "<p>The two ministers met.", None),
        ("<title>共同声明（METI/経済産業省）</title>", JAPANESE, "日米共同声明"),
        (
            "",
            "<h1>共同<ruby>声明<rt>せいめい</rt></ruby>を発表</h1><p>一致した。",
            "共同声明を発表",
        ),
        ("", "<h1>Joint<br>Statement</h1><p>The two ministers met.", "Joint Statement"),
        ("", "<h1><a href='/'>Ministry of Ports</a></h1><p>The two ministers met.", None),
    ],
)
def test_title(head, body, title):
    assert facts(head, body).get("title") == title


@pytest.mark.parametrize(
    ("head", "day"),
    [
        (meta(**{"article:published_time": "2024-03-14T17:02:11-04:00"}), "2024-03-14"),
        (meta(**{"article:published_time": "2024-03-14T00:30:00+09:00"}), "2024-03-14"),
        (meta(**{"article:published_time": "2024-03-14T08:30:00Z"}), "2024-03-14"),
        (meta(**{"article:published_time": "2024-03-14T00:00:00Z"}), "2024-03-14"),
        (meta(**{"article:published_time": "2024-03-14T20:30:00Z"}), None),  # the 15th in Tokyo
        (meta(**{"article:published_time": "2024-03-14T03:30:00+00:00"}), None),
        (meta(**{"article:modified_time": "2024-03-14"}), None),
        ("<meta name=DC.date content=2024-03-14>", "2024-03-14"),
        ("<meta name=dcterms.issued content=20240314>", "2024-03-14"),
        ("<meta name=citation_publication_date content=2024/03/14>", "2024-03-14"),
        ("<meta name=DC.date content=2024-02-30>", None),
        ("<meta name=DC.date content='14 March 2024'>", None),
        ("<meta name=DC.date content=2024>", None),
        (data('{"@type": "NewsArticle", "datePublished": "2024-03-14"}'), "2024-03-14"),
        (data('[{"@graph": [{"datePublished": "2024-03-14"}]}]'), "2024-03-14"),
        (data('{"mainEntity": {"datePublished": "2024-03-14"}}'), "2024-03-14"),
        (data('{"itemListElement": [{"datePublished": "2024-03-14"}]}'), None),
        (data('{"datePublished": 20240314}'), None),
        (data("{"), None),
        (data("[" * 100_000), None),
        ("<meta name=DC.date content=2024-03-14>" + data('{"datePublished":"2024-03-15"}'), None),
        (
            "<meta name=DC.date content=2024-03-14>" + data('{"datePublished":"2024-03-14"}'),
            "2024-03-14",
        ),
    ],
)
def test_date_in_the_head_of_the_page(head, day):
    assert facts(head).get("date") == day


@pytest.mark.parametrize(
    ("times", "day"),
    [
        ("<time datetime=2024-03-14>14 March</time>", "2024-03-14"),
        ("<time>14 March 2024</time>", None),
        ("<time datetime=2024-03-14>14</time> <time datetime=2024-03-15>15</time>", None),
    ],
)
def test_date_in_the_head_of_the_statement(times, day):
    body = TEXT.replace("</h1>", f"</h1><p>{times}</p>")
    assert facts(body=body).get("date") == day
    assert facts(body=f"{TEXT}<p>Next: {times}</p>").get("date") is None


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("<link rel=canonical href=https://a.example/b>", "https://a.example/b"),
        ("<link rel='x Canonical' href=' https://a.example/b?c=1 '>", "https://a.example/b?c=1"),
        ("<link rel=canonical href=http://a.example/b>", None),
        ("<link rel=canonical href=/b>", None),
        ("<link rel=canonical href=https://a.example/>", None),
        ("<link rel=canonical href=https://a.example>", None),
        ("<link rel=canonical href='https://a.example/b c'>", None),
        ("<link rel=canonical href='https://[/b'>", None),
        ("<link rel=alternate href=https://a.example/b>", None),
        (meta(**{"og:url": "https://a.example/b"}), "https://a.example/b"),
        (
            "<link rel=canonical href=https://a.example/>"
            + meta(**{"og:url": "https://a.example/b"}),
            "https://a.example/b",
        ),
        (
            "<link rel=canonical href=https://a.example/a>"
            + meta(**{"og:url": "https://a.example/b"}),
            "https://a.example/a",
        ),
    ],
)
def test_address(head, url):
    assert facts(head).get("url") == url


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- saved from url=(0022)https://a.example/b/c -->",
        "<!--\n Page saved with SingleFile \n url: https://a.example/b/c \n saved date: today\n-->",
    ],
)
def test_address_that_a_page_was_saved_from(comment):
    assert facts(before=comment)["url"] == "https://a.example/b/c"


def test_address_of_a_page_in_mhtml_is_that_of_the_page_if_it_names_one():
    page = (
        b"From: <Saved by Blink>\nSnapshot-Content-Location: https://a.example/saved\n"
        b"MIME-Version: 1.0\nContent-Type: text/html\n\n"
    )
    named = b"<link rel=canonical href=https://a.example/named>"
    assert read_mhtml(page + TEXT.encode()).details.facts["url"] == "https://a.example/saved"
    assert (
        read_mhtml(page + named + TEXT.encode()).details.facts["url"] == "https://a.example/named"
    )


@pytest.mark.parametrize(
    ("html", "body", "language"),
    [
        ("lang=en-US", TEXT, "en"),
        ("lang=EN", TEXT, "en"),
        ("", TEXT, None),
        ("lang='not a language'", TEXT, None),
        ("lang=ja", JAPANESE, "ja"),
        ("lang=ja-JP", TEXT, None),
        ("lang=en", JAPANESE, None),
        ("lang=zh", JAPANESE, None),
        ("lang=zh-Hans", "<p>双方重申，开放的市场是双方伙伴关系的基础。", "zh"),
        ("lang=ko", "<p>양국 장관은 공동성명을 발표하였다.", "ko"),
        ("lang=ja", JAPANESE + TEXT, None),  # two languages
        ("", f"<body lang=FR-fr><p>{TEXT}", "fr"),
    ],
)
def test_language(html, body, language):
    assert facts(body=body, html=html).get("language") == language
