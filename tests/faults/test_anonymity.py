"""A whole anonymous survey over real turns on two messengers; then an attacker takes everything and finds out nothing.

The planted leaks show that the attacks find what there is to be found.
"""

import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain.flow import Ask, Done
from domain.talk import Choice, Reply
from handlers import reception
from handlers.engine import Talk
from services.surveys import ballots
from storage import ballots as boxes
from storage import private, schema
from storage.keys import Key
from tests.databases import second_look
from tests.faults.anonymity.attacks import Booty, beats_chance, by_answer, by_person, compare
from tests.faults.anonymity.loot import Loot, take, traces
from tests.scenario.people import Someone
from tests.scenario.world import COUNTY, World, world

PEOPLE = 48
SURVEY = 1
_WATER = (Choice("plenty", "够用"), Choice("short", "不够"), Choice("none", "没水"))
_ROAD = (Choice("good", "好走"), Choice("bad", "不好走"))
_FORM = {"questions": [{"kind": "select_one"}, {"kind": "select_one"}, {"kind": "text"}]}
_SYLLABLES = "渠路井灯桥田水电树房"


class Slip:
    """Three questions, the last in free words, or two: who has water is not asked about the road."""

    @staticmethod
    def ask(draft: dict[str, Any]) -> Ask | Done:
        if "water" not in draft:
            return Ask("water", "水够用吗？", _WATER)
        if "road" not in draft and draft["water"] != "plenty":
            return Ask("road", "路好走吗？", _ROAD)
        return Done() if "why" in draft else Ask("why", "还想说什么？", read=lambda answer: answer.text)


def _is_filled_in(scene: Any, draft: dict[str, Any]) -> list[Reply]:
    answers = {key: draft[key] for key in ("water", "road", "why") if key in draft}
    ballots.cast(scene.desk, SURVEY, scene.person, answers, scene.account.channel)
    return [Reply(f"收到了：{answers['why']}。谢谢您！")]


@pytest.fixture(autouse=True)
def slips(monkeypatch: pytest.MonkeyPatch) -> None:
    """“填表” begins the survey, in whatever words it is asked."""
    talk = Talk(lambda _: Slip(), _is_filled_in, private=lambda _draft: ballots.box_of(SURVEY))
    monkeypatch.setitem(reception.ENGINE._talks, "slip", talk)
    ordinary = reception._at_rest

    def at_rest(scene: Any) -> list[Reply]:
        return reception.ENGINE.begin(scene, "slip") if scene.text == "填表" else ordinary(scene)

    monkeypatch.setattr(reception, "_at_rest", at_rest)


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
        def deed(desk: Any) -> None:
            values = {
                "id": SURVEY,
                "name": "q4",
                "title": "用水",
                "form": _FORM,
                "sheet": b"",
                "anonymous": True,
            }
            values |= {"state": "open", "area": COUNTY, "created_at": desk.now, "opened_at": desk.now}
            desk.tx.execute(sa.insert(schema.survey), values)
            ballots.open_box(desk, SURVEY)

        await self.county.service.run(deed)

    async def gathers(self, count: int) -> None:
        for number in range(count):
            her = await self.county.villager(f"v{number}", on=("web", "telegram")[number % 2])
            person = second_look(self.url, "SELECT max(person) FROM account")[0][0]
            # Distinct, of any length, and of characters that stand in no other place.
            secret = f"独{''.join(self.chance.choices(_SYLLABLES, k=6))}{number:03}事"
            why = secret * self.chance.randint(1, 60)
            water, road = self.chance.randint(1, 3), self.chance.randint(1, 2)
            says = [("填表", "水够用"), (str(water), "路好走"), (str(road), "还想说"), (why, "收到了")]
            if water == 1:
                says[1:3] = [(str(water), "还想说")]
            self.people.append(Villager(her, person, says, secret))

    async def is_answered_by(self, count: int) -> None:
        """Talks go on at the same time, and end in any order."""
        for one in self.chance.sample([one for one in self.people if not one.said], count):
            one.said = -1
        while begun := [one for one in self.people if one.said not in (0, len(one.says))]:
            one = self.chance.choice(begun)
            one.said = max(one.said, 0)
            words, answer = one.says[one.said]
            await one.on.says(words)
            await one.on.sees(answer)
            one.said += 1

    async def closes(self) -> None:
        def close(desk: Any) -> None:
            values = {"state": "closed", "closed_at": desk.now}
            desk.tx.execute(sa.update(schema.survey).values(values))

        await self.county.service.run(close)
        await self.county.service.run(lambda desk: ballots.release(desk, SURVEY))
        await self.county.service.burying.bury()

    def taken(self, *, backup: bool = False) -> Loot:
        return take(self.url, self.data_dir, backup=backup)


async def _answered(survey: Survey, log: Callable[[], str]) -> tuple[Booty, dict[int, int]]:
    """All of it, and the truth: the number of each person's answer."""
    await survey.opens()
    await survey.gathers(PEOPLE)
    await survey.is_answered_by(PEOPLE // 2)
    midway = survey.taken()
    await survey.is_answered_by(PEOPLE - PEOPLE // 2)
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


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    caplog.set_level(logging.DEBUG)
    return lambda: "\n".join(caplog.handler.format(record) for record in caplog.records)


def _secrets_in(loot: Loot, people: list[Villager]) -> list[str]:
    text = repr(loot.rows).encode()
    wholes = [*loot.files.items(), ("rows", text)]
    return [
        f"{one.secret} in {name}"
        for one in people
        for name, data in wholes
        if any(look in data for look in traces(one.secret))
    ]


async def test_nobody_is_found_out(database_url: str, tmp_path: Path, log):
    async with surveyed(database_url, tmp_path) as survey:
        booty, truth = await _answered(survey, log)
        people = survey.people
        assert len(set(truth.values())) == PEOPLE
        for loot in (booty.midway, booty.before_closing, booty.backup):
            assert _secrets_in(loot, people) == []
        assert [one.secret for one in people if one.secret in booty.log] == []
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
    monkeypatch.setattr(private, "seal", lambda _tx, _private, what: repr(what))
    monkeypatch.setattr(
        private, "unseal", lambda _tx, _private, sealed: private.json.loads("null") or eval(sealed)
    )
    monkeypatch.setattr("storage.turns.seal", private.seal)
    monkeypatch.setattr("storage.turns.unseal", private.unseal)
    async with surveyed(sqlite_url, tmp_path) as survey:
        booty, _ = await _answered(survey, log)
        for loot in (booty.midway, booty.before_closing, booty.backup):
            assert _secrets_in(loot, survey.people)


async def _found(url: str, data_dir: Path, log: Callable[[], str]) -> list[str]:
    async with surveyed(url, data_dir) as survey:
        booty, truth = await _answered(survey, log)
        results = compare(by_person(booty), by_answer(booty), truth)
        return [result.attack for result in results if beats_chance(result)]
