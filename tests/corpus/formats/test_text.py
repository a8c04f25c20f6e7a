"""Statement files are read in several encodings, and other files are refused."""

import json
from pathlib import Path

import pytest
from project import DATA

from corpus.errors import ShuttenError
from corpus.formats.encodings import detect_encoding
from corpus.formats.text import MAX_BYTES, read_source, slug
from corpus.library import bundled_paths, load_statement
from corpus.segmentation.parsing import parse

ENCODINGS = {
    "utf-8": ("utf-8", ""),
    "utf-8 with BOM": ("utf-8", "\ufeff"),
    "utf-16-le": ("utf-16-le", ""),
    "utf-16-be": ("utf-16-be", ""),
    "utf-16-le with BOM": ("utf-16-le", "\ufeff"),
    "utf-16-be with BOM": ("utf-16-be", "\ufeff"),
    "cp932": ("cp932", ""),
    "euc_jp": ("euc_jp", ""),
}
TEXTS = {
    path.stem: path.read_bytes().decode("utf-8").lstrip("\ufeff")
    for path in (*bundled_paths(), *sorted((DATA / "statements").glob("*.txt")))
}
MISSING = {"euc_jp": "①•", "cp932": "•"}  # characters that the encoding does not have


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        (stem, name)
        for stem, text in TEXTS.items()
        for name in ENCODINGS
        if not set(MISSING.get(name, "")) & set(text)
    ],
)
def test_text_and_passages_do_not_depend_on_the_encoding(stem, name, tmp_path):
    text = TEXTS[stem]
    encoding, mark = ENCODINGS[name]
    path = tmp_path / "statement.txt"
    path.write_bytes((mark + text).encode(encoding))
    source = read_source(path)
    assert source.text == mark + text
    assert source.data == path.read_bytes()
    spans = [(p.span.start - len(mark), p.span.end - len(mark)) for p in parse(source.text)]
    assert [text[start:end] for start, end in spans] == [p.span.of(text) for p in parse(text)]


@pytest.mark.parametrize("name", [name for name in ENCODINGS if not name.startswith("utf-8")])
def test_passages_of_the_bundled_statement_do_not_depend_on_the_encoding(name, tmp_path):
    (original,) = (path for path in bundled_paths() if path.stem == "jucip-2023-05-26.ja")
    statement = load_statement(original)
    encoding, mark = ENCODINGS[name]
    path = tmp_path / "statement.txt"
    path.write_bytes((mark + statement.source.text).encode(encoding))
    copy = load_statement(path)
    assert [p.id for p in copy.passages] == [p.id for p in statement.passages]
    for passage in copy.passages:
        start, end = passage.span.start, passage.span.end
        assert (
            copy.source.text[start:end]
            == statement.source.text[start - len(mark) : end - len(mark)]
        )


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp"])
@pytest.mark.parametrize(
    "text", ["・半導体\n・輸出管理\n", "共同声明\r\n", "両省は、ﾃｽﾄを歓迎した。"]
)
def test_a_very_short_file_is_never_decoded_to_other_characters(text, encoding):
    data = text.encode(encoding)
    detected = detect_encoding(data)
    assert detected is None or data.decode(detected) == text


@pytest.mark.parametrize(
    "path", sorted((DATA / "invalid").glob("*.txt")), ids=lambda path: path.stem
)
def test_refused_file(path):
    with pytest.raises(ShuttenError) as refusal:
        load_statement(path)
    message = str(refusal.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    for words in json.loads(path.with_suffix(".expected.json").read_text("utf-8")):
        assert words in message


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(lambda path: None, "no such file", id="missing"),
        pytest.param(lambda path: path.mkdir(), "is a folder", id="folder"),
        pytest.param(lambda path: path.symlink_to(path), "cannot be read", id="link to itself"),
        pytest.param(
            lambda path: path.write_bytes(bytes(MAX_BYTES + 1)),
            "2,000,001 bytes is over the limit of 2 MB",
            id="too large",
        ),
    ],
)
def test_refused_path(make, words, tmp_path):
    path = tmp_path / "statement.txt"
    make(path)
    with pytest.raises(ShuttenError) as refusal:
        read_source(path)
    assert str(refusal.value).startswith(f"{path}: ")
    assert words in str(refusal.value)


def test_a_statement_pasted_where_a_path_belongs_is_refused(tmp_path):
    with pytest.raises(ShuttenError):
        read_source(tmp_path / ("両省は、協力を確認した。" * 100))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("jucip-2023-05-26.ja.txt", "jucip-2023-05-26.ja"),
        ("共同声明 (仮訳).txt", "共同声明-仮訳"),
        ("folder/My  statement!.txt", "My-statement"),
        ("か\u3099.txt", "が"),
        ("--.txt", "statement"),
    ],
)
def test_slug(name, expected):
    assert slug(Path(name)) == expected


def test_a_given_id_is_kept(tmp_path):
    path = tmp_path / "statement.txt"
    path.write_text("両省は一致した。", "utf-8")
    assert read_source(path).id == "statement"
    assert read_source(path, "共同 声明").id == "共同 声明"
