"""A stand-in Bot API that accepts everything at once and says which chat was written to; WeChat's API is beside it."""

import asyncio
import itertools
import re
from typing import Self

from aiohttp import web

TOKEN = "123456:stand-in-token-AAAAAAAAAAAAAAAAAAAAA"
_CHAT = re.compile(rb'chat_id(?:=|":\s*"?)(\d+)')
_WECHAT = '{"errcode":0,"errmsg":"ok","msgid":1,"access_token":"bench","expires_in":7200}'
"""Enough for each of WeChat's calls that a turn leads to."""
_SENT = (
    '{"ok":true,"result":{"message_id":%d,"date":1700000000,"text":"x","chat":{"id":%s,"type":"private"}}}'
)


class BotApi:
    """`async with BotApi() as api:`; `api.base` is its address."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._expected: dict[bytes, asyncio.Future[None]] = {}
        self.sent = 0

    def expect(self, chat: int) -> "asyncio.Future[None]":
        """Done when the next message to this chat arrives."""
        future = self._expected[b"%d" % chat] = asyncio.get_running_loop().create_future()
        return future

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._serve, access_log=None), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _serve(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        if request.path.startswith("/cgi-bin/"):
            return web.Response(text=_WECHAT, content_type="application/json")
        if not request.path.endswith("/sendMessage"):
            return web.Response(text='{"ok":true,"result":true}', content_type="application/json")
        found = _CHAT.search(body)
        chat = found[1] if found else b"0"
        waiting = self._expected.pop(chat, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
        self.sent += 1
        return web.Response(
            text=_SENT % (next(self._numbers), chat.decode()), content_type="application/json"
        )
