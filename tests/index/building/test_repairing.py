"""`shutten index rebuild` repairs a data folder, as far as its originals are intact."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from command_line import Shutten
from damaging import QUESTION, TEXT, TITLE, ask, assert_sound, change, problems, repair

from corpus.errors import ShuttenError
from index.building.rebuilding import rebuild
from index.store.local import LocalStore
from index.store.originals import DamagedError, Originals
from training.ablation import CachingEncoder

pytest_plugins = ["command_line"]

PROVENANCES = [
    "",
    "{",
    "[]",
    "97",
    '{"titel": ""}',
    '{"title": 5}',
    '{"issuers": "町"}',
    "[" * 9999,
]


@pytest.mark.parametrize("origin", ["there", "gone", "changed"])
@pytest.mark.parametrize("recorded", PROVENANCES, ids=range(len(PROVENANCES)))
def test_damaged_provenance_is_read_again_or_said_to_be_lost(
    folder: Path,
    caching_encoder: CachingEncoder,
    capsys: pytest.CaptureFixture[str],
    recorded: str,
    origin: str,
) -> None:
    file = folder.parent / "town.txt"
    if origin != "gone":
        file.write_text(TEXT + (origin == "changed") * "新しい文。", "utf-8")
        file.with_suffix(".toml").write_text(TITLE, "utf-8")
    change(folder, f"UPDATE statements SET provenance = '{recorded}', origin = '{file}'")
    assert any("provenance" in problem for problem in problems(folder))
    with pytest.raises(ShuttenError, match=r"provenance.*index rebuild"):
        ask(folder, caching_encoder)
    repair(folder, caching_encoder)
    notices = capsys.readouterr().err
    with contextlib.closing(LocalStore(folder)) as store:
        provenance = store.statement("town").provenance
    if origin == "there":
        assert provenance.title == "町の会合"
        assert f"read again from {file.with_suffix('.toml')}" in notices
    else:
        assert "recorded" not in provenance.origins.values()
        assert "town: its provenance was damaged and is empty now" in notices
    assert_sound(folder, caching_encoder)


def test_a_damaged_original_does_not_prevent_repair_of_the_rest(
    folder: Path, caching_encoder: CachingEncoder
) -> None:
    change(folder, "UPDATE statements SET data = x'61'", "DROP TABLE segments")
    with contextlib.closing(Originals(folder)) as store:
        recorded = store.original("town").sha256
        with pytest.raises(DamagedError, match="add --id town"):
            rebuild(store, caching_encoder, progress=False)
        assert store.original("town").sha256 == recorded
    remaining = problems(folder)
    assert remaining
    assert all("add the file again" in problem for problem in remaining)


def test_commands_advise_a_rebuild(shutten: Shutten, folder: Path) -> None:
    change(folder, "UPDATE passages SET sentences = zeroblob(8) WHERE row = 3")
    shutten("ask", QUESTION, "--home", folder).refused(
        folder / "shutten.db", "shutten index rebuild"
    )
    shutten("index", "list", "--home", folder).refused("town", "shutten index rebuild")
    checked = shutten("index", "check", "--home", folder)
    assert (checked.code, checked.out) == (2, "")
    assert checked.err.splitlines()[-1].endswith("run `shutten index rebuild`")
    assert "rebuilt 1 statements" in shutten("index", "rebuild", "--home", folder).succeeded()
    assert "all well" in shutten("index", "check", "--home", folder).succeeded()
    shutten("index", "list", "--home", folder).succeeded()


def test_check_notices_that_another_model_was_chosen(
    shutten: Shutten, folder: Path, caching_encoder: CachingEncoder
) -> None:
    change(folder, "UPDATE meta SET value = 'other' WHERE key = 'fingerprint'")
    shutten("index", "check", "--home", folder).refused("other", "index rebuild")
    shutten("index", "rebuild", "--home", folder).succeeded()
    shutten("index", "check", "--home", folder).succeeded()


@pytest.mark.parametrize("damage", ["deleted", "empty", "without tables"])
def test_a_lost_database_is_not_taken_for_a_new_folder(
    shutten: Shutten, folder: Path, damage: str
) -> None:
    copy = (folder / "shutten.db").read_bytes()
    (folder / "shutten.db").unlink()
    if damage == "empty":
        (folder / "shutten.db").touch()
    if damage == "without tables":
        change(folder, "PRAGMA journal_mode = WAL")
    text = folder.parent / "new.txt"
    text.write_text("新しい文。\n", "utf-8")
    for command in (["ask", QUESTION], ["index", "list"], ["index", "check"], ["index", "rebuild"],
                    ["index", "add", text], ["model", "list"]):  # fmt: skip
        shutten(*command, "--home", folder).refused(
            folder / "shutten.db", "gone or empty", "put a copy"
        )
    assert (folder / "shutten.db").exists() == (damage != "deleted")
    (folder / "shutten.db").write_bytes(copy)
    assert "all well" in shutten("index", "check", "--home", folder).succeeded()
