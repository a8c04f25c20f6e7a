"""Statements that are corrected and removed over HTTP, and who may do that."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote as quoted

import httpx
import pytest
from serving import post, served
from uploading import TEXT, fact, keep, kept, send, settled, uploaded

import ui
from cli.main import main
from corpus.errors import ShuttenError
from corpus.library import load_statement
from index.building import adding
from index.models.encoder import Encoder
from index.store.local import LocalStore
from qa.assistant import Assistant
from qa.rendering.messages import section
from web.page.statements import StatementList
from web.security import accounts
from web.security.guard import MAX_BODY
from web.server import is_for_this_machine_only

BUNDLED = "jucip-2023-05-26.ja"
ODD = "a/b 100% 'c' あ?#"
ROUTES = [
    ("POST", "uploads?name=a.txt"),
    ("GET", "uploads/x"),
    ("DELETE", "uploads/x"),
    ("POST", "uploads/x/keep"),
    ("GET", f"statements/{BUNDLED}"),
    ("PATCH", f"statements/{BUNDLED}"),
    ("DELETE", f"statements/{BUNDLED}"),
]


@pytest.fixture(scope="module")
def changed_home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the data folder, which these tests change."""
    return Path(shutil.copytree(home, tmp_path_factory.mktemp("uploads") / "home"))


@pytest.fixture(scope="module")
def assistant(changed_home: Path) -> Assistant:
    return Assistant.open(changed_home)


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with served(assistant, uploads=True) as address:
        yield address


