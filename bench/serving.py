"""Serving a yardstick: one handler behind bare aiohttp."""

import asyncio
from collections.abc import Awaitable, Callable

import uvloop
from aiohttp import web

from bench.wechat import PATH

Deliver = Callable[[web.Request], Awaitable[web.Response]]


def serve(port: int, deliver: Deliver) -> None:
    """POSTs of the callback address, for ever, on the same event loop that the service uses."""

    async def run() -> None:
        app = web.Application()
        app.router.add_post(PATH, deliver)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()

    uvloop.run(run())
