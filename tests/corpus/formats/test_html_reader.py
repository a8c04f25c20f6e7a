"""Web pages in several encodings are decoded, and those that a browser saved as MHTML."""

import socket
from email.message import EmailMessage

import pytest

from corpus.formats.html.reader import READER, read_html, read_mhtml
from corpus.formats.reading import UnreadableError

SENTENCE = "The two ministers met in Tokyo and agreed to work together on ports."


def body_of(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><meta charset=utf-8>{head}<body>{body}".encode()


def test_the_reader_has_a_name_and_a_version():
    assert READER == "html 1"


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "<meta charset=Shift_JIS>"),
        ("utf-16", ""),
        ("utf-8", "<meta charset=Shift_JIS>"),  # a program saved the page anew
        ("cp932", "<meta charset=Shift_JIS>"),
        ("cp932", '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=x-sjis">'),
        ("cp932", "<meta charset=utf-8>"),
        ("cp932", ""),
        ("euc_jp", "<meta charset='euc-jp'>"),
        ("iso2022_jp", "<meta charset=ISO-2022-JP>"),
        ("euc_jp", "<meta charset=no-such-name>"),
    ],
)
def test_encodings(encoding, head):
    text = "両閣僚は、半導体の供給網を強化することで一致した。"
    page = f"<html><head>{head}</head><body><p>{text}</p></body></html>"
    assert read_html(page.encode(encoding)).text == f"{text}\n"


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "“Déclaration” – 5 €"),
        ("gb2312", "gb18030", "双方镕基"),
        ("euc-kr", "cp949", "공동성명 똠"),
        ("big5", "cp950", "聯合聲明"),
        ("windows-1251", "cp1251", "Совместное заявление"),
    ],
)
def test_encodings_by_the_names_that_browsers_know(label, encoding, text):
    page = f"<html><meta charset={label}><body><p>{text}</p></body></html>"
    assert read_html(page.encode(encoding)).text == f"{text}\n"


def test_the_encoding_of_an_xml_declaration_counts():
    page = '<?xml version="1.0" encoding="Shift_JIS"?><html><body><p>一致した。</p></body></html>'
    assert read_html(page.encode("cp932")).text == "一致した。\n"


def test_a_damaged_character_is_kept_with_a_warning():
    page = body_of(f"<p>{SENTENCE * 3}").replace(b"ports", b"p\xffrts", 1)
    reading = read_html(page)
    assert reading.text.count("\ufffd") == 1
    assert reading.details.warnings == (
        "a character of the page cannot be decoded and stand as \ufffd in the text",
    )


def test_a_page_with_many_damaged_characters_is_refused():
    page = body_of(f"<p>{SENTENCE * 20}").replace(b"ports", b"p\xffrts")
    with pytest.raises(UnreadableError, match="save it as UTF-8"):
        read_html(page)


def test_nothing_is_fetched(monkeypatch):
    def refuse(*_):
        raise AssertionError("a connection")

    monkeypatch.setattr(socket, "socket", refuse)
    page = body_of(
        f"<img src=http://a.example/x.png><iframe src=http://a.example></iframe><p>{SENTENCE}",
        "<link rel=stylesheet href=http://a.example/x.css><script src=http://a.example/x.js>"
        "</script><base href=http://a.example/>",
    )
    assert read_html(page).text == f"{SENTENCE}\n"


def saved(page: str, encoding: str, transfer: str) -> bytes:
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "https://www.example.go.jp/press/1.html"
    message["Subject"] = "page"
    message.set_content(page, subtype="html", charset=encoding, cte=transfer)
    message.add_related(b"\x89PNG", "image", "png")
    message.add_related("<p>an advertisement in a frame</p>", subtype="html")
    return message.as_bytes()


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64"])
@pytest.mark.parametrize("encoding", ["utf-8", "shift_jis"])
def test_the_first_page_of_mhtml_is_read(encoding, transfer):
    reading = read_mhtml(saved("<body><p>両閣僚は、一致した。</p></body>", encoding, transfer))
    assert reading.text == "両閣僚は、一致した。\n"
    assert reading.details.facts == {"url": "https://www.example.go.jp/press/1.html"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"From: <Saved by Blink>\n\nno page", "holds no web page"),
        (
            b"From: <Saved by Blink>\n"
            + b"".join(
                b"Content-Type: multipart/related; boundary=b%d\n\n--b%d\n" % (i, i)
                for i in range(3_000)
            ),
            "is a damaged MHTML file",
        ),
    ],
)
def test_bad_mhtml_is_refused(data, message):
    with pytest.raises(UnreadableError, match=message):
        read_mhtml(data)
