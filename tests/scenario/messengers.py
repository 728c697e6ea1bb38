"""The messengers of the stories: a stand-in server each, the settings that lead to it, and people who use it."""

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp

from bot.service import Service
from tests.scenario.people import OnTelegram, OnWeb, OnWeChat, OnWeCom, Someone
from tests.standins.telegram import TelegramServer
from tests.standins.wechat import WeChatServer
from tests.standins.wecom import WeComServer

Clock = Callable[[], datetime]

CHANNELS = ("web", "telegram-webhook", "telegram-polling", "wechat-plain", "wechat-safe", "wecom")


@dataclass
class Messenger:
    """One messenger of a story."""

    settings: dict[str, Any]
    connect: Callable[[Service, aiohttp.ClientSession], Callable[[str], Someone]]
    """Given the running service: who makes people on this messenger."""
    server: Any = None


@dataclass
class Messengers:
    """Those of one story, by name without their mode."""

    by_name: dict[str, Messenger] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Any]:
        return {name: one.settings for name, one in self.by_name.items() if one.settings}


@asynccontextmanager
async def messengers(channels: str, clock: Clock) -> AsyncIterator[Messengers]:
    """`channels`: names of CHANNELS joined by +."""
    made = Messengers()
    async with AsyncExitStack() as stack:
        for channel in channels.split("+"):
            name, _, mode = channel.partition("-")
            made.by_name[name] = await stack.enter_async_context(_MAKERS[name](mode, clock))
        yield made


@asynccontextmanager
async def _web(_mode: str, _clock: Clock) -> AsyncIterator[Messenger]:
    def connect(service: Service, http: aiohttp.ClientSession) -> Callable[[str], Someone]:
        return lambda name: OnWeb(name, http, f"http://127.0.0.1:{service.port}")

    yield Messenger({}, connect)


@asynccontextmanager
async def _telegram(mode: str, _clock: Clock) -> AsyncIterator[Messenger]:
    async with TelegramServer(limits=None) as server:
        users = itertools.count(5001)

        def connect(service: Service, _http: aiohttp.ClientSession) -> Callable[[str], Someone]:
            if mode == "webhook":
                server.webhook = {
                    "url": f"http://127.0.0.1:{service.port}/telegram/webhook",
                    "secret_token": "scenario_secret",
                }
            return lambda name: OnTelegram(name, server, server.user(next(users)))

        settings = {
            "mode": mode,
            "token": server.token,
            "api_base": server.address,
            "webhook_secret": "scenario_secret",
            "messages_per_second": 0,
            "messages_per_chat_second": 0,
        }
        yield Messenger(settings, connect, server)


@asynccontextmanager
async def _wechat(mode: str, clock: Clock) -> AsyncIterator[Messenger]:
    """Sealed messages and menus to tap, or plain ones and numbered lines."""
    safe = mode == "safe"
    async with WeChatServer(clock, mode="safe" if safe else "plain") as server:
        numbers = itertools.count(1)

        def connect(service: Service, _http: aiohttp.ClientSession) -> Callable[[str], Someone]:
            server.callback = f"http://127.0.0.1:{service.port}/wechat/callback"
            return lambda name: OnWeChat(name, server.follower(f"openid-{next(numbers):04}"))

        settings = {
            "mode": "safe" if safe else "plain",
            "appid": server.appid,
            "secret": server.secret,
            "token": server.token,
            "aes_key": server.aes_key,
            "api_base": server.address,
            "msgmenu": safe,
        }
        yield Messenger(settings, connect, server)


@asynccontextmanager
async def _wecom(_mode: str, clock: Clock) -> AsyncIterator[Messenger]:
    async with WeComServer(clock) as server:
        numbers = itertools.count(1)

        def connect(service: Service, _http: aiohttp.ClientSession) -> Callable[[str], Someone]:
            server.callback = f"http://127.0.0.1:{service.port}/wecom/callback"
            return lambda name: OnWeCom(name, server.member(f"member{next(numbers)}"))

        settings = {
            "enabled": True,
            "corpid": server.corpid,
            "agentid": server.agentid,
            "secret": server.secret,
            "token": server.token,
            "aes_key": server.aes_key,
            "api_base": server.address,
        }
        yield Messenger(settings, connect, server)


_MAKERS = {"web": _web, "telegram": _telegram, "wechat": _wechat, "wecom": _wecom}
