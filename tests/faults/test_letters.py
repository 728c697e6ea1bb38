"""Many people write anonymous suggestions over real turns; then an attacker takes everything and finds out nothing.

The attacks are those on anonymous surveys, turned against suggestions.
"""

import logging
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage import ballots as boxes
from tests.databases import second_look
from tests.faults.anonymity.attacks import Booty, Trace, beats_chance, by_person, compare
from tests.faults.anonymity.loot import Loot, Row, take, traces
from tests.scenario.people import Someone
from tests.scenario.world import World, world

WRITERS = 48
"""As many as the attacks' bounds are meant for."""
ENOUGH_FOR_A_LEAK = 32
"""As in `test_anonymity`."""
_SYLLABLES = "渠路灯桥田坡树房站"
_MARK = "独此一封"
"""What every secret begins with: where there is nothing of it, there is nothing of any."""

Log = Callable[[], str]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Log:
    caplog.set_level(logging.DEBUG)
    return lambda: "\n".join(caplog.handler.format(record) for record in caplog.records)


class Writer:
    """Somebody with an opinion, and what of it stands nowhere else."""

    def __init__(self, on: Someone, person: int, number: int, chance: random.Random) -> None:
        self.on, self.person = on, person
        self.secret = f"{_MARK}{''.join(chance.choices(_SYLLABLES, k=6))}{number:03}事"
        words = self.secret * chance.randint(1, 30)
        self.talk = [("提建议", "署名还是匿名"), ("2", "请说您的意见"), (words, "您说："), ("1", "查询码")]


async def written(county: World, chance: random.Random, count: int) -> list[Writer]:
    """All write in the course of one day, their talks interleaved, ending in any order."""
    writers = []
    for number in range(count):
        her = await county.villager(f"v{number}", on=("web", "telegram")[number % 2])
        person = second_look(county.service.settings.database.url, "SELECT max(person) FROM account")[0][0]
        writers.append(Writer(her, person, number, chance))
    waiting = list(writers)
    chance.shuffle(waiting)
    talking: list[Writer] = []
    while waiting or talking:
        if waiting and len(talking) < 8:
            talking.append(waiting.pop())
        one = chance.choice(talking)
        said, seen = one.talk.pop(0)
        await one.on.says(said)
        await one.on.sees(seen)
        if not one.talk:
            talking.remove(one)
    return writers


def by_suggestion(after: Loot) -> dict[str, Trace]:
    """Every trace that an opened letter has, in its rows or in the database's files."""
    rows = {row["id"]: row for row in after.rows["suggestion"]}
    told: dict[str, Callable[[Row], Any]] = {
        "number": lambda row: row["id"],
        "place": lambda row: str(row.get("_place")),
        "transaction": lambda row: row.get("_xmin", 0),
        "length": lambda row: len(row["text"]),
        "receipt": lambda row: bytes(row["receipt"]),
        "day": lambda row: str(row["day"]),
        "limit": lambda row: str(row["limit_at"]),
        "byte in the files": lambda row: _found_at(after, row["text"]),
        "what the staff were told": lambda row: _told_at(after, row["text"]),
    }
    return {name: {number: tell(row) for number, row in rows.items()} for name, tell in told.items()}


def _found_at(loot: Loot, text: str) -> list[tuple[str, int]]:
    places = [(name, data.find(text.encode())) for name, data in loot.files.items()]
    return [(name, at) for name, at in places if at >= 0]


def _told_at(loot: Loot, text: str) -> list[int]:
    return [row["id"] for row in loot.rows["outbox"] if text in row["text"]]


async def raided(
    county: World, url: str, data_dir: Path, log: Log, count: int = WRITERS
) -> tuple[Booty, dict[int, int], list[str]]:
    """Everything that was taken, the truth, and whose words stood in it before the letters were opened."""
    await county.worker("staff", on="web")
    writers = await written(county, random.Random(), count)
    before, backup = take(url, data_dir), take(url, data_dir, backup=True)
    await county.later(days=1)
    await county.service.burying.bury()
    after = take(url, data_dir)
    accounts = {row["id"]: row["person"] for row in after.rows["account"]}
    texts = {row["id"]: row["text"] for row in after.rows["suggestion"]}
    truth = {
        one.person: next(number for number, text in texts.items() if one.secret in text) for one in writers
    }
    wholes = [data for loot in (before, backup) for data in (*loot.files.values(), repr(loot.rows).encode())]
    marked = [data for data in wholes if any(look in data for look in traces(_MARK))]
    seen = [
        one.secret for one in writers if any(look in data for data in marked for look in traces(one.secret))
    ]
    return Booty(0, before, before, backup, after, log(), accounts), truth, seen


async def test_nobody_who_wrote_is_found_out(database_url: str, tmp_path: Path, log: Log):
    async with world("web+telegram-webhook", database_url, tmp_path) as county:
        booty, truth, seen = await raided(county, database_url, tmp_path, log)
        assert len(set(truth.values())) == WRITERS
        assert seen == []
        assert not [text for text in _texts(booty.after) if text in booty.log]
        results = compare(by_person(booty), by_suggestion(booty.after), truth)
        assert len(results) > 300
        assert [result for result in results if beats_chance(result)] == []
        _nothing_is_left(booty.after)


def _texts(loot: Loot) -> list[str]:
    return [row["text"] for row in loot.rows["suggestion"]]


def _nothing_is_left(after: Loot) -> None:
    assert after.rows["ballot"] == []
    assert [row for row in after.rows["outbox"] if row["private"]] == []
    assert {row["text"] for row in after.rows["web_message"] if row["private"]} == {""}
    assert {row["person"] for row in after.rows["suggestion"]} == {None}
    assert {row["area"] for row in after.rows["suggestion"]} == {None}


async def test_the_attacks_find_letters_that_were_not_mixed(
    sqlite_url: str, tmp_path: Path, log: Log, monkeypatch
):
    arrived: list[Any] = []
    put = boxes.put

    def noted(tx: Any, box: str, said: Any, room: int) -> None:
        arrived.append(said)
        put(tx, box, said, room)

    monkeypatch.setattr(boxes, "put", noted)
    monkeypatch.setattr(boxes, "mixed", lambda _tx, _box: list(arrived))
    monkeypatch.setattr(boxes, "mix", lambda _found: None)
    async with world("web+telegram-webhook", sqlite_url, tmp_path) as county:
        booty, truth, _ = await raided(county, sqlite_url, tmp_path, log, ENOUGH_FOR_A_LEAK)
        results = compare(by_person(booty), by_suggestion(booty.after), truth)
        assert any(beats_chance(result) for result in results)
