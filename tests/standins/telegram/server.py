"""The stand-in for api.telegram.org: the methods the service uses, with Telegram's own rules and refusals.

Rules: https://core.telegram.org/bots/api and https://core.telegram.org/bots/faq (limits).
"""

import asyncio
import time
from http import HTTPStatus
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.standins.telegram.people import Chat, User
from tests.standins.telegram.rules import (
    PUBLISHED,
    SENDING,
    Bucket,
    Limits,
    RefusalError,
    message_of,
    params_of,
)

TOKEN = "123456:stand-in-token-AAAAAAAAAAAAAAAAAAAAA"
Fault = int | str


class TelegramServer:
    """`async with TelegramServer() as server:`. `server.address` is the API base, `server.token` the bot's token.

    `next_faults` holds (method, fault), used up one by one. Faults: a status to answer with; "slow" answers after
    `slow_seconds`; "drop_before" closes the connection and does nothing; "drop_after" does it and closes without
    an answer; "garbage" does it and answers with no JSON.
    """

    def __init__(
        self, limits: Limits | None = PUBLISHED, token: str = TOKEN, max_file: int = 20 << 20
    ) -> None:
        """`limits` None: one may send as fast as one likes. `max_file`: bytes that getFile gives."""
        self.token = token
        self.limits = limits
        self.max_file = max_file
        self.slow_seconds = 1.0
        self.redeliveries = 5
        self.redelivery_pause = 0.05
        self.next_faults: list[tuple[str, Fault]] = []
        self.blocked: set[int] = set()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answered_taps: list[str] = []
        self.commands: list[dict[str, str]] = []
        self.webhook: dict[str, Any] = {}
        self.deliveries: list[tuple[int, int]] = []
        """(update_id, status the bot answered with; 0 for none) of every webhook call."""
        self._users: dict[int, User] = {}
        self._chats: dict[int, Chat] = {}
        self._files: dict[str, tuple[str, bytes]] = {}
        self._queue: list[dict[str, Any]] = []
        self._queued = asyncio.Condition()
        self._open_taps: set[str] = set()
        self._next_update, self._next_message, self._poll = 1000, 0, 0
        self._closing = False
        self._all = Bucket(limits.per_second, limits.per_second) if limits else None
        self._each: dict[int, Bucket] = {}

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60 << 20)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.+}", self._give_file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._http = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing = True
        async with self._queued:
            self._queued.notify_all()
        await self._http.close()
        await self._runner.cleanup()

    def user(self, user_id: int) -> User:
        """The person with this id. Only people whom a test named here can be written to."""
        if user_id not in self._users:
            self._users[user_id] = User(user_id, self.chat(user_id), self.deliver, self.keep_file)
        return self._users[user_id]

    def chat(self, chat_id: int) -> Chat:
        return self._chats.setdefault(chat_id, Chat())

    def keep_file(self, folder: str, ending: str, content: bytes) -> str:
        """Store a file as Telegram would and return its file_id."""
        number = len(self._files)
        self._files[f"file-{number}"] = (f"{folder}/file_{number}.{ending}", content)
        return f"file-{number}"

    async def deliver(self, update: dict[str, Any]) -> dict[str, Any]:
        """Hand an update to the bot as Telegram does. One with an update_id is delivered again."""
        if "update_id" not in update:
            self._next_update += 1
            update = {"update_id": self._next_update} | update
        if "callback_query" in update:
            self._open_taps.add(update["callback_query"]["id"])
        if self.webhook:
            await self._push(update)
        else:
            async with self._queued:
                self._queue.append(update)
                self._queued.notify_all()
        return update

    async def _push(self, update: dict[str, Any]) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        for _ in range(1 + self.redeliveries):
            try:
                async with self._http.post(self.webhook["url"], json=update, headers=headers) as answer:
                    status = answer.status
            except aiohttp.ClientError:
                status = 0
            self.deliveries.append((update["update_id"], status))
            if status == HTTPStatus.OK:
                return
            await asyncio.sleep(self.redelivery_pause)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = await params_of(request)
        fault = self._fault(method)
        try:
            self._check(request, fault)
            if fault == "drop_before":
                return _hang_up(request)
            if fault == "slow":
                await asyncio.sleep(self.slow_seconds)
            result = await self._act(method, params)
        except RefusalError as no:
            if no.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                return web.Response(status=no.status, text="<html>nginx</html>", content_type="text/html")
            return web.json_response(no.body, status=no.status)
        if fault == "drop_after":
            return _hang_up(request)
        return (
            web.Response(text="?")
            if fault == "garbage"
            else web.json_response({"ok": True, "result": result})
        )

    async def _act(self, method: str, params: dict[str, Any]) -> Any:
        self.calls.append((method, params))
        if method in SENDING:
            return self._show(method, params)
        acts = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._set_webhook,
            "setMyCommands": self._set_commands,
            "answerCallbackQuery": self._answer_tap,
            "getFile": self._get_file,
        }
        if method not in acts:
            raise RefusalError(404, "Not Found")
        return await acts[method](params)

    def _show(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        chat_id = int(params["chat_id"])
        if chat_id not in self._users:
            raise RefusalError(400, "Bad Request: chat not found")
        if chat_id in self.blocked:
            raise RefusalError(403, "Forbidden: bot was blocked by the user")
        message = message_of(method, params)
        self._slow_down(chat_id)
        self._next_message += 1
        message.message_id = self._next_message
        self.chat(chat_id).add(message)
        chat = {"id": chat_id, "type": "private"}
        return {
            "message_id": message.message_id,
            "date": int(time.time()),
            "chat": chat,
            "text": message.text,
        }

    def _slow_down(self, chat_id: int) -> None:
        if self.limits is None or self._all is None:
            return
        one = self._each.setdefault(chat_id, Bucket(self.limits.per_chat_second, self.limits.burst))
        if wait := one.missing() or self._all.missing():
            seconds = int(wait) + 1
            raise RefusalError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    async def _get_me(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"id": 123456, "is_bot": True, "first_name": "连心", "username": "lianxin_bot"}

    async def _get_updates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook:
            raise RefusalError(409, "Conflict: can't use getUpdates method while webhook is active")
        self._poll += 1
        mine, offset = self._poll, int(params.get("offset", 0))

        def over() -> bool:
            self._queue = [update for update in self._queue if update["update_id"] >= offset]
            return bool(self._queue) or self._closing or mine != self._poll

        async with self._queued:
            self._queued.notify_all()
            try:
                await asyncio.wait_for(self._queued.wait_for(over), float(params.get("timeout", 0)) + 0.001)
            except TimeoutError:
                return []
            if mine != self._poll:
                raise RefusalError(409, "Conflict: terminated by other getUpdates request")
            return self._queue[: int(params.get("limit", 100))]

    async def _set_webhook(self, params: dict[str, Any]) -> bool:
        self.webhook = dict(params) if params.get("url") else {}
        return True

    async def _set_commands(self, params: dict[str, Any]) -> bool:
        self.commands = params["commands"]
        return True

    async def _answer_tap(self, params: dict[str, Any]) -> bool:
        tap = params["callback_query_id"]
        if tap not in self._open_taps:
            raise RefusalError(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        self._open_taps.discard(tap)
        self.answered_taps.append(tap)
        return True

    async def _get_file(self, params: dict[str, Any]) -> dict[str, Any]:
        ref = params["file_id"]
        if ref not in self._files:
            raise RefusalError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        path, content = self._files[ref]
        if len(content) > self.max_file:
            raise RefusalError(400, "Bad Request: file is too big")
        return {"file_id": ref, "file_unique_id": ref, "file_size": len(content), "file_path": path}

    async def _give_file(self, request: web.Request) -> web.StreamResponse:
        fault = self._fault("download")
        if isinstance(fault, int):
            return web.Response(status=fault)
        if fault == "drop_before":
            return _hang_up(request)
        content = dict(self._files.values()).get(request.match_info["path"])
        if content is None or request.match_info["token"] != self.token:
            return web.Response(status=404)
        return web.Response(body=content, content_type="application/octet-stream")

    def _check(self, request: web.Request, fault: Fault | None) -> None:
        if isinstance(fault, int):
            parameters = {"retry_after": 1} if fault == HTTPStatus.TOO_MANY_REQUESTS else {}
            raise RefusalError(fault, HTTPStatus(fault).phrase, **parameters)
        if request.match_info["token"] != self.token:
            raise RefusalError(401, "Unauthorized")

    def _fault(self, method: str) -> Fault | None:
        for place, (name, fault) in enumerate(self.next_faults):
            if name == method:
                del self.next_faults[place]
                return fault
        return None


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
