"""A whole anonymous survey over real turns on two messengers; then an attacker takes everything and finds out nothing.

The planted leaks show that the attacks find what there is to be found.
"""

import json
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from domain.surveys.form import Kind
from services.surveys import ballots, opening
from storage import ballots as boxes
from storage.keys import Key
from tests.databases import second_look
from tests.faults.anonymity.attacks import Booty, beats_chance, by_answer, by_person, compare
from tests.faults.anonymity.loot import Loot, take, traces
from tests.scenario.people import Someone
from tests.scenario.world import COUNTY, World, world
from tests.surveys import form, open_survey, options, question

PEOPLE = 48
"""As many as the attacks' bounds are meant for."""
ENOUGH_FOR_A_LEAK = 32
"""Of whom all are matched rightly by a trace that is not mixed, where by chance it is one: `CHANCE_RIGHT` are 12, and
two orders that agree wholly come to √31, or 5.6, where `CHANCE_AGREEMENT` is 5.2."""
SURVEY = 1
FORM = form(
    "用水问卷",
    question("water", Kind.ONE, "水够用吗？", options=options("够用", "不够", "没水"), required="true()"),
    question(
        "road", Kind.ONE, "路好走吗？", options=options("好走", "不好走"), relevant=("/data/water != 'o1'",)
    ),
    question("why", Kind.TEXT, "还想说什么？"),
)
"""Who has water is asked one question less."""
_MARK = "独家话"
"""Begins the free words of everybody, and stands nowhere else."""
_SYLLABLES = "渠路井灯桥田水电树房"


@dataclass
class Villager:
    """Somebody with an opinion."""

    on: Someone
    person: int
    says: list[tuple[str, str]]
    """What she says, and what she then sees."""
    secret: str
    said: int = 0


class Survey:
    """An anonymous survey in a county, and the people who answer it in an order that chance makes."""

    def __init__(self, county: World, url: str, data_dir: Path) -> None:
        self.county, self.url, self.data_dir = county, url, data_dir
        self.chance = random.Random()
        self.people: list[Villager] = []

    async def opens(self) -> None:
        opened = await self.county.service.run(lambda desk: open_survey(desk, FORM, COUNTY, anonymous=True))
        assert opened == SURVEY

    async def gathers(self, count: int) -> None:
        for number in range(count):
            her = await self.county.villager(f"v{number}", on=("web", "telegram")[number % 2])
            person = second_look(self.url, "SELECT max(person) FROM account")[0][0]
            secret = f"{_MARK}{''.join(self.chance.choices(_SYLLABLES, k=6))}{number:03}事"
            why = secret * self.chance.randint(1, 60)
            water, road = self.chance.randint(1, 3), self.chance.randint(1, 2)
            says = [("问卷", "等会儿"), ("1", "水够用"), (str(water), "还想说")]
            if water > 1:
                says[2:] = [(str(water), "路好走"), (str(road), "还想说")]
            says += [(why, "题都答了"), ("1", "交上了")]
            self.people.append(Villager(her, person, says, secret))

    async def goes_on(self, *, until_left: int) -> None:
        """Talks go on at the same time and end in any order. until_left: what each has still to say then."""
        while unfinished := [one for one in self.people if len(one.says) - one.said > until_left]:
            one = self.chance.choice(unfinished)
            words, answer = one.says[one.said]
            await one.on.says(words)
            await one.on.sees(answer)
            one.said += 1

    async def closes(self) -> None:
        await self.county.service.run(lambda desk: opening.close_survey(desk, SURVEY))
        await self.county.service.releasing.release()
        await self.county.service.burying.bury()

    def taken(self, *, backup: bool = False) -> Loot:
        return take(self.url, self.data_dir, backup=backup)


async def _answered(
    survey: Survey, log: Callable[[], str], people: int = PEOPLE
) -> tuple[Booty, dict[int, int]]:
    """All of it, and the truth: the number of each person's answer."""
    await survey.opens()
    await survey.gathers(people)
    await survey.goes_on(until_left=1)
    midway = survey.taken()
    await survey.goes_on(until_left=0)
    before, backup = survey.taken(), survey.taken(backup=True)
    await survey.closes()
    after = survey.taken()
    accounts = {row["id"]: row["person"] for row in after.rows["account"]}
    booty = Booty(SURVEY, midway, before, backup, after, log(), accounts)
    numbers = {str(row["answers"]): row["number"] for row in booty.answers}
    truth = {
        one.person: next(
            n for text, n in numbers.items() if one.secret in text or _escaped(one.secret) in text
        )
        for one in survey.people
    }
    return booty, truth


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode()


