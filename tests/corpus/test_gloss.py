"""The English gloss of the bundled statement, and the files of glosses."""

from __future__ import annotations

import calendar
import hashlib
import re
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from corpus.documents import Document
from corpus.errors import ShuttenError
from corpus.gloss import Gloss, glosses_of, load_gloss
from corpus.library import bundled_paths, load_statement
from corpus.records import Passage, Span, Statement

BUNDLED = next(path for path in bundled_paths() if path.stem == "jucip-2023-05-26.ja")
(GLOSS,) = glosses_of(BUNDLED)
STATEMENT = load_statement(BUNDLED)
# The Japanese and the English of each sentence.
PAIRS = {
    f"{passage.id}/{number}": (
        sentence.of(STATEMENT.source.text),
        GLOSS.sentences.get((passage.id, number), ""),
    )
    for passage in STATEMENT.passages
    for number, sentence in enumerate(passage.sentences, 1)
}
MONTHS = calendar.month_name[1:]
NOTE = re.compile(r" ?\[Note: [^\]]+\]")
# What the parties did, and the English words for it: a sentence has both or neither.
VERBS = {
    "再確認": "reaffirmed",
    "(?<!再)確認": "confirmed",
    "歓迎": "welcomed",
    "コミットした": "committed to",
    "コミットメント": "commitment",
    "意図する": "intend to",
    "意向|意図を": "intention",
    "一致した|合意": "agreed",
    "決定した": "decided to",
    "共有した": "shared the",
    "強調した": "emphasised",
    "表明した": "expressed",
    "開催した": r"\bheld\b(?! in)",
    "(?:協力|連携)していく": r"\bwill\b",
}
EACH = pytest.mark.parametrize(("japanese", "english"), PAIRS.values(), ids=PAIRS)


def without_notes(english: str) -> str:
    return NOTE.sub("", english)


def test_every_sentence_has_a_gloss_and_nothing_else_has_one() -> None:
    assert len(PAIRS) == 32
    assert [f"{passage}/{number}" for passage, number in GLOSS.sentences] == list(PAIRS)


def test_the_gloss_says_what_it_is() -> None:
    assert (GLOSS.language, GLOSS.sha256) == ("en", STATEMENT.source.sha256)
    assert GLOSS.status == "unofficial gloss, a translation made by this project"


def test_a_gloss_is_no_statement() -> None:
    assert BUNDLED.with_name("jucip-2023-05-26.ja.gloss.en.toml").is_file()
    assert {path.suffix for path in bundled_paths()} == {".txt"}
    assert [path.stem for path in bundled_paths()] == ["jucip-2023-05-26.ja"]


@EACH
def test_it_is_english(japanese: str, english: str) -> None:
    assert english == english.strip()
    assert re.sub("[“”]", "", english).isascii()
    # A character of Japanese is about three letters of English, so no half of it is missing.
    assert len(japanese) < 12 or 1.6 < len(without_notes(english)) / len(japanese) < 4.5


@EACH
def test_acronyms_and_names_in_latin_letters_are_kept(japanese: str, english: str) -> None:
    words = set(re.findall(r"[A-Za-z][A-Za-z.-]*[A-Za-z]|[0-9]G", japanese)) - {"the"}
    assert {word for word in words if word not in without_notes(english)} == set()


@EACH
def test_it_has_the_numbers_of_the_japanese(japanese: str, english: str) -> None:
    months = [MONTHS[int(month) - 1] for month in re.findall("([0-9]+)月", japanese)]
    assert sorted(re.findall(rf"\b(?:{'|'.join(MONTHS)})\b", english)) == sorted(months)
    numbers = re.findall("[0-9]+", re.sub("[0-9]+月|第[0-9]回", "", japanese))
    assert sorted(re.findall("[0-9]+", english)) == sorted(numbers)
    assert bool(re.search("第[2二]回", japanese)) == ("second" in without_notes(english))


