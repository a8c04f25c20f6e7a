"""The files for containers fit the program. No container is built here."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import yaml
from project import ROOT

from cli.commands.chat import chat
from index.store.milvus.address import PORT, Address

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")


def steps() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile with what follows them."""
    text = re.sub(r"(?m)^#.*\n", "", DOCKERFILE).replace("\\\n", " ")
    return [
        (instruction, rest.strip())
        for instruction, _, rest in (line.partition(" ") for line in text.splitlines() if line)
    ]


def step(name: str) -> str:
    (found,) = (rest for instruction, rest in steps() if instruction == name)
    return found


def compose() -> dict[str, Any]:
    text = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))["services"]


def test_the_image_runs_a_command_that_there_is() -> None:
    assert json.loads(step("ENTRYPOINT")) == ["shutten"]
    command, *arguments = json.loads(step("CMD"))
    assert command == chat.name
    parsed = chat.make_context("chat", arguments).params
    assert step("EXPOSE").split() == ["7860", str(parsed["metrics_port"])]
    assert parsed["port"] == 7860
    assert "/readyz" in step("HEALTHCHECK")


def test_the_image_installs_extras_and_files_that_there_are() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (install,) = (rest for _, rest in steps() if "pip install" in rest)
    extras = re.search(r"\.\[([\w,]+)\]", install)
    assert extras
    assert set(extras[1].split(",")) <= project["optional-dependencies"].keys()
    (constraints,) = re.findall(r"--constraint (\S+)", install)
    assert (ROOT / constraints).is_file()
    assert step("USER") == "shutten"  # not root


def test_the_services_fit_one_another() -> None:
    services = compose()
    server = services["shutten"]
    address = Address.parse(server["environment"]["SHUTTEN_STORE"])
    assert (address.host in services, address.port) == (True, PORT)
    assert server["depends_on"] == {address.host: {"condition": "service_healthy"}}
    assert (ROOT / "deploy" / server["build"]["context"] / server["build"]["dockerfile"]).is_file()
    assert server["ports"] == ["127.0.0.1:7860:7860"]  # for this machine only
