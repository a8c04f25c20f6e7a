"""Bundled statements, and the provenance of statements."""

import hashlib
import tomllib

import pytest

from corpus.errors import ShuttenError
from corpus.inputs import InputFile
from corpus.library import bundled_paths, load_statement, unknown_key_warnings
from corpus.records import Provenance

TEXT = "両省は一致した。\n"
SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.fixture
def load(tmp_path):
    """Return a function that loads a small statement with a provenance (text or bytes)."""

    def load_with(toml):
        (tmp_path / "s.ja.txt").write_bytes(TEXT.encode())
        (tmp_path / "s.ja.toml").write_bytes(toml if isinstance(toml, bytes) else toml.encode())
        return load_statement(tmp_path / "s.ja.txt")

    return load_with


def test_the_first_statement_is_bundled():
    assert "jucip-2023-05-26.ja" in [path.stem for path in bundled_paths()]


@pytest.mark.parametrize("path", bundled_paths(), ids=lambda path: path.stem)
def test_bundled_statements_match_the_checksum_in_their_provenance(path):
    recorded = tomllib.loads(path.with_suffix(".toml").read_text("utf-8"))
    data = path.read_bytes()
    statement = load_statement(path)
    assert hashlib.sha256(data).hexdigest() == recorded["sha256"] == statement.source.sha256
    assert statement.source.text == data.decode(recorded["encoding"])
    assert statement.id == path.stem


def test_bundled_provenance():
    (path,) = (path for path in bundled_paths() if path.stem == "jucip-2023-05-26.ja")
    provenance = load_statement(path).provenance
    assert provenance.title == "第2回 日米商務・産業パートナーシップ (JUCIP) 閣僚会合 共同声明"
    assert provenance.date == "2023-05-26"
    assert (provenance.language, provenance.status) == ("ja", "仮訳")
    assert provenance.issuers == ("経済産業省 (METI)", "米国商務省 (DOC)")


def test_a_statement_without_provenance(tmp_path):
    path = tmp_path / "s.txt"
    path.write_text(TEXT, "utf-8")
    statement = load_statement(path, "given")
    assert statement.provenance == Provenance()
    assert statement.id == "given"
    assert [p.span.of(statement.source.text) for p in statement.passages] == ["両省は一致した。"]


def test_provenance_fields(load):
    toml = f'title = "覚書"\ndate = 2024-05-01\nissuers = ["A", "B"]\nsha256 = "{SHA256}"\nx = 1\n'
    origins = dict.fromkeys(("title", "date", "issuers"), "recorded")
    assert load(toml).provenance == Provenance(
        "覚書", date="2024-05-01", issuers=("A", "B"), origins=origins
    )


@pytest.mark.parametrize("url", ["https://www.meti.example/a?b=c#d", ""])
def test_the_address_of_the_issuers_page(load, url):
    assert load(f'url = "{url}"').provenance.url == url


@pytest.mark.parametrize(
    "url", ["http://a.example", "javascript:alert(1)", "a.example", "https://", "https://a b"]
)
def test_an_invalid_address_is_refused(load, tmp_path, url):
    with pytest.raises(ShuttenError) as refusal:
        load(f'url = "{url}"')
    assert str(refusal.value).startswith(f"{tmp_path / 's.ja.toml'}: url is {url!r}; give")


def test_a_single_issuer_is_one_name(load):
    assert load('issuers = "METI"').provenance.issuers == ("METI",)


def test_a_changed_statement_is_refused(load, tmp_path):
    with pytest.raises(ShuttenError) as refusal:
        load(f'sha256 = "{"0" * 64}"')
    message = str(refusal.value)
    assert message.startswith(str(tmp_path / "s.ja.toml"))
    assert SHA256 in message
    assert "\n" not in message


@pytest.mark.parametrize("toml", ["title = ", "= 1", b"title = '\x8b\x9e'", "issuers = 3"], ids=str)
def test_unusable_provenance_is_refused(load, tmp_path, toml):
    with pytest.raises(ShuttenError) as refusal:
        load(toml)
    assert str(refusal.value).startswith(str(tmp_path / "s.ja.toml"))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("key", ["Title", "DATE", "Issuers", "SHA256"])
def test_a_key_in_the_wrong_case_is_named_with_the_right_one(load, tmp_path, key):
    with pytest.raises(ShuttenError) as refusal:
        load(f'{key} = "x"\n')
    assert str(refusal.value) == (
        f"{tmp_path / 's.ja.toml'}: the key {key!r} must be written {key.lower()!r}"
    )


@pytest.mark.parametrize(
    ("toml", "lines"),
    [
        ('title = "x"\nencoding = "utf-8"\n', []),
        ('issuer = "x"\n', ["the key 'issuer' is not known and left out; did you mean 'issuers'?"]),
        ("[notes]\nx = 1\n", ["the key 'notes' is not known and left out; the keys are title, "]),
    ],
)
def test_unknown_keys_give_warnings(load, tmp_path, toml, lines):
    load(toml)
    warnings = unknown_key_warnings(InputFile(tmp_path / "s.ja.txt"))
    assert len(warnings) == len(lines)
    for warning, line in zip(warnings, lines, strict=True):
        assert warning.startswith(f"s.ja.toml: {line}")


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2023-05-26", "2023-05-26"),
        ('"2023-05-26"', "2023-05-26"),
        ("2023-05-26T09:30:00Z", "2023-05-26"),
    ],
)
def test_a_date_is_a_day(load, value, date):
    assert load(f"date = {value}").provenance.date == date


@pytest.mark.parametrize("value", ['"May 2023"', '"2023-13-01"', "2023", '"26.5.2023"', '""', "[]"])
def test_an_invalid_date_is_refused(load, value):
    with pytest.raises(ShuttenError, match="is no date; write it as 2023-05-26"):
        load(f"date = {value}")


@pytest.mark.parametrize("toml", ["title = 3", 'title = ["x"]', "venue = true"])
def test_a_value_that_is_no_text_is_refused(load, toml):
    with pytest.raises(ShuttenError, match="must be text; write"):
        load(toml)