def test_dates_are_kept_whole() -> None:
    date = re.compile("([0-9]{4})年([0-9]{1,2})月(?:([0-9]{1,2})日)?")
    found = [(each, english) for ja, english in PAIRS.values() for each in date.findall(ja)]
    assert len(found) == 7
    for (year, month, day), english in found:
        assert f"{day} {MONTHS[int(month) - 1]} {year}".strip() in english


@EACH
@pytest.mark.parametrize(("act", "words"), VERBS.items(), ids=VERBS)
def test_what_the_parties_did_is_kept(japanese: str, english: str, act: str, words: str) -> None:
    said = bool(re.search(act, japanese))
    assert bool(re.search(words, without_notes(english))) == said


def test_doubtful_places_have_notes() -> None:
    noted = {key for key, (_, english) in PAIRS.items() if NOTE.search(english)}
    assert noted == {"5c7180ed5158/2", "f912dbdedb8e/1", "757b024c04fd/1", "12510224697e/1"}
    run_on = PAIRS["757b024c04fd/1"][1]
    before, note, after = run_on.partition(" [Note: the Japanese runs on here without a full stop;")
    assert before.endswith("in December 2022")
    assert note
    assert " The two ministries welcomed the Code of Conduct" in after


def test_the_gloss_of_a_quote_is_that_of_its_sentences() -> None:
    passage = STATEMENT.passage("9886b5c51029")
    first, second, third = passage.sentences
    one, two, three = (GLOSS.sentences[passage.id, number] for number in (1, 2, 3))
    assert one.startswith("Japan's Ministry of Economy, Trade and Industry (METI)")
    assert GLOSS.of(STATEMENT, passage, second) == two
    assert GLOSS.of(STATEMENT, passage, Span(second.start, third.end)) == f"{two} {three}"
    assert GLOSS.of(STATEMENT, passage, passage.span) == f"{one} {two} {three}"
    assert GLOSS.of(STATEMENT, passage, Span(first.start, second.end - 1)) == ""
    assert GLOSS.of(STATEMENT, passage, Span(first.start + 1, second.end)) == ""


@pytest.mark.parametrize("passage", STATEMENT.passages, ids=lambda passage: passage.id)
def test_every_passage_has_a_gloss(passage: Passage) -> None:
    english = [PAIRS[f"{passage.id}/{i + 1}"][1] for i in range(len(passage.sentences))]
    assert GLOSS.of(STATEMENT, passage, passage.span) == " ".join(english)


def test_a_quote_with_a_sentence_that_has_no_gloss_has_none() -> None:
    passage = STATEMENT.passage("d5b188a48e75")
    first, second = passage.sentences
    known = {(passage.id, 1): "One."}
    gloss = replace(GLOSS, sentences=known)
    assert gloss.of(STATEMENT, passage, first) == "One."
    assert gloss.of(STATEMENT, passage, second) == ""
    assert gloss.of(STATEMENT, passage, passage.span) == ""


def test_a_gloss_of_another_text_is_not_used() -> None:
    passage = STATEMENT.passages[0]
    edited = replace(STATEMENT.source, data=STATEMENT.source.data + b"\n")
    changed = Statement(edited, STATEMENT.provenance, STATEMENT.passages)
    assert GLOSS.of(changed, passage, passage.span) == ""


def test_the_checksum_of_a_document_is_that_of_its_file() -> None:
    passage = STATEMENT.passages[0]
    document = Document("html", GLOSS.sha256, "reader 1", b"")
    source = replace(STATEMENT.source, data=STATEMENT.source.data + b"\n", document=document)
    read = Statement(source, STATEMENT.provenance, STATEMENT.passages)
    assert GLOSS.of(read, passage, passage.span).startswith("(Provisional translation)")
    other = replace(source, document=replace(document, sha256="0" * 64))
    other_file = Statement(other, STATEMENT.provenance, STATEMENT.passages)
    assert GLOSS.of(other_file, passage, passage.span) == ""