@asynccontextmanager
async def surveyed(url: str, data_dir: Path) -> AsyncIterator[Survey]:
    async with world("web+telegram-webhook", url, data_dir) as county:
        yield Survey(county, url, data_dir)


@pytest.fixture(autouse=True)
def in_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Released bit by bit, as thousands are: each transaction leaves traces of its own."""
    monkeypatch.setattr(ballots, "AT_ONCE", 7)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    caplog.set_level(logging.DEBUG)
    return lambda: "\n".join(caplog.handler.format(record) for record in caplog.records)


def _read_in(loot: Loot) -> list[str]:
    """Where words of an answer can be read."""
    values = [str(value) for rows in loot.rows.values() for row in rows for value in row.values()]
    wholes = {"rows": "\n".join(values).encode(), **loot.files}
    return [name for name, data in wholes.items() if any(look in data for look in traces(_MARK))]


async def test_nobody_is_found_out(database_url: str, tmp_path: Path, log):
    async with surveyed(database_url, tmp_path) as survey:
        booty, truth = await _answered(survey, log)
        assert len(set(truth.values())) == PEOPLE
        for loot in (booty.midway, booty.before_closing, booty.backup):
            assert _read_in(loot) == []
        assert _MARK not in booty.log
        assert len(_read_in(booty.after)) > 1  # and then it is found, by SQL and in a file
        results = compare(by_person(booty), by_answer(booty), truth)
        assert len(results) > 500
        assert [result for result in results if beats_chance(result)] == []
        _nothing_is_left(booty, tmp_path)


def _nothing_is_left(booty: Booty, data_dir: Path) -> None:
    assert list((data_dir / "keys").iterdir()) == []
    for table in ("ballot", "ballot_mark", "survey_draft"):
        assert booty.after.rows[table] == []
    assert [row for row in booty.after.rows["outbox"] if row["private"]] == []
    left = [row for row in booty.after.rows["web_message"] if row["private"]]
    assert len(left) == len({row["address"] for row in left})
    assert {row["text"] for row in left} == {""}
    assert {row["person"] for row in booty.answers} == {None}


async def test_the_attacks_find_ballots_that_were_not_mixed(
    tmp_path: Path, sqlite_url: str, log, monkeypatch
):
    arrived: list[Any] = []
    put = boxes.put

    def noted(tx: Any, box: str, said: Any, room: int) -> None:
        arrived.append(said)
        put(tx, box, said, room)

    monkeypatch.setattr(boxes, "put", noted)
    monkeypatch.setattr(boxes, "mixed", lambda _tx, _box: list(arrived))
    found = await _found(sqlite_url, tmp_path, log)
    assert any("number" in attack for attack in found)


async def test_the_attacks_find_ballots_that_were_not_filled_up(
    tmp_path: Path, sqlite_url: str, log, monkeypatch
):
    seal = Key.seal
    monkeypatch.setattr(Key, "seal", lambda self, plain, _room=1: seal(self, plain, 1))
    found = await _found(sqlite_url, tmp_path, log)
    assert any("against text" in attack for attack in found)


async def test_the_attacks_find_words_that_were_not_sealed(tmp_path: Path, sqlite_url: str, log, monkeypatch):
    for place in ("storage.private", "storage.turns"):
        monkeypatch.setattr(f"{place}.seal", lambda _tx, _private, what: json.dumps(what, ensure_ascii=False))
        monkeypatch.setattr(f"{place}.unseal", lambda _tx, _private, sealed: json.loads(sealed or "null"))
    async with surveyed(sqlite_url, tmp_path) as survey:
        booty, _ = await _answered(survey, log, people=4)
        assert _read_in(booty.midway)


async def _found(url: str, data_dir: Path, log: Callable[[], str]) -> list[str]:
    async with surveyed(url, data_dir) as survey:
        booty, truth = await _answered(survey, log, ENOUGH_FOR_A_LEAK)
        results = compare(by_person(booty), by_answer(booty), truth)
        return [result.attack for result in results if beats_chance(result)]
