"""`--store` and `SHUTTEN_STORE`: commands use a library on a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Shutten
from milvus_servers import MilvusServer, drop

from qa import conformance

pytest_plugins = ["stores", "command_line"]

TEXT = "Record of a meeting\n\n- They build a harbour at Otaru.\n- They plant trees.\n"


@pytest.fixture
def store(milvus: MilvusServer) -> Iterator[str]:
    address = milvus.address()
    yield str(address)
    drop(address)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "meeting.txt"
    path.write_text(TEXT, "utf-8")
    return path


def test_a_library_is_made_asked_changed_and_copied(
    shutten: Shutten, store: str, file: Path, tmp_path: Path
) -> None:
    added = shutten("index", "add", file, "--store", store).succeeded()
    assert "meeting: added" in added
    assert "meeting" in shutten("index", "list", "--store", store).succeeded()
    answer = shutten("ask", "Where do they build a harbour?", "--store", store).succeeded()
    assert "“They build a harbour at Otaru.”" in answer
    assert "all well: 1 statements" in shutten("index", "check", "--store", store).succeeded()
    folder = tmp_path / "copy"
    copied = shutten("index", "copy", "--store", store, "--to", folder)
    assert copied.code == 0
    assert f"copied and compared 1 statements: {store} -> {folder}" in copied.out
    assert "Otaru" in shutten("ask", "Where is the harbour?", "--home", folder).succeeded()
    shutten("index", "remove", "meeting", "--store", store).succeeded()
    assert "no statements" in shutten("index", "list", "--store", store).succeeded()


def test_the_variable_names_the_store(
    shutten: Shutten, store: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUTTEN_STORE", store)
    shutten("index", "add", file).succeeded()
    assert "Otaru" in shutten("ask", "Where is the harbour?").succeeded()
    monkeypatch.delenv("SHUTTEN_STORE")
    assert "Otaru" in shutten("ask", "Where is the harbour?", "--store", store).succeeded()


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("milvus://127.0.0.1:{port}/nothing", "there is no such library on that server"),
        ("milvs://127.0.0.1:{port}/nothing", "is no address of a store"),
        ("milvus://127.0.0.1:1/nothing", "the Milvus server does not answer"),
    ],
)
def test_wrong_addresses(
    shutten: Shutten, milvus: MilvusServer, address: str, problem: str
) -> None:
    result = shutten("ask", "What?", "--store", address.format(port=milvus.port))
    assert result.code == 2
    assert problem in result.error_text


def test_conformance(shutten: Shutten, milvus: MilvusServer) -> None:
    result = shutten("index", "conformance", milvus.address()).succeeded()
    assert result.splitlines() == [f"ok: {step}" for step in conformance._STEPS]


def test_what_does_not_conform_is_named(
    shutten: Shutten, milvus: MilvusServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = {"a statement comes back as it was added": lambda _: "it differs"}
    monkeypatch.setattr(conformance, "_STEPS", steps)
    result = shutten("index", "conformance", milvus.address())
    assert (result.code, result.out) == (
        1,
        "failed: a statement comes back as it was added: it differs\n",
    )


def test_conformance_leaves_a_library_alone(shutten: Shutten, store: str, file: Path) -> None:
    shutten("index", "add", file, "--store", store).succeeded()
    result = shutten("index", "conformance", store)
    assert result.code == 2
    assert "it would be deleted" in result.error_text
    assert "meeting" in shutten("index", "list", "--store", store).succeeded()
