"""kill -9 while villagers talk on WeChat: no request lost or doubled, no answer lost, none said twice without a doubt."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.databases import new_postgres, new_sqlite, second_look
from tests.faults.accounts import all_settled, being_sent, check_tickets, in_doubt
from tests.faults.crowd import Crowd, Patient
from tests.faults.process import LEASE, Serving, settled
from tests.scenario.people import OnWeChat
from tests.scenario.world import VILLAGE
from tests.standins.tencent.api import Result
from tests.standins.tencent.faults import Fault
from tests.standins.wechat import WeChatServer

CONVERSATIONS = 60
KILLS = 2
_CHOICE = re.compile(r"(\n\d .*)+$")


class SlowWeChat(WeChatServer):
    """Shows a message at once and says so a little later; `callback` may lead elsewhere at every delivery."""

    async def _answer(self, request: web.Request, fault: Fault) -> Result:
        result = await super()._answer(request, fault)
        await asyncio.sleep(0.02)
        return result


class PatientOnWeChat(Patient, OnWeChat):
    """It is WeChat that delivers again until somebody answers."""


class WeChatCrowd(Crowd):
    """Villagers on WeChat, cadres on the web."""

    def __init__(self, wechat: WeChatServer, http: aiohttp.ClientSession, addresses: list[str]) -> None:
        super().__init__(None, http, addresses)  # type: ignore[arg-type]
        self.wechat = wechat

    def someone(self, name: str, *, web: bool) -> Patient:
        if web:
            return super().someone(name, web=True)
        return PatientOnWeChat(name, self.wechat.follower(f"openid-{name}"))


@pytest.fixture
def endless_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    """WeChat repeats itself for 15 s, in which a process is back; here as often as it takes."""
    monkeypatch.setattr("tests.standins.tencent.callback.DELIVERIES", 10_000)


@asynccontextmanager
async def served(url: str, folder: Path, processes: int) -> AsyncIterator[tuple[WeChatCrowd, list[Serving]]]:
    async with SlowWeChat() as wechat, aiohttp.ClientSession() as http:
        wechat.retry_pause = 0.05
        section = {
            "mode": "safe",
            "appid": wechat.appid,
            "secret": wechat.secret,
            "token": wechat.token,
            "aes_key": wechat.aes_key,
            "api_base": wechat.address,
            "msgmenu": True,
        }
        serving = [Serving(url, folder, None, wechat=section) for _ in range(processes)]
        try:
            await asyncio.gather(*(one.start() for one in serving))
            leads_to(wechat, serving[0])
            yield WeChatCrowd(wechat, http, [one.address for one in serving]), serving
            await all_settled(url)
        finally:
            for one in serving:
                one.kill()
    logged = "".join(one.log() for one in serving)
    assert "Traceback" not in logged, logged[-3000:]
    assert [secret for secret in ("路灯坏了", "openid-", wechat.aes_key) if secret in logged] == []


def leads_to(wechat: WeChatServer, serving: Serving) -> None:
    wechat.callback = f"{serving.address}/wechat/callback"


async def everybody_talks(crowd: WeChatCrowd, card: str, trouble: Awaitable[None]) -> None:
    """Five villagers and their cadre, until the trouble is over."""
    in_trouble = asyncio.ensure_future(trouble)

    def go_on() -> bool:
        return not in_trouble.done() or len(crowd.filed) < CONVERSATIONS

    async with asyncio.TaskGroup() as talk:
        for number in range(5):
            talk.create_task(crowd.villager(f"村民{number}", card, go_on, web=False))
        talk.create_task(crowd.cadre("cadre", go_on, web=True))
    await in_trouble


def check_answers(url: str, crowd: WeChatCrowd) -> None:
    """Whatever was acknowledged is done, and answered: on her screen, or at least in the outbox with its reason."""
    taken = {update for (update,) in second_look(url, "SELECT update_id FROM inbox WHERE channel = 'wechat'")}
    answered = {one for (one,) in second_look(url, "SELECT DISTINCT answers FROM outbox")}
    acknowledged = {
        str(one.fields["MsgId"])
        for one in crowd.wechat.deliveries
        if one.status == 200 and "MsgId" in one.fields
    }
    assert acknowledged <= taken
    assert {f"wechat:{number}" for number in acknowledged} <= answered
    states = Counter(state for (state,) in second_look(url, "SELECT state FROM outbox"))
    assert set(states) <= {"sent", "held", "uncertain"}, states
    check_arrivals(url, crowd)


def check_arrivals(url: str, crowd: WeChatCrowd) -> None:
    rows = second_look(
        url,
        "SELECT a.address, o.text, o.doubts, o.state FROM outbox o JOIN account a ON a.id = o.account"
        " WHERE o.channel = 'wechat'",
    )
    owed = Counter((address, text) for address, text, _, state in rows if state == "sent")
    doubted = Counter((address, text) for address, text, doubts, _ in rows for _ in range(doubts))
    arrived = Counter(
        (address, _CHOICE.sub("", part))
        for address in {row[0] for row in rows}
        for shown in crowd.wechat.follower(address).texts
        for part in shown.split("\n\n")
    )
    assert not owed - arrived, f"never came: {owed - arrived}"
    assert not arrived - owed - doubted, f"came twice, or unasked: {arrived - owed - doubted}"


def report(url: str, crowd: WeChatCrowd, flying: int) -> None:
    repeated = sum(one.status != 200 for one in crowd.wechat.deliveries)
    print(
        f"{len(crowd.filed)} requests; deliveries that had to be repeated: {repeated};"
        f" in flight at the kills: {flying}; ever in doubt: {in_doubt(url)}"
    )
    for row in second_look(url, "SELECT state, via, reason FROM outbox WHERE doubts > 0"):
        print("in doubt:", *row)


async def suffer(
    url: str, folder: Path, processes: int, trouble: Callable[[list[Serving], WeChatCrowd], Awaitable[int]]
) -> tuple[WeChatCrowd, int]:
    card = settled(url, folder)[VILLAGE]
    flying = 0

    async def counted(serving: list[Serving], crowd: WeChatCrowd) -> None:
        nonlocal flying
        flying = await trouble(serving, crowd)

    async with served(url, folder, processes) as (crowd, serving):
        await everybody_talks(crowd, card, counted(serving, crowd))
    return crowd, flying


@pytest.mark.usefixtures("endless_repeats")
async def test_killed_twice_on_sqlite(tmp_path: Path, sqlite_template: str, moments: random.Random) -> None:
    url = new_sqlite(tmp_path, sqlite_template)

    async def kill_and_restart(serving: list[Serving], crowd: WeChatCrowd) -> int:
        flying = 0
        for _ in range(KILLS):
            await crowd.files_more(moments.randrange(10, 25))
            await asyncio.sleep(moments.uniform(0, 0.1))
            serving[0].kill()
            flying += being_sent(url)
            await serving[0].start()
        return flying

    crowd, flying = await suffer(url, tmp_path, 1, kill_and_restart)
    report(url, crowd, flying)
    check_tickets(url, crowd)
    check_answers(url, crowd)
    assert in_doubt(url) <= flying <= KILLS * 20


@pytest.mark.usefixtures("endless_repeats")
async def test_one_of_two_killed_on_postgresql(
    tmp_path: Path, postgres_url: str, postgres_template: str, moments: random.Random
) -> None:
    with new_postgres(postgres_url, postgres_template) as url:

        async def kill_one(serving: list[Serving], crowd: WeChatCrowd) -> int:
            await crowd.files_more(moments.randrange(5, 20))
            dies, lives = serving
            await asyncio.sleep(moments.uniform(0, 0.1))
            dies.kill()
            flying = being_sent(url)
            leads_to(
                crowd.wechat, lives
            )  # what was delivered to the dead one is delivered again, to the other
            await asyncio.sleep(1.5 * LEASE)
            return flying

        crowd, flying = await suffer(url, tmp_path, 2, kill_one)
        report(url, crowd, flying)
        check_tickets(url, crowd)
        check_answers(url, crowd)
        assert in_doubt(url) <= flying <= 40
