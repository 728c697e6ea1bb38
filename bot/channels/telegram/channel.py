"""Telegram as one of the house's channels."""

import asyncio
import hmac
import json
import logging
from collections.abc import Coroutine
from http import HTTPStatus
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.channels.contract import Exchange, MediaGoneError, Take
from bot.channels.http import CallError
from bot.channels.telegram.api import BotApi, RefusedError
from bot.channels.telegram.polling import WANTED, Poller
from bot.channels.telegram.sending import send
from bot.channels.telegram.settings import TelegramSettings
from bot.channels.telegram.updates import CHANNEL, NotAnUpdateError, Received, understand, update_number
from bot.file_names import FILE_TYPES
from domain.delivery import Outcome, Outgoing
from domain.talk import Traits

log = logging.getLogger(__name__)

BODY_LIMIT = 1024 * 1024
"""Bytes of one webhook call. Real updates are a few kilobytes."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header

SETTING_UP_PAUSES = (1, 5, 30, 60, 300)
"""Seconds between tries to tell Telegram about us when it cannot be reached."""

MENU = [
    {"command": "start", "description": "开始"},
    {"command": "help", "description": "帮助"},
    {"command": "mine", "description": "我的事"},
    {"command": "cancel", "description": "取消"},
]


class TelegramChannel:
    """Fulfils `bot.channels.contract.Channel`."""

    name = CHANNEL

    def __init__(self, settings: TelegramSettings, media_root: Path) -> None:
        self.traits = Traits(
            buttons=True,
            per_second=settings.per_second,
            per_chat=((1, 1 / settings.per_chat_second),) if settings.per_chat_second else (),
        )
        self._settings = settings
        self._media_root = media_root
        self._api = BotApi(settings.token, settings.api_base, settings.timeout)
        self._take: Take | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, message: Outgoing) -> Outcome:
        return await send(self._api, message, self._media_root)

    async def fetch(self, ref: str) -> tuple[bytes, str]:
        """Bytes and MIME type. Raises MediaGoneError, or OSError when a later try may succeed."""
        limit = self._settings.max_download_bytes
        try:
            path = str((await self._api.call("getFile", {"file_id": ref}))["file_path"])
            content = await self._api.download(path, limit)
        except RefusedError as no:
            if no.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND):
                raise MediaGoneError("Telegram gives this file no more, or it is too large") from None
            raise OSError(f"telegram: file refused with {no.status}") from None
        except CallError as fault:
            raise OSError(f"telegram: file not fetched: {fault}") from None
        if content is None:
            raise MediaGoneError(f"larger than {limit} bytes")
        return content, FILE_TYPES.guess_type(path)[0] or "application/octet-stream"

    def add_routes(self, app: web.Application) -> None:
        if self._settings.mode == "webhook":
            app.router.add_post(self._settings.webhook_path, self._webhook)

    async def start(self, take: Take, exchange: Exchange) -> None:  # noqa: ARG002  has its own way of sending
        self._take = take
        if self._settings.mode == "webhook":
            self._in_background(self._introduce())
        elif self._settings.mode == "polling":
            self._in_background(self._poll())

    async def close(self) -> None:
        """Turns that are under way are cut off; Telegram tells those updates again."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._api.close()

    async def _poll(self) -> None:
        # While a webhook of earlier days stands, getUpdates is refused.
        await self._tell("deleteWebhook", {})
        self._in_background(self._set_up("setMyCommands", {"commands": MENU}))
        await Poller(self._api, self._handle).run()

    async def _introduce(self) -> None:
        """Tell Telegram where we are and what the menu offers."""
        settings = self._settings
        if settings.webhook_url:
            address = settings.webhook_url.rstrip("/") + settings.webhook_path
            secret = settings.webhook_secret
            hook = {"url": address, "secret_token": secret, "allowed_updates": WANTED}
            await self._set_up("setWebhook", hook)
        await self._set_up("setMyCommands", {"commands": MENU})

    async def _set_up(self, method: str, params: dict[str, Any]) -> None:
        for pause in SETTING_UP_PAUSES:
            if await self._tell(method, params):
                return
            await asyncio.sleep(pause)

    async def _tell(self, method: str, params: dict[str, Any]) -> bool:
        """Whether it is done, or refused so that asking again is no use."""
        try:
            await self._api.call(method, params)
        except RefusedError as no:
            log.warning("telegram: %s refused with %s", method, no.status)
            return no.status < HTTPStatus.TOO_MANY_REQUESTS
        except CallError as fault:
            log.warning("telegram: %s not done: %s", method, fault)
            return False
        return True

    async def _webhook(self, request: web.Request) -> web.Response:
        told = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(told, self._settings.webhook_secret.encode()):
            log.warning("telegram: a call of the webhook without the secret was refused")
            return _answer(HTTPStatus.UNAUTHORIZED)
        try:
            body = await _limited_body(request)
            if body is None:
                log.warning("telegram: an update of more than %d bytes was refused", BODY_LIMIT)
                return _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            raw = json.loads(body)
            number = update_number(raw)
        except (ValueError, RecursionError, web.RequestPayloadError, NotAnUpdateError) as fault:
            log.warning("telegram: what came was no update: %s", type(fault).__name__)
            return _answer(HTTPStatus.BAD_REQUEST)
        try:
            if received := understand(raw):
                await self._handle(received)
        except Exception as fault:  # noqa: BLE001 - said to Telegram, which tells the update again
            log.warning("telegram: update %s failed: %s", number, type(fault).__name__)
            return _answer(HTTPStatus.INTERNAL_SERVER_ERROR)
        return _answer(HTTPStatus.OK)

    async def _handle(self, received: Received) -> None:
        """Run the turn; then, aside from it, stop the little clock that a tapped button shows."""
        if self._take is None:
            raise RuntimeError("telegram: not started")
        await self._take(received.inbound)
        if received.tap:
            self._in_background(self._answer_tap(received.tap))

    async def _answer_tap(self, tap: str) -> None:
        try:
            await self._api.call("answerCallbackQuery", {"callback_query_id": tap})
        except CallError as fault:
            # A tap older than some minutes can be answered no more; the person has their reply all the same.
            log.debug("telegram: a tap went unanswered: %s", fault)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _limited_body(request: web.Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


def _answer(status: HTTPStatus) -> web.Response:
    return web.json_response({"ok": status == HTTPStatus.OK, "description": status.phrase}, status=status)
