"""A tiny service behind the accounts, written with wechatpy, its calls, and a clock that moves when told to."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp import web
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import BaseReply, create_reply
from wechatpy.utils import check_signature

MORNING = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


class Time:
    def __init__(self):
        self.now = MORNING

    def __call__(self):
        return self.now

    def passes(self, **time):
        self.now += timedelta(**time)


class Service:
    """Takes what an account posts. `answer(message)` gives the reply, text or wechatpy's; `troubles` go before."""

    def __init__(self, server):
        self.server = server
        self.posts = []
        """(query, message) of every delivery."""
        self.answer = lambda message: None
        self.troubles = []

    async def post(self, request):
        body = await request.text()
        query = dict(request.query)
        crypto = WeChatCrypto(self.server.token, self.server.aes_key, self.server.receive_id)
        if self.server.sealed:
            body = crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
        if "signature" in query:
            check_signature(self.server.token, query["signature"], query["timestamp"], query["nonce"])
        message = parse_message(body)
        self.posts.append((query, message))
        if self.troubles and (trouble := self.troubles.pop(0)):
            return await trouble(request)
        answer = self.answer(message)
        if isinstance(answer, web.Response):
            return answer
        text = self._reply(answer, message)
        if text and self.server.sealed:
            text = crypto.encrypt_message(text, query["nonce"], query["timestamp"])
        return web.Response(text=text)

    @staticmethod
    def _reply(answer, message):
        if isinstance(answer, BaseReply):
            return answer.render()
        return create_reply(answer, message, render=True) if answer else ""

    @property
    def messages(self):
        return [message for _, message in self.posts]


@asynccontextmanager
async def served(server):
    """The service of an account, running."""
    service = Service(server)
    app = web.Application()
    app.router.add_post("/callback", service.post)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.callback = f"http://127.0.0.1:{runner.addresses[0][1]}/callback"
    yield service
    await runner.cleanup()


async def hangs_up(request):
    request.transport.abort()
    return web.Response()


async def is_slow(request):
    await asyncio.sleep(1)
    return web.Response()


async def breaks(request):
    return web.Response(status=502)


async def babbles(request):
    return web.Response(text="<html>")


class Api:
    """Calls of an account's API with its token."""

    def __init__(self, server, http):
        self.server = server
        self.http = http
        self.token = server.tokens.current()[0]

    async def post(self, path, body=None, **query):
        return await self._call("POST", path, query, data=json.dumps(body, ensure_ascii=False).encode())

    async def get(self, path, **query):
        return await self._call("GET", path, query)

    async def upload(self, kind, content, field="media"):
        form = aiohttp.FormData()
        form.add_field(field, content, filename="file.bin")
        return await self._call("POST", "media/upload", {"type": kind}, data=form)

    async def _call(self, method, path, query, **body):
        query = {"access_token": self.token} | query
        address = f"{self.server.address}/cgi-bin/{path}"
        async with self.http.request(method, address, params=query, **body) as answer:
            return await answer.json(content_type=None)
