"""Keys in their folder: whole or not there, and really gone."""

import multiprocessing
import stat
from pathlib import Path

import pytest

from storage.keys import ROOM, Key, Keys, SealError


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


def test_what_was_sealed_is_read_with_the_key_and_with_no_other(keys: Keys):
    keys.make("survey-1")
    keys.make("survey-2")
    key, other = keys.find("survey-1"), keys.find("survey-2")
    sealed = key.seal("渠堵了".encode())
    assert key.open(sealed) == "渠堵了".encode()
    with pytest.raises(SealError):
        other.open(sealed)
    with pytest.raises(SealError):
        key.open(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(SealError):
        key.open(b"")


@pytest.mark.parametrize(("said", "rooms"), [(0, 1), (1, 1), (ROOM - 4, 1), (ROOM - 3, 2), (3 * ROOM - 4, 3)])
def test_length_tells_nothing_within_a_room(said: int, rooms: int):
    sealed = Key(b"k" * 32).seal(b"x" * said)
    assert len(sealed) == 12 + rooms * ROOM + 16


def test_a_mark_is_the_same_each_time_and_another_under_another_key():
    one, other = Key(b"k" * 32), Key(b"l" * 32)
    assert one.mark("7") == Key(b"k" * 32).mark("7")
    assert len({one.mark("7"), one.mark("8"), other.mark("7")}) == 3


def test_only_its_owner_reads_a_key(keys: Keys, tmp_path: Path):
    keys.make("survey-1")
    assert stat.S_IMODE((tmp_path / "keys" / "survey-1").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert keys.names() == ["survey-1"]


def _makes(folder: Path) -> bytes:
    Keys(folder).make("survey-1")
    found = Keys(folder).find("survey-1")
    assert found is not None
    return found.mark("1")


def test_processes_that_make_it_at_once_have_the_same_key(tmp_path: Path):
    with multiprocessing.get_context("forkserver").Pool(4) as pool:
        marks = pool.map(_makes, [tmp_path / "keys"] * 8)
    assert len(set(marks)) == 1
    assert Keys(tmp_path / "keys").names() == ["survey-1"]
    assert len(list((tmp_path / "keys").iterdir())) == 1


def test_a_destroyed_key_is_overwritten_first(keys: Keys, tmp_path: Path):
    keys.make("survey-1")
    (tmp_path / "link").hardlink_to(tmp_path / "keys" / "survey-1")
    keys.destroy("survey-1")
    keys.destroy("survey-1")
    assert keys.find("survey-1") is None
    assert keys.names() == []
    assert (tmp_path / "link").read_bytes() == bytes(32)


def test_one_that_was_overwritten_and_not_yet_removed_is_dead(keys: Keys, tmp_path: Path):
    keys.make("survey-1")
    (tmp_path / "keys" / "survey-1").write_bytes(bytes(32))
    assert keys.find("survey-1") is None
    assert keys.names() == ["survey-1"]
    keys.destroy("survey-1")
    assert keys.names() == []


@pytest.mark.parametrize("name", ["", "../card.key", "survey-", "survey-1/2", "Survey-1", ".1"])
def test_a_name_leads_nowhere_else(keys: Keys, name: str):
    with pytest.raises(ValueError, match="no name of a key"):
        keys.find(name)