def test_a_gloss_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        GLOSS.language = "fr"  # type: ignore[misc]


TEXT = "両省は一致した。\n"
SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()
HEAD = f"""language = "en"
of = "ja"
statement = "s.ja"
sha256 = "{SHA256}"
status = "a test"
"""
ROW = '[[sentence]]\nkey = "0123456789ab/1"\ntext = "They agreed."\n'


def write(folder: Path, toml: str | bytes, name: str = "s.ja.gloss.en.toml") -> Path:
    """Write a small statement and its gloss, and return the path of the gloss."""
    (folder / "s.ja.txt").write_text(TEXT, "utf-8")
    path = folder / name
    path.write_bytes(toml if isinstance(toml, bytes) else toml.encode())
    return path


def refusal(path: Path) -> str:
    """Return what the error says about a gloss, after its path."""
    with pytest.raises(ShuttenError) as error:
        load_gloss(path)
    message = str(error.value)
    assert "\n" not in message
    assert message.startswith(f"{path}: ")
    return message.removeprefix(f"{path}: ")


def test_a_file_with_a_gloss(tmp_path: Path) -> None:
    more = ROW.replace("/1", "-2/12").replace("They", "Both")
    gloss = load_gloss(write(tmp_path, HEAD + ROW + more))
    sentences = {("0123456789ab", 1): "They agreed.", ("0123456789ab-2", 12): "Both agreed."}
    assert gloss == Gloss("en", "a test", SHA256, sentences)


def test_glosses_lie_beside_the_statement(tmp_path: Path) -> None:
    write(tmp_path, HEAD + ROW)
    write(tmp_path, HEAD.replace('"en"', '"de-AT"') + ROW, "s.ja.gloss.de-AT.toml")
    write(tmp_path, HEAD, "other.gloss.en.toml")
    write(tmp_path, 'title = "x"', "s.ja.toml")
    assert [gloss.language for gloss in glosses_of(tmp_path / "s.ja.txt")] == ["de-AT", "en"]


def test_a_statement_without_a_gloss(tmp_path: Path) -> None:
    assert glosses_of(tmp_path / "none.txt") == ()
    write(tmp_path, HEAD + ROW)
    (tmp_path / "s.txt").write_text(TEXT, "utf-8")
    assert glosses_of(tmp_path / "s.txt") == ()


def test_a_name_with_signs_of_a_pattern(tmp_path: Path) -> None:
    name = "s[1]*"
    write(tmp_path, HEAD.replace("s.ja", name) + ROW, f"{name}.gloss.en.toml")
    (tmp_path / f"{name}.txt").write_text(TEXT, "utf-8")
    assert [gloss.language for gloss in glosses_of(tmp_path / f"{name}.txt")] == ["en"]
    assert glosses_of(tmp_path / "s*.txt") == ()


def test_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD.replace(SHA256, "0" * 64) + ROW)
    with pytest.raises(ShuttenError) as error:
        glosses_of(tmp_path / "s.ja.txt")
    message = str(error.value)
    assert message.startswith(f"{path}: the statement's sha256 is {SHA256}, not the one recorded")
    assert "\n" not in message
    assert load_gloss(path).sha256 == "0" * 64


def test_a_gloss_whose_statement_is_gone(tmp_path: Path) -> None:
    write(tmp_path, HEAD + ROW)
    (tmp_path / "s.ja.txt").unlink()
    with pytest.raises(ShuttenError, match=r"s\.ja\.txt: no such file"):
        glosses_of(tmp_path / "s.ja.txt")


