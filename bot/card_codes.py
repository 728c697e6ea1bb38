"""The WeChat code of each card: asked for once, kept, and printed from then on."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.accounts import wechat_account
from bot.channels.http import CallError, UnreachableError
from bot.channels.tencent.api import Api, RefusedError
from bot.channels.tencent.codes import words
from bot.channels.wechat.scenes import MOST, permanent_code
from bot.clock import system_clock
from bot.settings import Settings
from storage.database import Database
from storage.directory import scenes

WARN_FROM = 90_000
GAP = 0.1
"""Seconds between two calls: a county's villages take half a minute, and nobody is in a hurry."""
_WHY = {
    45009: "今天向微信要码的次数用完了，请明天再运行一次",
    45011: "向微信要码太快了，请过一分钟再运行一次",
    48001: "服务号认证以后才能要码",
    45029: f"这个服务号的 {MOST} 个永久码都用完了",
}


class CodesError(Exception):
    """There are not codes for all cards; its words are for whoever prints them. What was fetched is kept."""


@dataclass(frozen=True, slots=True)
class CardCodes:
    """The codes that one service account gives."""

    appid: str
    api: Api
    database: Database
    now: datetime
    console: Console

    async def of(self, tokens: Sequence[str]) -> dict[str, str]:
        """By card token: the address in its code. Raises CodesError."""
        serials = {token[:8]: token for token in tokens}
        known = await self.database.read(lambda tx: scenes.found(tx, self.appid, list(serials)))
        missing = [token for serial, token in serials.items() if serial not in known]
        if missing:
            await self._check_room(len(missing))
            known |= await self._fetch(missing)
        return {token: known[serial] for serial, token in serials.items()}

    async def _check_room(self, wanted: int) -> None:
        taken = await self.database.read(lambda tx: scenes.count(tx, self.appid))
        if taken + wanted > MOST:
            raise CodesError(
                f"微信的永久码一共 {MOST} 个，已经用了 {taken} 个，这次还要 {wanted} 个，不够了。"
                "停用的卡也占着码，收不回来。"
            )
        if taken + wanted >= WARN_FROM:
            self.console.print(
                f"! 微信的永久码用到第 {taken + wanted} 个了，一共只有 {MOST} 个，停用的卡也算。",
                style="yellow",
            )

    async def _fetch(self, tokens: Sequence[str]) -> dict[str, str]:
        fetched: dict[str, str] = {}
        with _progress(self.console) as progress:
            for token in progress.track(tokens, description="向微信要码"):
                try:
                    fetched[token[:8]] = await self._fetch_one(token)
                except CallError as fault:
                    left = len(tokens) - len(fetched)
                    told = f"取到 {len(fetched)} 个，还差 {left} 个；取到的都存着，下次接着取。"
                    raise CodesError(f"{_why(fault)}。{told}") from None
                await asyncio.sleep(GAP)
        return fetched

    async def _fetch_one(self, token: str) -> str:
        url = await permanent_code(self.api, token)
        await self.database.run(
            partial(scenes.keep, appid=self.appid, serial=token[:8], url=url, now=self.now)
        )
        return url


@asynccontextmanager
async def card_codes(
    settings: Settings, database: Database, console: Console
) -> AsyncIterator[CardCodes | None]:
    """Those of the settings' service account; None where it is off. Raises SettingsError."""
    if settings.wechat.mode == "off":
        yield None
        return
    async with wechat_account(settings, database, system_clock) as account:
        yield CardCodes(settings.wechat.appid, account.api, database, system_clock(), console)


def _why(fault: CallError) -> str:
    if isinstance(fault, RefusedError):
        return _WHY.get(fault.code, f"微信没有给码（{words(fault.code)}）")
    return "连不上微信" if isinstance(fault, UnreachableError) else "微信没有回答"


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
