"""What the channels of WeChat and WeCom have alike."""

from collections.abc import Awaitable
from typing import Protocol

from aiohttp import web

from bot.channels.contract import Exchange, Take
from bot.channels.tencent import files
from bot.channels.tencent.account import Account
from bot.channels.tencent.receiving import Receiving
from domain.delivery import Outcome, Outgoing


class Sending(Protocol):
    """Sends one message as the platform wants it."""

    def send(self, message: Outgoing) -> Awaitable[Outcome]: ...


class TencentChannel:
    """Keeps `bot.channels.contract.Channel`, but for name and traits."""

    def __init__(self, account: Account, receiving: Receiving, callback_path: str, sender: Sending) -> None:
        self.account = account
        self._receiving = receiving
        self._callback_path = callback_path
        self._sender = sender

    async def send(self, message: Outgoing) -> Outcome:
        return await self._sender.send(message)

    async def fetch(self, ref: str) -> tuple[bytes, str]:
        return await files.fetch(self.account.api, ref)

    def add_routes(self, app: web.Application) -> None:
        self._receiving.add_routes(app, self._callback_path)

    async def start(self, take: Take, exchange: Exchange) -> None:  # noqa: ARG002  answers by the response
        self._receiving.start(exchange)

    async def close(self) -> None:
        await self.account.close()
