"""The web chat's HTTP side: sessions, messages in, files."""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from aiohttp import web

from bot.channels.webchat.channel import WebChat, update_id
from bot.channels.webchat.reading import Sent, SpokenError, read_form, read_json
from bot.channels.webchat.transcript import Transcript
from bot.file_names import name_of
from bot.media import MediaStore
from bot.turn import Turns
from domain.errors import Refusal
from domain.talk import Inbound, Media, typed
from services.surveys.incoming import sheet_mime
from storage import media, webchat
from storage.database import Tx, UnavailableError

log = logging.getLogger(__name__)

_PAGE = Path(__file__).parent / "page"
_REMEMBERED = 10_000
"""Sessions whose address is kept in memory: it never changes."""


class Personas(Protocol):
    """The demo's people, by role and area."""

    async def open(self, persona: str, area: str) -> tuple[str, str, bool]:
        """(account address, title, whether it is new). Raises Refusal for an unknown role or area."""
        ...


class WebChatApi:
    """Routes of the web chat. `personas` is there in the demo only."""

    def __init__(
        self,
        channel: WebChat,
        turns: Turns,
        store: MediaStore,
        takes_sheets: Callable[[str], Awaitable[bool]],
        personas: Personas | None = None,
    ) -> None:
        """`takes_sheets`: are surveys' spreadsheets taken from the person at an address?"""
        self._takes_sheets = takes_sheets
        self._channel = channel
        self._transcript = Transcript(channel)
        self._turns = turns
        self._store = store
        self._personas = personas
        self._addresses: dict[str, str] = {}

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/chat", self._page)
        app.router.add_static("/chat/assets", _PAGE)
        app.router.add_get("/chat/media/{attachment:[0-9]{1,18}}", self._media)
        for method, path, handler in (
            ("POST", "session", self._open_session),
            ("POST", "messages", self._post_message),
            ("GET", "messages", self._get_messages),
            ("GET", "stream", self._stream),
        ):
            app.router.add_route(method, f"/chat/api/{path}", _spoken(handler))

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_PAGE / "chat.html")

    async def _open_session(self, request: web.Request) -> web.StreamResponse:
        body = await read_json(request) if request.can_read_body else {}
        title, link, greet = "", None, True
        if body.get("persona"):
            if self._personas is None:
                raise SpokenError(403, "只有演示时才能换身份。")
            address, title, greet = await self._personas.open(
                str(body["persona"]), str(body.get("area") or "")
            )
        else:
            address = secrets.token_urlsafe(12)
            link = typed(str(body["card"]))[:64] if body.get("card") else None
        token = secrets.token_urlsafe(24)
        now = self._channel.clock()
        await self._channel.database.run(lambda tx: webchat.open_session(tx, _hash(token), address, now))
        if greet:
            update = update_id(address, f"hello:{token}")
            taken = await self._turns.take(Inbound("web", address, update, link=link))
            await self._transcript.delivered(address, "", taken)
        return web.json_response({"token": token, "title": title})

    async def _post_message(self, request: web.Request) -> web.StreamResponse:
        address = await self._address(request)
        fields, kept = await self._read_message(request, address)
        client_id = typed(str(fields.get("id") or ""))
        if not client_id or len(client_id) > 64:  # noqa: PLR2004  as the transcript's column
            raise SpokenError(400, "消息缺少编号，请刷新页面再试。")
        text, choice = typed(str(fields.get("text") or "")), typed(str(fields.get("choice") or ""))
        if not text.strip() and not choice and not kept:
            raise SpokenError(400, "请说句话，或发张照片。")
        inbound = Inbound(
            "web",
            address,
            update_id(address, client_id),
            text=text,
            choice=choice[:64] or None,
            media=kept,
        )
        taken = await self._turns.take(
            inbound,
            also=lambda tx, ids, private: self._own_words(tx, inbound, client_id, ids, private),
        )
        self._channel.announce(address)
        return web.json_response({"messages": await self._transcript.of_turn(address, client_id, taken)})

    def _own_words(
        self, tx: Tx, inbound: Inbound, client_id: str, attachments: tuple[int, ...], private: str
    ) -> dict[str, Any]:
        """What the transcript keeps of what the person said."""
        text = inbound.text[:4000]
        if inbound.choice:
            text = webchat.label_of(tx, inbound.address, inbound.choice) or "（点了按钮）"
        if private and attachments:
            text = f"{text}（照片或语音收到了）"
        return webchat.row(
            inbound.address,
            sender="me",
            text=text,
            now=self._channel.clock(),
            attachments=attachments,
            client_id=client_id,
            private=private,
        )

    async def _read_message(
        self, request: web.Request, address: str
    ) -> tuple[dict[str, Any], tuple[Media, ...]]:
        if not request.content_type.startswith("multipart/"):
            return await read_json(request), ()
        fields, files = await read_form(request)
        try:
            kept = [await self._keep(file, address) for file in files]
        except OSError as fault:
            log.error("a file could not be stored: %s", type(fault).__name__)  # noqa: TRY400  names a path
            raise SpokenError(503, "文件现在存不下，请先用文字说，过会儿再发。") from None
        return fields, tuple(kept)

    async def _keep(self, file: Sent, address: str) -> Media:
        """A picture or a sound of anybody, a survey's spreadsheet of staff. Raises Refusal for all else."""
        if sheet_mime(file.data, file.name) is not None and await self._takes_sheets(address):
            return await self._store.keep_sheet(file.data, file.name)
        return await self._store.keep(file.data)

    async def _get_messages(self, request: web.Request) -> web.StreamResponse:
        address = await self._address(request)
        after = _number(request.query.get("after", "0"))
        return web.json_response({"messages": await self._transcript.after(address, after)})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        address = await self._address(request)
        after = _number(request.headers.get("Last-Event-ID") or request.query.get("after", "0"))
        return await self._transcript.stream(request, address, after)

    async def _media(self, request: web.Request) -> web.StreamResponse:
        attachment = int(request.match_info["attachment"])
        told = request.query.get("s", "").encode(errors="replace")
        until = _number(request.query.get("until", "0"))
        if not secrets.compare_digest(told, self._channel.seal(attachment, until).encode()):
            raise web.HTTPForbidden(text="不能看这个文件。")
        if until and until < self._channel.clock().timestamp():
            raise web.HTTPGone(text="这个链接过期了，请再要一次。")
        files, _ = await self._channel.database.read(lambda tx: media.files(tx, [attachment]))
        if not files or not self._store.path(files[0].sha256).exists():
            raise web.HTTPNotFound(text="文件还没取到，请稍后再看。")
        headers = {
            "Content-Type": files[0].mime,
            "Content-Disposition": f"inline; filename*=UTF-8''{quote(name_of(files[0]))}",
            "Cache-Control": "private, max-age=86400",
            "Content-Security-Policy": "default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(self._store.path(files[0].sha256), headers=headers)

    async def _address(self, request: web.Request) -> str:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise SpokenError(401, "请刷新页面重新进入。")
        key = _hash(token)
        address = self._addresses.get(key)
        if address is None:
            address = await self._channel.database.read(lambda tx: webchat.address_of(tx, key))
            if address is None:
                raise SpokenError(401, "请刷新页面重新进入。")
            if len(self._addresses) >= _REMEMBERED:
                self._addresses.clear()
            self._addresses[key] = address
        return address


def _spoken(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Errors as one Chinese sentence; never a stack trace."""

    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except SpokenError as error:
            return _refused(request, error.status, error.say)
        except Refusal as refusal:
            return _refused(request, 400, refusal.say)
        except web.HTTPRequestEntityTooLarge:
            return _refused(request, 413, "发的内容太大了。")
        except UnavailableError:
            return _refused(request, 503, "现在有点忙，请过会儿再试。")
        except (ConnectionResetError, asyncio.CancelledError):
            raise
        except Exception:
            log.exception("a web chat request failed")
            return web.json_response({"error": "出了点问题，请再试一次。"}, status=500)

    return answered


def _refused(request: web.Request, status: int, say: str) -> web.Response:
    log.info("web chat: %s %s refused with %d", request.method, request.path, status)
    return web.json_response({"error": say}, status=status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0  # noqa: PLR2004  64 bits


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
