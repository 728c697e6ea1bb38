"""Villagers and cadres who go on talking while the service dies and comes back under them."""

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import Any, Self

import aiohttp

from tests.scenario.people import OnTelegram, OnWeb, Seen, Someone, ticket_number
from tests.scenario.world import INVITATIONS
from tests.standins.telegram import TelegramServer
from tests.standins.telegram.rules import SENDING

PATIENCE = 40.0


class SlowTelegram(TelegramServer):
    """Shows a message at once and says so a little later, as over a long line; never tires of delivering again."""

    def __init__(self) -> None:
        super().__init__(limits=None)
        self.redeliveries = 10_000

    async def _act(self, method: str, params: dict[str, Any]) -> Any:
        result = await super()._act(method, params)
        if method in SENDING:
            await asyncio.sleep(0.02)
        return result


class Patient(Someone):
    """Waits for as long as a restart takes."""

    async def sees(self, fragment: str, within: float = PATIENCE) -> Seen:
        until = time.monotonic() + within
        while True:
            screen = await self.screen()
            for number, message in enumerate(screen[self.read :], self.read):
                if fragment in message.text:
                    self.read = number + 1
                    return message
            assert time.monotonic() < until, f"{self.name} never saw {fragment!r}"
            await asyncio.sleep(0.05)


class PatientOnTelegram(Patient, OnTelegram):
    """On Telegram it is Telegram that sends an update again until it is taken."""


class PatientOnWeb(Patient, OnWeb):
    """Sends again under the same id until it is acknowledged, as the page does. `addresses`: where it may ask."""

    def __init__(self, name: str, http: aiohttp.ClientSession, addresses: list[str]) -> None:
        super().__init__(name, http, addresses[0])
        self._ways = itertools.cycle(addresses)
        self._cards: list[Seen] = []
        self._last = 0
        self.acknowledged: list[str] = []

    async def opens(self, payload: str = "") -> Self:
        opened = await self._ask("POST", "session", json={"card": payload} if payload else {})
        self._token = opened["token"]
        return self

    async def screen(self) -> list[Seen]:
        for one in (await self._ask("GET", f"messages?after={self._last}"))["messages"]:
            self._last = one["id"]
            if one["from"] == "bot":
                self._cards.append(Seen(one["text"], [(c["label"], c["id"]) for c in one["choices"]]))
        return self._cards

    async def _post(self, **body: Any) -> None:
        await self._ask("POST", "messages", **body)
        self.acknowledged.append(body["json"]["id"])

    async def _ask(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                timeout = aiohttp.ClientTimeout(10)
                async with self._http.request(
                    method, f"{self._base}/chat/api/{path}", headers=self._headers, timeout=timeout, **body
                ) as response:
                    if response.status == 200:
                        return await response.json()
                    assert response.status == 503, await response.text()
            except (aiohttp.ClientError, TimeoutError):
                self._base = next(self._ways)
            await asyncio.sleep(0.05)
        raise AssertionError(f"{self.name} got no answer")


class Crowd:
    """Everybody, and what was acknowledged to them."""

    def __init__(self, telegram: TelegramServer, http: aiohttp.ClientSession, addresses: list[str]) -> None:
        self.telegram, self.http, self.addresses = telegram, http, addresses
        self.filed: list[str] = []
        """Words of every request whose confirmation was acknowledged."""
        self.on_web: list[PatientOnWeb] = []
        self._users = itertools.count(7001)

    async def files_more(self, count: int) -> None:
        """Wait until so many more requests are filed."""
        until = len(self.filed) + count
        async with asyncio.timeout(PATIENCE):
            while len(self.filed) < until:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def someone(self, name: str, *, web: bool) -> Patient:
        if web:
            self.on_web.append(PatientOnWeb(name, self.http, self.addresses))
            return self.on_web[-1]
        return PatientOnTelegram(name, self.telegram, self.telegram.user(next(self._users)))

    async def villager(self, name: str, card: str, go_on: Callable[[], bool], *, web: bool) -> None:
        """Comes in by her card and files one request after another."""
        her = self.someone(name, web=web)
        await her.opens(card)
        await her.sees("不要身份证号")
        await her.says("同意")
        await her.sees("网格员是")
        for number in itertools.count(1):
            words = f"路灯坏了{name}之{number}"
            await her.says(words)
            await her.sees(f"您说：{words}。对吗？")
            await her.says("对")
            self.filed.append(words)
            await her.sees("记下了")
            if not go_on():
                return

    async def cadre(self, name: str, go_on: Callable[[], bool], *, web: bool) -> None:
        """Accepts and answers whatever comes, one after another."""
        him = self.someone(name, web=web)
        await him.opens()
        await him.says("取消")
        await him.says(INVITATIONS[name])
        await him.sees("账号接好了")
        done: set[int] = set()
        while go_on():
            await asyncio.sleep(0.05)
            for card in list(await him.screen()):
                if not any(wire.endswith(":accept") for _, wire in card.buttons):
                    continue
                ticket = ticket_number(card.text)
                if ticket not in done and go_on():
                    done.add(ticket)
                    await self._answers(him, card, ticket)

    async def _answers(self, him: Patient, card: Seen, ticket: int) -> None:
        await him._press(card, f"t:{ticket}:accept")
        accepted = await him.sees(f"{ticket}号您接了")
        await him._press(accepted, f"t:{ticket}:answer")
        await him.sees(f"{ticket}号：办得怎么样")
        await him.says(f"换了灯泡{ticket}")
        await him.sees(f"{ticket}号答复送到了")