@pytest.mark.parametrize("key", ["language", "of", "statement", "sha256", "status"])
def test_a_head_without_a_key_is_refused(tmp_path: Path, key: str) -> None:
    head = re.sub(rf"(?m)^{key} = .*\n", "", HEAD)
    assert head != HEAD
    assert refusal(write(tmp_path, head + ROW)) == f'has no {key}; add {key} = "..."'


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("status", "Status", "there is no key 'Status'; did you mean 'status'?"),
        ("[[sentence]]", "x = 1\n[[sentence]]", "there is no key 'x'; there are: language, of,"),
        ("[[sentence]]", "[[sentences]]", "there is no key 'sentences'; there are: "),
        ("text =", "texts =", "sentence 1: there is no key 'texts'; did you mean 'text'?"),
        ('text = "They agreed."', "", 'sentence 1: has no text; add text = "..."'),
        ('key = "0123456789ab/1"', "", 'sentence 1: has no key; add key = "..."'),
        ('"a test"', "3", "status must be text; write status ="),
        ('"a test"', "0x" + "f" * 9000, "status must be text; write status ="),
        ('"a test"', "2023-05-26", "status must be text; write status ="),
        ('"en"', '"English"', "language is 'English'; write its code, such as en"),
        ('"ja"', '""', "of is ''; write its code, such as en"),
        (SHA256, SHA256.upper(), f"sha256 is '{SHA256.upper()}'; write the checksum"),
        (SHA256, "x" * 9000, f"sha256 is '{'x' * 79}; write the checksum"),
        ('"They agreed."', '""', "sentence 1: text is ''; write one line of text"),
        ('"They agreed."', '" "', "sentence 1: text is ' '; write one line of text"),
        ('"They agreed."', r'"a\nb"', r"sentence 1: text is 'a\nb'; write one line of text"),
        ('"They agreed."', r'"a\u2028"', r"sentence 1: text is 'a\u2028'; write one line"),
        ("ab/1", "ab/0", "sentence 1: key is '0123456789ab/0'; write the id of a passage"),
        ("ab/1", "ab/٣", "sentence 1: key is '0123456789ab/٣'; write the id of a passage"),
        ("ab/1", "ab", "sentence 1: key is '0123456789ab'; write the id of a passage"),
        ("ab/1", "AB/1", "sentence 1: key is '0123456789AB/1'; write the id of a passage"),
        ("s.ja", "t.ja", "by its head this is 't.ja.gloss.en.toml'; rename it, or mend the head"),
        ('"en"', '"fr"', "by its head this is 's.ja.gloss.fr.toml'; rename it, or mend the head"),
        (ROW, "", "has no sentences; begin each one with [[sentence]]"),
        (ROW, "sentence = []", "has no sentences; begin each one with [[sentence]]"),
        (ROW, "[sentence]\nkey = 'x'", "has no sentences; begin each one with [[sentence]]"),
        (ROW, "sentence = [3]", "sentence 1: is no table; begin each sentence with"),
        (ROW, ROW + ROW, "0123456789ab/1 is given twice; give it once"),
        (ROW, "= 1", "not a readable TOML file (Invalid "),
        ("status", "of", "not a readable TOML file (Cannot overwrite a value"),
        (ROW, "sentence = " + "[" * 5000, "not a readable TOML file ("),
        (ROW, "#" * 50_000, "50,"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    toml = HEAD + ROW
    assert old in toml
    assert refusal(write(tmp_path, toml.replace(old, new, 1))).startswith(words)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + ROW + "#" * 50_000)
    assert refusal(path).endswith(" bytes is over the limit of 50 KB; split it")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, (HEAD + ROW).encode("utf-16"))) == "not UTF-8; save it as UTF-8"


def test_a_folder_or_no_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "is a folder; give the files themselves"
    assert refusal(tmp_path / "s.gloss.en.toml") == "no such file; check the path"


@pytest.mark.parametrize("path", ["", "a\0b"])
def test_an_impossible_path_is_refused(path: str) -> None:
    for load in (load_gloss, glosses_of):
        with pytest.raises(ShuttenError, match="the file of a "):
            load(path)
