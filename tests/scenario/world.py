"""A small county with a running service, a clock that can be moved, and people on one messenger or another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import aiohttp
import sqlalchemy as sa

from bot.service import Service
from bot.settings import parse_settings
from domain.directory import Area, Level, RoleName
from scheduler.jobs import JOBS
from services import directory, housekeeping
from services.desk import Desk
from storage.directory import areas, assignments, cards, people
from storage.schema import outbox
from tests import learned
from tests.recordings import picture, voice
from tests.scenario.brevity import too_long
from tests.scenario.messengers import Messengers, messengers
from tests.scenario.people import WAIT, OnWeb, Someone
from tests.standins.telegram import TelegramServer
from tests.standins.wechat import WeChatServer
from tests.standins.wecom import WeComServer

S = TypeVar("S", bound=Someone)

MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
"""Ten in the morning in China, on an ordinary working day."""
COUNTY, TOWNSHIP, VILLAGE, OTHER = "610528", "610528001", "610528001200", "610528001201"
MEASURED = False
"""Is all that is said measured at the end (tests/scenario/brevity.py)? Where people say nonsense it is not."""
JPEG = picture("image/jpeg")
OGG = voice("audio/ogg")

ROSTER = {
    "cadre": ("张建国", "00000000101", RoleName.CADRE, VILLAGE, "primary"),
    "deputy": ("李小军", "00000000102", RoleName.CADRE, VILLAGE, "deputy"),
    "successor": ("周新民", "00000000103", RoleName.CADRE, OTHER, "primary"),
    "supervisor": ("赵督办", "00000000104", RoleName.SUPERVISOR, TOWNSHIP, ""),
    "staff": ("钱工作", "00000000105", RoleName.STAFF, COUNTY, ""),
}
"""Invented people with numbers that cannot be dialled."""


class Time:
    """A clock that moves when told to, and by a thousandth of a second at each look."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


class World:
    def __init__(
        self, service: Service, http: aiohttp.ClientSession, messengers: Messengers, time: "Time"
    ) -> None:
        self.service = service
        self.time = time
        self.http = http
        self.base = f"http://127.0.0.1:{service.port}"
        self.said: set[str] = set()
        """What people have said."""
        self._messengers = messengers.by_name
        self._people = {name: one.connect(service, http) for name, one in self._messengers.items()}

    @property
    def messengers(self) -> tuple[str, ...]:
        """Those of the story, as it names them."""
        return tuple(self._messengers)

    @property
    def telegram(self) -> TelegramServer:
        return self._messengers["telegram"].server

    @property
    def wechat(self) -> WeChatServer:
        return self._messengers["wechat"].server

    @property
    def wecom(self) -> WeComServer:
        return self._messengers["wecom"].server

    def someone(self, name: str, on: str = "") -> Someone:
        """A person who has never been here, on the story's messenger or on this one of several."""
        return self._settling(self._people[on or next(iter(self._people))](name))

    def someone_on_web(self, name: str) -> OnWeb:
        """A person who has never been here, in the web chat, which is there beside any messenger."""
        return self._settling(OnWeb(name, self.http, self.base))

    def _settling(self, person: S) -> S:
        person.settled, person.said = self.settled, self.said
        return person

    async def settled(self) -> None:
        """Nothing is on its way, and nothing that is due has still to leave."""
        due = sa.and_(outbox.c.state == "queued", outbox.c.due_at <= self.time.now)
        on_its_way = sa.select(sa.func.count()).where(sa.or_(outbox.c.state == "sending", due))
        async with asyncio.timeout(WAIT):
            while await self.service.database.read(  # noqa: ASYNC110
                lambda tx: tx.execute(on_its_way).scalar_one()
            ):
                await asyncio.sleep(0.01)

    async def villager(self, name: str = "villager", area: str = VILLAGE, on: str = "") -> Someone:
        """A villager who has scanned her card and agreed."""
        her = self.someone(name, on)
        await her.opens(await self.card(area))
        await her.sees("不要身份证号")
        await her.says("1")
        await her.sees("网格员是")
        return her

    async def worker(self, name: str, on: str = "") -> Someone:
        """Somebody of the roster, with his account linked by his invitation."""
        him = self.someone(name, on)
        await him.opens()
        await him.sees("不要身份证号")
        await him.says(INVITATIONS[name])
        await him.sees("账号接好了")
        return him

    async def card(self, area: str = VILLAGE) -> str:
        return await self.service.run(lambda desk: directory.issue_card(desk, area))

    async def revoke(self, token: str) -> None:
        await self.service.run(lambda desk: directory.revoke_card(desk, token))

    @staticmethod
    def invitation(name: str) -> str:
        return INVITATIONS[name]

    async def later(self, **time: float) -> None:
        """Time passes, and the clock's jobs run as they would."""
        self.time.now += timedelta(**time)
        for job in JOBS:
            await self.service.clockwork.run_once(job)
        self.service.delivery.wake()


INVITATIONS = {name: f"{name.upper()[:6].translate(str.maketrans('IO', 'JP')):A<6}22" for name in ROSTER}


def settle_county(desk: Desk) -> None:
    """Areas and roster of the scenarios."""
    areas.add(
        desk.tx,
        [
            Area(COUNTY, None, Level.COUNTY, "富平县"),
            Area(TOWNSHIP, COUNTY, Level.TOWNSHIP, "城关街道"),
            Area(VILLAGE, TOWNSHIP, Level.VILLAGE, "窦村村委会"),
            Area(OTHER, TOWNSHIP, Level.VILLAGE, "南韩村委会"),
        ],
    )
    for key, (name, phone, role, area, duty) in ROSTER.items():
        person = people.add(desk.tx, desk.now, name=name, phone=phone)
        people.add_role(desk.tx, person, role, area, desk.now)
        cards.add_invitation(desk.tx, INVITATIONS[key], person, desk.now + timedelta(days=365))
        if duty:
            assignments.assign(desk.tx, area, person, duty, desk.now)


def begin(desk: Desk) -> None:
    """A county in which the clock has done this morning what there was to do: nothing is in the making."""
    settle_county(desk)
    for job in JOBS:
        housekeeping.claim_period(desk, job.name, job.period(desk.now), "before the story")


@asynccontextmanager
async def world(
    channels: str, database_url: str, data_dir: Path, **settings: dict[str, object]
) -> AsyncIterator[World]:
    """A running service on 127.0.0.1. `channels`: see `messengers`. `settings`: sections beside those."""
    time = Time()
    async with messengers(channels, time) as made, aiohttp.ClientSession() as http:
        basic = {"data_dir": str(data_dir), "database": {"url": database_url}, "server": {"port": 0}}
        sections = made.settings
        for name, section in settings.items():
            sections[name] = sections.get(name, {}) | section
        service = Service(parse_settings(basic | sections), time, learned.triage())
        await service.run(begin)
        await service.start()
        story = World(service, http, made, time)
        try:
            yield story
            long = await service.database.read(lambda tx: too_long(tx, story.said)) if MEASURED else []
            assert not long, f"more than a slow reader reads: {long}"
        finally:
            await service.close()
