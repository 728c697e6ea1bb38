"""The transcript of the web chat as the page gets it: by request, or as server-sent events."""

import asyncio
import contextlib
import json
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot.channels.webchat.channel import WebChat
from bot.turn import Taken
from storage import webchat
from storage.database import UnavailableError
from storage.webchat import WebMessage

_HEARTBEAT = 15.0
_STREAM_POLL = 2.0
"""Seconds between looks at the transcript when another process may have written to it."""
_DELIVERED_WITHIN = 2.0


class Transcript:
    """What was said at each address."""

    def __init__(self, channel: WebChat) -> None:
        self._channel = channel

    async def after(self, address: str, after: int) -> list[dict[str, Any]]:
        """What came after a message."""
        found = await self._channel.database.read(lambda tx: webchat.after(tx, address, after))
        return [self._shown(one) for one in found]

    async def of_turn(self, address: str, client_id: str, taken: Taken) -> list[dict[str, Any]]:
        """Her own message and the answers to it."""
        messages: Sequence[Any] = taken.shown
        if not taken.arrived or not any(one.client_id for one in messages):
            messages = await self.delivered(address, client_id, taken)
        return [self._shown(one) for one in messages]

    async def delivered(self, address: str, client_id: str, taken: Taken) -> list[WebMessage]:
        """The messages of a turn once they are in the transcript: her own, and the answers to it."""
        wanted = [one.id for one in taken.answers]
        expected = len(wanted) + bool(client_id)
        loop = asyncio.get_running_loop()
        until = loop.time() + _DELIVERED_WITHIN
        while True:
            news = self._channel.news(address)
            found = await self._channel.database.read(
                lambda tx: webchat.of_turn(tx, address, client_id, wanted)
            )
            if len(found) >= expected or loop.time() > until:
                return found
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.25):
                    await news.wait()

    async def stream(self, request: web.Request, address: str, after: int) -> web.StreamResponse:
        """What came after a message, and all that comes until the page goes."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        await response.write(b": here\n\n")  # the page polls instead if a stream stays silent at first
        loop = asyncio.get_running_loop()
        beat = loop.time()
        with contextlib.suppress(ConnectionResetError, UnavailableError):  # the page asks again
            while True:
                news = self._channel.news(address)
                for one in await self.after(address, after):
                    after = one["id"]
                    data = json.dumps(one, ensure_ascii=False)
                    await response.write(f"id: {after}\ndata: {data}\n\n".encode())
                if loop.time() - beat > _HEARTBEAT:
                    beat = loop.time()
                    await response.write(b": still here\n\n")
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_STREAM_POLL):
                        await news.wait()
        return response

    def _shown(self, message: WebMessage) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": message.id,
            "from": message.sender,
            "text": message.text,
            "choices": [{"id": choice.id, "label": choice.label} for choice in message.choices],
            "media": [
                {"kind": kind, "url": f"/chat/media/{number}?s={self._channel.seal(number)}"}
                for number, kind in message.media
            ],
        }
        if message.client_id:
            shown["client_id"] = message.client_id
        return shown
