"""Headers that describe where a request was sent to are believed only of named proxies."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from serving import free_port, served

import ui
from corpus.errors import ShuttenError
from qa.assistant import Assistant
from web.server import Options

HEADERS = [
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Host": "[", "X-Forwarded-Proto": "\xff"},
    {"X-Forwarded-Proto": "https"},
    {"X-Gradio-Server": "http://evil.example/"},
    {"Forwarded": "host=evil.example;proto=https"},
    {"X-Forwarded-For": "203.0.113.7"},
    {"Host": "127.0.0.1:6666"},
]


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with served(assistant, names=["shutten.example"]) as address:
        yield address


@pytest.mark.parametrize("path", ["gradio_api/info", "gradio_api/info?all_endpoints=true"])
@pytest.mark.parametrize("headers", HEADERS, ids=str)
def test_nobody_can_change_the_code_samples_of_others(
    address: str, path: str, headers: dict[str, str]
) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    assert httpx.get(address + path, headers=encoded).status_code == 200
    text = httpx.get(address + path).text
    assert "evil" not in text
    assert ":6666" not in text
    assert address in text


@pytest.mark.parametrize("headers", HEADERS[:-1], ids=str)
def test_the_page_keeps_its_address(address: str, headers: dict[str, str]) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    reply = httpx.get(f"{address}config", headers=encoded)
    assert reply.json()["root"] == address.rstrip("/")


@pytest.mark.parametrize(
    ("proxy", "headers", "root"),
    [
        ("127.0.0.1", {"X-Forwarded-Host": "shutten.example"}, "http://shutten.example"),
        ("127.0.0.0/8", {"X-Forwarded-Host": "evil.example, shutten.example"}, "http://shutten.example"),
        ("::1", {"X-Forwarded-Host": "shutten.example"}, "http://127.0.0.1"),
    ],
)  # fmt: skip
def test_a_named_proxy_is_believed(
    assistant: Assistant, proxy: str, headers: dict[str, str], root: str
) -> None:
    with served(assistant, names=["shutten.example"], proxies=[proxy]) as address:
        config = httpx.get(f"{address}config", headers=headers).json()
        assert config["root"].startswith(root)
        secure = headers | {"X-Forwarded-Proto": "https"}
        config = httpx.get(f"{address}config", headers=secure).json()
        secure_root = root.replace("http:", "https:") if proxy != "::1" else root
        assert config["root"].startswith(secure_root)
        other_host = {"X-Forwarded-Host": "evil.example"}
        reply = httpx.get(f"{address}config", headers=other_host)
        assert reply.status_code == (400 if proxy != "::1" else 200)


def test_a_malformed_proxy_address_is_refused(assistant: Assistant) -> None:
    with pytest.raises(ShuttenError, match="--proxy: 'proxy"):
        ui.start(assistant, Options(port=free_port(), proxies=["proxy.example"]))
