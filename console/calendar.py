"""/calendar/<secret>.ics: what a phone that has subscribed reads. The address is the key, and no log has it."""

import hashlib
from collections.abc import Awaitable, Callable

from aiohttp import web

from domain.calendar import ICS
from services.calendar import feeds
from services.desk import Desk

ReadFeed = Callable[[Callable[[Desk], bytes | None]], Awaitable[bytes | None]]
"""Does a deed that only reads, at a desk."""


class CalendarFeeds:
    """The route of all feeds."""

    def __init__(self, read: ReadFeed) -> None:
        self._read = read

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get(feeds.PATH + r"/{secret:[\w-]{20,100}}.ics", self._show)

    async def _show(self, request: web.Request) -> web.Response:
        secret = request.match_info["secret"]
        made = await self._read(lambda desk: feeds.read(desk, secret))
        if made is None:
            raise web.HTTPNotFound(text="这个日历地址停用了，请回“订阅日历”再要一个。")
        tag = hashlib.sha256(made).hexdigest()[:32]
        if any(known.value == tag for known in request.if_none_match or ()):
            response = web.Response(status=304)
        else:
            response = web.Response(body=made, content_type=ICS, charset="utf-8")
        response.etag = tag
        response.headers["Cache-Control"] = "private, no-cache"
        return response
