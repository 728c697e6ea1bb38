"""What a test looks at: the outbox over a connection of its own, and what one post to a callback address brings."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from domain.talk import Reply
from services.delivery import tell
from services.desk import Desk
from tests.databases import second_look
from tests.scenario.world import World
from tests.standins.tencent import xml
from tests.standins.tencent.callback import CallbackServer

_NUMBERS = itertools.count(25_000_000_000_000_001)


class Outbox:
    def __init__(self, url: str) -> None:
        self.url = url

    def rows(self, columns: str, where: str = "1=1") -> list[tuple[Any, ...]]:
        return second_look(self.url, f"SELECT {columns} FROM outbox WHERE {where} ORDER BY id")

    def count(self, where: str = "1=1") -> int:
        return int(self.rows_of("outbox", where))

    def rows_of(self, table: str, where: str = "1=1") -> int:
        return int(second_look(self.url, f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    async def settles(self) -> None:
        """Nothing is on its way any more."""
        await until(lambda: not self.count("state IN ('sending', 'queued')"))


async def until(true: Callable[[], object], seconds: float = 8) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def server_of(county: World) -> CallbackServer:
    """The stand-in of the one messenger of this county."""
    [server] = [one.server for one in county._messengers.values()]
    return server


def message(server: CallbackServer, sender: str, kind: str = "text", **content: Any) -> dict[str, Any]:
    """A message as the platform posts it; the same one is the same message, however often it is posted."""
    head = {"ToUserName": server.account, "FromUserName": sender, "CreateTime": server.seconds()}
    return head | {"MsgType": kind} | content | {"MsgId": next(_NUMBERS)}


def event(server: CallbackServer, sender: str, name: str, **content: Any) -> dict[str, Any]:
    head = {"ToUserName": server.account, "FromUserName": sender, "CreateTime": server.seconds()}
    return head | {"MsgType": "event", "Event": name} | content


async def post(server: CallbackServer, fields: dict[str, Any], to: str = "") -> tuple[int, str]:
    """Post it once, to this address or to the account's own: the status, and the words of the answer."""
    body = server.envelope(xml.write(fields))
    before, server.callback = server.callback, to or server.callback
    try:
        posting = asyncio.ensure_future(server.post(body, server._query(fields, body)))
        await asyncio.sleep(0)  # the address is read by now
    finally:
        server.callback = before
    status, answer = await posting
    return status, server._opened(answer)["Content"] if answer else ""


def person_of(someone: Any) -> Any:
    """Somebody's own screen at the stand-in."""
    return getattr(someone, "follower", None) or someone.member


def shown(someone: Any, fragment: str) -> int:
    """How many messages on the screen have this in them."""
    return sum(fragment in text for text in person_of(someone).texts)


async def person_id(county: World, someone: Any) -> int:
    address = person_of(someone).name
    query = f"SELECT person FROM account WHERE address = '{address}'"
    return int(second_look(county.service.settings.database_url, query)[0][0])


async def is_told(county: World, someone: Any, *replies: Reply | str, **how: Any) -> None:
    """Somebody is told something unasked, each in a transaction of its own."""
    person = await person_id(county, someone)

    def deed(desk: Desk, reply: Reply) -> None:
        tell(desk, person, reply, urgent=True, **how)

    for one in replies:
        reply = Reply(one) if isinstance(one, str) else one
        await county.service.run(lambda desk, reply=reply: deed(desk, reply))
