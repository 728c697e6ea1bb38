"""A service in a process of its own, pelted with callbacks that nobody should send, and asked whether it is well."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import aiohttp

from tests.databases import new_sqlite
from tests.faults.callbacks import Account, mutated
from tests.faults.process import Serving, settled
from tests.standins.tencent.callback import CallbackServer
from tests.standins.wechat import WeChatServer
from tests.standins.wecom import WeComServer

AT_ONCE = 32
ANSWERED_WITHIN = 20
"""Seconds after which a call is taken for one that hangs."""
EXPECTED = {200, 400, 403, 413}
"""400: an address of more than 8 KB."""


@dataclass(frozen=True)
class Pelted:
    """The service, and those in whose name it is called."""

    serving: Serving
    platforms: list[CallbackServer]

    async def pelt(self, rng: random.Random, count: int) -> Counter[int]:
        """So many mutated callbacks, in turns for each platform; how often each status came.

        Raises AssertionError for one that no callback may lead to, TimeoutError for none.
        """
        statuses: Counter[int] = Counter()
        left = iter(range(count))
        accounts = [_agreed(platform) for platform in self.platforms]

        async def worker(http: aiohttp.ClientSession) -> None:
            for number in left:
                which = number % len(accounts)
                query, body = mutated(rng, accounts[which], int(time.time()))
                async with http.post(self.platforms[which].callback, params=query, data=body) as response:
                    await response.read()
                    assert response.status in EXPECTED, f"{response.status} to {query} {body!r}"[:2000]
                    statuses[response.status] += 1

        patience = aiohttp.ClientTimeout(total=ANSWERED_WITHIN)
        async with aiohttp.ClientSession(timeout=patience) as http, asyncio.TaskGroup() as workers:
            for _ in range(AT_ONCE):
                workers.create_task(worker(http))
        return statuses

    async def check(self) -> None:
        """Everybody is still answered, by the response, and the log holds no stack trace."""
        for number, platform in enumerate(self.platforms):
            name = f"well{number}"
            on_wecom = isinstance(platform, WeComServer)
            person = platform.member(name) if on_wecom else platform.follower(name, following=True)
            await person.says("你好")
            assert [shown.via for shown in person.messages] == ["passive"], platform.complaints
        before, traced, after = self.serving.log().partition("Traceback")
        assert not traced, before[-300:] + traced + after[:3000]


@asynccontextmanager
async def pelted(folder: Path, mode: Literal["plain", "safe"], template: str) -> AsyncIterator[Pelted]:
    """A small county's service with WeChat in this mode; in safe mode WeCom is beside it.

    template: the URL of an SQLite file that is migrated and empty.
    """
    url = new_sqlite(folder, template)
    settled(url, folder)
    async with WeChatServer(mode=mode) as wechat, WeComServer() as wecom:
        messengers = {"wechat": _settings(wechat) | {"mode": mode, "appid": wechat.appid}}
        if mode == "safe":
            more = {"enabled": True, "corpid": wecom.corpid, "agentid": wecom.agentid}
            messengers["wecom"] = _settings(wecom) | more
        serving = Serving(url, folder, None, **messengers)
        wechat.callback, wecom.callback = (
            f"{serving.address}/{name}/callback" for name in ("wechat", "wecom")
        )
        await serving.start()
        try:
            yield Pelted(serving, [wechat, wecom][: len(messengers)])
        finally:
            serving.kill()


def _settings(platform: CallbackServer) -> dict[str, object]:
    return {
        "secret": platform.secret,
        "token": platform.token,
        "aes_key": platform.aes_key,
        "api_base": platform.address,
    }


def _agreed(platform: CallbackServer) -> Account:
    return Account(platform.token, platform.aes_key, platform.receive_id, platform.account, platform.sealed)