@pytest.fixture(scope="module")
def closed_address(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as address:
        yield address


def patch(address: str, statement: str, facts: Any) -> httpx.Response:
    return httpx.patch(f"{address}statements/{statement}", json={"facts": facts}, timeout=60)


def test_the_facts_of_a_statement_are_shown_and_corrected(
    address: str, assistant: Assistant
) -> None:
    row = httpx.get(f"{address}statements/{BUNDLED}").json()
    assert (row["id"], row["passages"]) == (BUNDLED, 18)
    parties = {
        "name": "parties",
        "value": ["JP", "US"],
        "found": "title",
        "text": {"en": "Japan, United States", "ja": "日本、米国"},
    }
    assert fact(row, "parties") == parties
    reply = patch(address, BUNDLED, {"date": "2023-05-27", "venue": "", "title": " a\n b "})
    assert reply.status_code == 200
    assert fact(reply.json(), "date")["value"] == "2023-05-27"
    provenance = assistant.statement(BUNDLED).provenance
    assert (provenance.date, provenance.venue, provenance.title) == ("2023-05-27", "", "a b")
    assert provenance.origins["date"] == "hand"
    reply = patch(address, BUNDLED, {"parties": parties["text"]["ja"], "date": "2023-05-26"})
    assert fact(reply.json(), "parties")["value"] == ["JP", "US"]


@pytest.mark.parametrize(
    ("statement", "facts", "status", "words"),
    [
        (BUNDLED, {"date": "soon"}, 422, "is no date"),
        (BUNDLED, {}, 422, "facts: "),
        (BUNDLED, {"date": None}, 422, "facts.date"),
        ("nowhere", {"date": "2023-05-26"}, 404, "no such statement"),
    ],
)
def test_a_correction_that_cannot_be_made_is_refused(
    address: str, statement: str, facts: Any, status: int, words: str
) -> None:
    reply = patch(address, statement, facts)
    assert (reply.status_code, words in reply.json()["error"]) == (status, True)


def test_a_statement_is_removed_and_the_others_stay(address: str, assistant: Assistant) -> None:
    kept(address, TEXT.encode(), "canal.txt")
    assert assistant.statement_ids() == ["canal", BUNDLED]
    question = {"question": "Who agreed on a canal?", "k": 1}
    (quote,) = post(address, "retrieve", question).json()["quotes"]
    assert quote["statement"] == "canal"
    reply = httpx.delete(f"{address}statements/canal", timeout=60)
    assert (reply.status_code, reply.json()) == (200, {"statement": "canal"})
    assert assistant.statement_ids() == [BUNDLED]
    (quote,) = post(address, "retrieve", question).json()["quotes"]
    assert quote["statement"] == BUNDLED
    assert httpx.delete(f"{address}statements/canal", timeout=60).status_code == 404


def test_a_statement_with_an_odd_id_can_be_removed(
    address: str, assistant: Assistant, tmp_path: Path, encoder: Encoder
) -> None:
    path = tmp_path / "odd.txt"
    path.write_text(TEXT, "utf-8")
    with closing(LocalStore(assistant.home)) as store:
        adding.add(store, encoder, [(load_statement(path, ODD), str(path))], progress=False)
    assert ODD in assistant.statement_ids()
    place = f"{address}statements/{quoted(ODD, safe='')}"
    assert httpx.get(place).json()["id"] == ODD
    assert httpx.delete(place, timeout=60).json() == {"statement": ODD}
    assert assistant.statement_ids() == [BUNDLED]


def test_the_list_of_statements_is_the_one_of_the_page(address: str, assistant: Assistant) -> None:
    row = httpx.get(f"{address}library").json()
    assert [each["id"] for each in row["statements"]] == assistant.statement_ids()
    assert row["list"] == StatementList.of(assistant.summaries()).name


def test_an_error_of_the_data_folder_stays_private(
    address: str, changed_home: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ShuttenError(f"{changed_home}/shutten.db: the disk is full; free some")

    row = uploaded(address, TEXT.encode(), "full.txt")
    with monkeypatch.context() as patched:
        patched.setattr(adding, "add", fail)
        patched.setattr(adding, "remove", fail)
        assert keep(address, row["id"]).status_code == 202
        failed = settled(address, row["id"])
        reply = httpx.delete(f"{address}statements/{BUNDLED}", timeout=60)
    trouble = "the server has trouble with its data folder"
    assert failed["state"] == "ready"  # so that the reader can try once more
    assert failed["error"].startswith(trouble)
    assert (reply.status_code, reply.json()["error"][: len(trouble)]) == (500, trouble)
    assert "the disk is full" in capfd.readouterr().err
    httpx.delete(f"{address}uploads/{row['id']}")


# -- who may do that --------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nothing_can_be_changed_without_permission(
    closed_address: str, assistant: Assistant, method: str, path: str
) -> None:
    body = {"content": TEXT.encode()} if "?" in path else {"json": {"facts": {"date": ""}}}
    kwargs: dict[str, Any] = {} if method in ("GET", "DELETE") else body
    reply = httpx.request(method, closed_address + path, **kwargs)
    assert reply.status_code == 403
    assert "can allow it with --allow-upload" in reply.json()["error"]
    assert assistant.statement_ids() == [BUNDLED]


def test_without_permission_there_is_no_larger_body_and_no_script(
    closed_address: str, address: str
) -> None:
    large = b" " * (MAX_BODY + 1)
    assert send(closed_address, large).status_code == 413
    row = settled(address, send(address, large).json()["id"])
    assert row["state"] == "refused"
    for page, is_open in ((closed_address, False), (address, True)):
        content = httpx.get(page).text
        assert ("shutten.adding = " in content) is is_open
        assert (section("page_uploads")["add_files"]["ja"] in content) is is_open


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_another_site_changes_nothing(
    address: str, assistant: Assistant, method: str, path: str, origin: str
) -> None:
    reply = httpx.request(method, address + path, headers={"Origin": origin})
    if method == "GET":
        assert "access-control-allow-origin" not in reply.headers
        return
    assert (reply.status_code, reply.json()) == (403, {"error": "sent by a page of another site"})
    assert assistant.statement_ids() == [BUNDLED]


def test_an_account_is_needed_where_there_are_accounts(
    assistant: Assistant, tmp_path: Path
) -> None:
    file = tmp_path / "accounts"
    accounts.add(file, "ann", "correct horse")
    right = {"Authorization": "Basic " + base64.b64encode(b"ann:correct horse").decode()}
    with served(assistant, auth_file=file, uploads=True) as address:
        for method, path in ROUTES:
            assert httpx.request(method, address + path).status_code == 401
        parameters = {"name": "a.txt"}
        reply = httpx.post(
            f"{address}uploads", params=parameters, content=TEXT.encode(), headers=right
        )
        assert reply.status_code == 202
        place = f"{address}uploads/{reply.json()['id']}"
        assert httpx.delete(place, headers=right).json() == {"state": "cancelled"}


@pytest.mark.parametrize(
    ("host", "names", "proxies", "expected"),
    [
        ("127.0.0.1", (), (), True),
        ("localhost", (), (), True),
        ("::1", (), (), True),
        ("127.8.8.8", (), (), True),
        ("0.0.0.0", (), (), False),
        ("::", (), (), False),
        ("192.168.1.5", (), (), False),
        ("shutten.example", (), (), False),
        ("127.0.0.1", ("shutten.example",), (), False),
        ("127.0.0.1", (), ("10.0.0.1",), False),
    ],
)
def test_uploads_are_allowed_only_where_no_other_machine_comes(
    host: str, names: tuple[str, ...], proxies: tuple[str, ...], expected: bool
) -> None:
    assert is_for_this_machine_only(host, names, proxies) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), True),
        (("--no-upload",), False),
        (("--host", "0.0.0.0"), False),
        (("--host", "0.0.0.0", "--allow-upload"), True),
        (("--allow-host", "a.example", "--allow-upload"), True),
        (("--allow-host", "a.example"), False),
    ],
)
def test_the_command_allows_uploads(
    words: tuple[str, ...], expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served_with: list[Any] = []
    monkeypatch.setattr(ui, "main", lambda options, home: served_with.append(options))
    assert main(["chat", "--home", str(tmp_path), *words]) == 0
    assert [options.uploads for options in served_with] == [expected]
