"""The callback address of one account: checked, read, and answered by the response, on WeChat and WeCom alike."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus

from aiohttp import web

from bot.channels.contract import Exchange, Response
from bot.channels.tencent.callback import Callback
from bot.channels.tencent.envelope import CallbackRefusedError
from bot.channels.tencent.incoming import Event, Left, NotAMessageError, Reported, Said, understand
from bot.channels.tencent.markup import MAX_BYTES, NotXmlError
from bot.channels.wording import Line, in_words, numbered
from bot.clock import Clock
from domain.delivery import Outgoing
from domain.talk import Choice, Inbound
from storage.broadcasts import mass
from storage.database import Database
from storage.delivery import held

log = logging.getLogger(__name__)

TEXT_BYTES = 2048
"""The longest text, passive or not, on both platforms."""
READ_WITHIN = 5.0
"""Seconds for a whole body: the platforms wait no longer for the response."""
ARRIVED = frozenset({"success", "send success"})


class Receiving:
    """GET and POST of a callback address."""

    def __init__(
        self, channel: str, callback: Callback, database: Database, clock: Clock, line: Line = numbered
    ) -> None:
        """`line`: how a choice is written in a text."""
        self._channel = channel
        self._line = line
        self._callback = callback
        self._database = database
        self._clock = clock
        self._exchange: Exchange | None = None

    def start(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def add_routes(self, app: web.Application, path: str) -> None:
        app.router.add_get(path, self._is_it_ours)
        app.router.add_post(path, self._deliver)

    async def _is_it_ours(self, request: web.Request) -> web.Response:
        try:
            return web.Response(
                text=self._callback.echo(request.query, self._now()).decode("utf-8", "replace")
            )
        except CallbackRefusedError as fault:
            return self._refused(fault)

    async def _deliver(self, request: web.Request) -> web.StreamResponse:
        try:
            async with asyncio.timeout(READ_WITHIN):
                body = await _limited_body(request)
            fields = self._callback.read(request.query, body, self._now())
            event = understand(self._channel, fields)
        except CallbackRefusedError as fault:
            return self._refused(fault)
        except (NotXmlError, NotAMessageError, web.RequestPayloadError) as fault:
            log.warning("%s: what came was no message: %s", self._channel, type(fault).__name__)
            return web.Response()  # signed, so from the platform: it would only deliver it again
        except TimeoutError:
            log.warning("%s: a message did not come to its end", self._channel)
            return web.Response(status=HTTPStatus.REQUEST_TIMEOUT)
        except web.HTTPRequestEntityTooLarge:
            log.warning("%s: a message of more than %d bytes was refused", self._channel, MAX_BYTES)
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if isinstance(event, Reported):
            await self._note_report(event)
        inbound = _inbound(self._channel, event)
        return web.Response() if inbound is None else await self._answer(request, inbound, fields, body)

    async def _answer(
        self, request: web.Request, inbound: Inbound, fields: Mapping[str, str], body: bytes
    ) -> web.StreamResponse:
        if self._exchange is None:
            raise RuntimeError(f"{self._channel}: not started")
        response = _TextReply(request, self._line, lambda text: self._sealed(fields, text, body))
        try:
            await self._exchange(inbound, response)
        except Exception as fault:  # noqa: BLE001  said to the platform, which delivers the message again
            log.warning("%s: a turn failed: %s", self._channel, type(fault).__name__)
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        return response.written

    def _sealed(self, fields: Mapping[str, str], text: str, to: bytes) -> bytes:
        return self._callback.answer(_reply(fields, text, int(self._now())), self._now(), to)

    async def _note_report(self, report: Reported) -> None:
        """A notice that did not arrive: the message itself waits on, and its row says why she was not told.

        Of a mass message: what WeChat says of the whole.
        """
        if report.kind == "template" and report.status not in ARRIVED:
            reason = f"the notice did not arrive: {report.status}"[:200]
            await self._database.run(lambda tx: held.reported(tx, self._channel, report.remote_id, reason))
        if report.kind == "mass":
            await self._database.run(
                lambda tx: mass.reported(tx, report.remote_id, report.status, report.reached)
            )

    def _refused(self, fault: CallbackRefusedError) -> web.Response:
        log.warning("%s: a call of the callback address was refused: %s", self._channel, type(fault).__name__)
        return web.Response(status=HTTPStatus.FORBIDDEN)

    def _now(self) -> float:
        return self._clock().timestamp()


class _TextReply(Response):
    """The response to one request: a text, or nothing."""

    limit = TEXT_BYTES

    def __init__(self, request: web.Request, line: Line, sealed: Callable[[str], bytes]) -> None:
        self._request = request
        self._line = line
        self._sealed = sealed
        self.written = web.Response(content_type="application/xml")

    def text(self, messages: Sequence[Outgoing]) -> str:
        return in_words(plain(messages), self._line)

    async def send(self, text: str) -> None:
        self.written.body = self._sealed(text) if text else b""
        await self.written.prepare(self._request)
        await self.written.write_eof()  # head and body at once


def plain(messages: Sequence[Outgoing]) -> list[Outgoing]:
    """Without what both platforms would take for a link: people's words may hold one that leads elsewhere."""
    return [_without_links(message) for message in messages]


def _without_links(message: Outgoing) -> Outgoing:
    if "<" not in message.text and not any("<" in one.label for one in message.choices):
        return message
    choices = tuple(Choice(one.id, one.label.replace("<", "＜")) for one in message.choices)
    return replace(message, text=message.text.replace("<", "＜"), choices=choices)


def _inbound(channel: str, event: Event | None) -> Inbound | None:
    if isinstance(event, Said):
        return event.inbound
    if isinstance(event, Left):
        return Inbound(channel, event.address, event.update_id, left=True)
    return None


def _reply(fields: Mapping[str, str], text: str, now: int) -> dict[str, str | int]:
    return {
        "ToUserName": fields["FromUserName"],
        "FromUserName": fields["ToUserName"],
        "CreateTime": now,
        "MsgType": "text",
        "Content": text,
    }


async def _limited_body(request: web.Request) -> bytes:
    content = bytearray()
    async for chunk in request.content.iter_any():
        content += chunk
        if len(content) > MAX_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_BYTES, len(content))
    return bytes(content)
