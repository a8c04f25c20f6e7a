"""Encodings are detected or refused with their name. No file is decoded to other words."""

from __future__ import annotations

import itertools
import re

import pytest

from corpus.formats.encodings import describe_unsupported, detect_encoding, display_name, is_guessed
from corpus.records import Source, Span
from training.datasets import TRAINED_ON, texts

TEXTS = [
    text.statement.source.text for kinds in (("practice",), TRAINED_ON) for text in texts(*kinds)
]
KANA, HANGUL, HAN = "[\u3041-\u30ff]", "[\uac00-\ud7a3]", "[\u4e00-\u9fff]"


def in_script(script: str, share: float) -> list[str]:
    return [text for text in TEXTS if len(re.findall(script, text)) > share * len(text)]


JAPANESE, KOREAN = in_script(KANA, 0.1)[:30], in_script(HANGUL, 0.2)
CHINESE = [text for text in in_script(HAN, 0.4) if not re.search(KANA, text)]
TRADITIONAL = [
    "聯合聲明\n\n雙方部長於臺北會晤，就半導體供應鏈、潔淨能源及數位貿易交換意見。\n\n"
    "雙方決定於明年三月前完成電動車電池回收之共同標準，並將設立工作小組。\n"
    "部長們對漁業資源之永續利用表示關切，同意加強資訊交換及執法合作。\n",
    "貿易及投資架構協定第五次會議聯合新聞稿\n\n"
    "會議由兩國經濟主管機關共同主持，討論農產品檢疫、醫療器材審查及政府採購。\n"
    "雙方同意簡化原產地證明之申請程序，惟關稅減讓一事尚未達成共識。\n",
]
RUSSIAN = (
    "Совместное заявление\n\nМинистры договорились создать рабочую группу по водородной энергетике "
    "и провести следующую встречу в Осло в марте 2025 года.\n"
)
FRENCH = (
    "Déclaration commune\n\nLes ministres ont décidé d’établir un groupe de travail sur "
    "l’hydrogène à Kobé et se réuniront à nouveau à Genève l’été prochain.\n"
)
SUPPORTED = {
    "cp932": JAPANESE,
    "euc_jp": JAPANESE,
    "cp949": KOREAN,
    "euc_kr": KOREAN,
    "gbk": CHINESE,
    "gb2312": CHINESE,
    "gb18030": CHINESE,
    "big5": TRADITIONAL,
    "cp950": TRADITIONAL,
}
CASES = [
    pytest.param(encoding, text, id=f"{encoding}-{number}")
    for encoding, texts in SUPPORTED.items()
    for number, text in enumerate(texts)
]


def encoded(text: str, encoding: str) -> bytes:
    """Encode a text without the characters that the encoding does not have."""
    return text.encode(encoding, "ignore")


@pytest.mark.parametrize(("encoding", "text"), CASES)
def test_a_statement_is_read_as_it_was_encoded(encoding: str, text: str) -> None:
    data = encoded(text, encoding)
    detected = detect_encoding(data)
    assert detected is not None
    assert data.decode(detected) == data.decode(encoding)
    assert is_guessed(data, detected)


@pytest.mark.parametrize(("encoding", "text"), CASES)
def test_a_part_of_a_statement_is_read_right_or_refused(encoding: str, text: str) -> None:
    for start, length in itertools.product(range(0, len(text) - 150, 150), (30, 150)):
        data = encoded(text[start : start + length], encoding)
        detected = detect_encoding(data)
        assert detected is None or data.decode(detected) == data.decode(encoding)


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (RUSSIAN, "cp1251", "Windows-1251"),
        (RUSSIAN, "koi8_r", "KOI8-R"),
        (RUSSIAN, "iso8859_5", "ISO8859-5"),
        (FRENCH * 3, "cp1252", "Windows-1252"),
        (JAPANESE[0], "iso2022_jp", "ISO-2022-JP"),
        (KOREAN[0], "iso2022_kr", "ISO-2022-KR"),
        (KOREAN[0], "johab", "JOHAB"),
        (CHINESE[0], "hz", "HZ"),
        (JAPANESE[0], "utf-32", "UTF-32"),
        (CHINESE[0], "utf-32-be", ""),
        (CHINESE[0], "utf-7", ""),
        (CHINESE[0][:12], "gbk", ""),
    ],
)
def test_other_encodings_are_refused_with_their_name(text: str, encoding: str, name: str) -> None:
    data = encoded(text, encoding)
    assert detect_encoding(data) is None
    reason = describe_unsupported(data)
    assert f" {name}" in reason
    assert reason.endswith("save it as UTF-8 and add it again")


@pytest.mark.parametrize("text", ["", "a ~{ b }~ c", "1 + 2 = 3, C++ and Q+A-", "[+AGM-]\n", "x\n"])
def test_plain_ascii_is_plain_ascii(text: str) -> None:
    assert detect_encoding(text.encode()) == "utf-8"


@pytest.mark.parametrize(
    ("data", "guessed"),
    [
        ("声明".encode(), False),
        ("\ufeff声明".encode(), False),
        ("\ufeff声明".encode("utf-16-le"), False),
        ("両省は、水素について一致した。\n".encode("utf-16-le"), True),
        ("両省は、水素について一致した。\n".encode("cp932"), True),
    ],
)
def test_an_encoding_named_by_a_mark_is_no_guess(data: bytes, guessed: bool) -> None:
    detected = detect_encoding(data)
    assert detected is not None
    assert is_guessed(data, detected) == guessed


@pytest.mark.parametrize("encoding", ["cp932", "cp949", "gb18030", "cp950"])
def test_every_character_is_encoded_to_the_bytes_it_was_decoded_from(encoding: str) -> None:
    """`Source.byte_span` encodes the text again to count bytes."""
    for first, second in itertools.product(range(0x81, 0xFF), range(0x30, 0xFF)):
        data = bytes([first, second])
        try:
            source = Source("s", data, encoding)
            end = len(source.text)
        except UnicodeDecodeError:
            continue
        assert source.byte_span(Span(0, end)) == Span(0, 2)


def test_display_names_of_encodings() -> None:
    codecs = ("cp932", "euc_jp", "cp949", "cp950", "cp1251", "utf-8")
    names = [display_name(codec) for codec in codecs]
    assert names == ["Shift_JIS", "EUC-JP", "EUC-KR", "Big5", "Windows-1251", "UTF-8"]
