"""Web pages without a statement are refused, and large ones take a bounded time."""

import time

import pytest

from corpus.formats.html.reader import read_html
from corpus.formats.reading import UnreadableError

SENTENCE = "The two ministers met in Tokyo and agreed to work together on ports."


def body_of(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><meta charset=utf-8>{head}<body>{body}".encode()


REFUSED = {
    "empty": (b"", "holds no text"),
    "blank": (body_of("<p>&nbsp;</p><img src=x alt=y>"), "holds no text"),
    "frames": (b"<html><frameset cols=1><frame src=a></frameset></html>", "is a page of frames"),
    "made by a script": (
        body_of("<div id=root></div><script>run()</script>"),
        "has no text of its own, because a script",
    ),
    "asking for scripts": (
        body_of("<noscript>Please enable scripts.</noscript><div id=app></div>"),
        "has no text of its own, because a script",
    ),
    "asking for JavaScript": (
        body_of("<div>You need to enable JavaScript to run this app.</div>"),
        "has no text of its own, because a script",
    ),
    "asking for JavaScript in Japanese": (
        body_of("<p>このページを見るにはJavaScriptを有効にしてください。</p>"),
        "has no text of its own, because a script",
    ),
    "login": (
        body_of("<h1>Welcome</h1><form><input name=u><input type=password></form>"),
        "is a page to log in",
    ),
    "error": (body_of("<h1>404 Not Found</h1><hr>nginx"), "is the page of an error"),
    "error in the title": (
        body_of("<p>Sorry.</p>", "<title>Page not found | Ministry</title>"),
        "is the page of an error",
    ),
    "error in Japanese": (
        body_of("<p>お探しのページが見つかりませんでした。</p>"),
        "is the page of an error",
    ),
    "check for robots": (
        body_of("<h1>www.example.gov</h1>", "<title>Just a moment...</title>"),
        "is a page that checks for robots",
    ),
    "links only": (
        body_of("<ul><li><a href=a>News</a><li><a href=b>Speeches</a></ul>"),
        "holds nothing but navigation",
    ),
    "no encoding": (bytes(range(128, 256)) * 40, "not a text file"),
    "nested": (body_of("<div>" * 3_000 + SENTENCE), "has more than 1,000 elements inside"),
    "nested a lot": (body_of("<div>" * 100_000 + SENTENCE), "has more than 1,000 elements inside"),
    "nested lists": (body_of("<ul><li>" * 50_000 + SENTENCE), "has more than 1,000 elements"),
    "repeated by the parser": (
        body_of("".join(f"<p><b id={i}>" for i in range(3_000)) + SENTENCE),
        "has more than 150,000 elements;",
    ),
    "too many": (body_of("<p>a" * 160_000), "has more than 150,000 elements;"),
    "attributes": (
        body_of("<p " + " ".join(f"a{i}=1" for i in range(5_000)) + f">{SENTENCE}"),
        "has a tag with more than 2,000 attributes",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_pages_without_a_statement_are_refused_in_one_line(name):
    page, message = REFUSED[name]
    with pytest.raises(UnreadableError) as error:
        read_html(page)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


KEPT = {
    "about scripts": f"<p>{SENTENCE} Both will study the use of JavaScript.</p>",
    "about errors": f"<p>{SENTENCE * 8} An error of 404 forms was not found.</p>",
    "with a form to log in": f"<form><input type=password></form><p>{SENTENCE * 3}</p>",
    "short": "<p>共同声明</p>",
    "with a script for each paragraph": f"<p>{SENTENCE}</p><script>1</script>" * 3,
    "tags in a script": "<script>" + "'<div>'," * 5_000 + f"</script><p>{SENTENCE}</p>",
    "tags in a comment": "<!-- " + "<div>" * 5_000 + f" --><p>{SENTENCE}</p>",
    "a drawing": "<svg>" + "<path d='M0 0'/>" * 3_000 + f"</svg><p>{SENTENCE}</p>",
    "tags that are not ended": f"<p><font color=red>{SENTENCE}" * 200,
}


@pytest.mark.parametrize("name", KEPT)
def test_pages_with_a_statement_are_not_refused(name):
    assert SENTENCE in read_html(body_of(KEPT[name])).text or name == "short"


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{SENTENCE * 30_000}",
        f"<p>{SENTENCE}" * 30_000,
        "<p>some words here<br>" * 40_000,
        "<p>" + "<a href=x>link</a> words " * 40_000,
        "<ol>" + "<li>(1) abc" * 40_000,
        "<table>" + "<tr><td>a<td>b" * 20_000,
        "<h2>abc</h2>" * 40_000,
        "<p>Related links</p><p><a href=1>a b</a></p>" * 20_000 + f"<p>{SENTENCE}",
        SENTENCE + "<!--" * 300_000,
        "<p>" + "<" * 1_000_000,
        ("<div>" * 480 + f"<p>{SENTENCE}</p>" + "</div>" * 480) * 50,
    ],
    ids=lambda body: body[:24],
)
def test_large_pages_take_no_quadratic_time(body):
    begin = time.process_time()
    assert SENTENCE in read_html(body_of(f"<p>{SENTENCE}{body}")).text
    assert time.process_time() - begin < 12  # on a slow machine; seconds are usual
