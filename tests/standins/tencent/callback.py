"""The platform calls the account's own address: signed, sealed, and again if nobody answers.

Signing and encryption are wechatpy's, so that they check the service's own from outside.
Rules: the pages on receiving messages and on message encryption of both platforms.
"""

import asyncio
import itertools
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

import aiohttp
from aiohttp import web
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatException
from wechatpy.utils import WeChatSigner

from tests.standins.tencent import xml
from tests.standins.tencent.api import ApiServer
from tests.standins.tencent.media import MediaStore, Medium
from tests.standins.tencent.media_calls import file_of
from tests.standins.tencent.refusals import RefusalError
from tests.standins.tencent.replies import BadReplyError, reply_shown
from tests.standins.tencent.screen import Shown
from tests.standins.tencent.tokens import Clock, Tokens

ANSWER_SECONDS = 5
DELIVERIES = 3
NO_ANSWER = 0


class GivenUpError(Exception):
    """No usable answer after all deliveries."""


@dataclass(frozen=True)
class Delivery:
    """One call of the account's address."""

    fields: dict[str, Any]
    status: int
    """What HTTP said; 0 if nothing came back in time or whole."""
    seconds: float


class CallbackServer(ApiServer):
    """An account with an address of its own in `callback`."""

    silence = ("", "success")
    """Answers that say nothing and end the exchange."""

    def __init__(
        self, clock: Clock, tokens: Tokens, media: MediaStore, *, account: str, receive_id: str
    ) -> None:
        """`account` is the name people write to, `receive_id` what is sealed into every envelope."""
        super().__init__(clock, tokens)
        self.media = media
        self.account = account
        self.receive_id = receive_id
        self.token = "stand_in_token"
        self.aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
        self.callback = ""
        self.sealed = True
        """Whether messages go encrypted."""
        self.patience: float = ANSWER_SECONDS
        """Seconds for an answer."""
        self.retry_pause = 0.02
        self.deliveries: list[Delivery] = []
        self.complaints: list[str] = []
        """Why answers could not be used."""
        self.whitelist_refuses = False
        """The caller's IP is not on the account's list."""
        self._nonces = itertools.count(1_000_000_001)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True, limit=0))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()
        await super().__aexit__()

    def seconds(self) -> int:
        return int(self.clock().timestamp())

    def public_address(self, medium: Medium) -> str:
        """Where anybody can fetch a medium without a token: PicUrl and the like."""
        return f"{self.address}/mmbiz/{medium.media_id}"

    def envelope(self, text: str) -> str:
        """The XML as it is posted: encrypted if `sealed`."""
        if not self.sealed:
            return text
        encrypted = xml.read(self._crypto().encrypt_message(text, "0", "0"))["Encrypt"]
        return xml.write({"ToUserName": self.account} | self._beside() | {"Encrypt": encrypted})

    def signed_query(self, timestamp: int | None = None, body: str = "", nonce: str = "") -> dict[str, str]:
        """The query that belongs to a body made by `envelope`. `timestamp` is the clock's unless given."""
        stamp = str(self.seconds() if timestamp is None else timestamp)
        nonce = nonce or str(next(self._nonces))
        query = {"timestamp": stamp, "nonce": nonce}
        if body and self.sealed:
            query["msg_signature"] = self._sign(stamp, nonce, xml.read(body)["Encrypt"])
        return query

    async def post(self, body: str, query: dict[str, str]) -> tuple[int, str]:
        """Call the account's address once with anything: its status and text, (0, "") if none came in time."""
        patience = aiohttp.ClientTimeout(total=self.patience)
        headers = {"Content-Type": "text/xml"}
        try:
            async with self._http.post(
                self.callback, params=query, data=body.encode(), headers=headers, timeout=patience
            ) as answer:
                return answer.status, await answer.text()
        except (aiohttp.ClientError, TimeoutError, ConnectionError, UnicodeDecodeError):
            return NO_ANSWER, ""

    async def echoes(self, query: dict[str, str], expected: str, seconds: float) -> bool:
        """Whether the address answers a GET with just this in time."""
        patience = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._http.get(self.callback, params=query, timeout=patience) as answer:
                return answer.status == HTTPStatus.OK and await answer.text() == expected
        except (aiohttp.ClientError, TimeoutError, ConnectionError, UnicodeDecodeError):
            return False

    async def deliver(self, fields: dict[str, Any]) -> Shown | None:
        """Post one message until it is answered, at most three times, and return the reply, if there is one."""
        text = xml.write(fields)
        for attempt in range(DELIVERIES):
            if attempt:
                await asyncio.sleep(self.retry_pause)
            body = self.envelope(text)
            begun = time.monotonic()
            status, answer = await self.post(body, self._query(fields, body))
            self.deliveries.append(Delivery(fields, status, time.monotonic() - begun))
            try:
                return self._reply(status, answer, fields["FromUserName"])
            except BadReplyError as wrong:
                self.complaints.append(str(wrong))
        raise GivenUpError

    def _add_routes(self, app: web.Application) -> None:
        app.router.add_get("/mmbiz/{media_id}", self._give_publicly)

    async def _give_publicly(self, request: web.Request) -> web.Response:
        try:
            return file_of(self.media.get(request.match_info["media_id"]))
        except RefusalError:
            raise web.HTTPNotFound from None

    def _reply(self, status: int, answer: str, to: str) -> Shown | None:
        if status != HTTPStatus.OK:
            raise BadReplyError(f"status {status}")
        if answer in self.silence:
            return None
        return reply_shown(self._opened(answer), to=to, sender=self.account, media=self.media)

    def _opened(self, answer: str) -> dict[str, Any]:
        """Fields of a reply. In safe mode it must be sealed and signed as well."""
        try:
            fields = xml.read(answer)
            if self.sealed:
                signed = fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"]
                fields = xml.read(self._crypto().decrypt_message(answer, *signed))
        except (ValueError, KeyError, WeChatException) as wrong:
            raise BadReplyError(f"{type(wrong).__name__} {wrong}") from None
        return fields

    def _query(self, fields: dict[str, Any], body: str) -> dict[str, str]:
        """Query of a delivery. `fields` tell who it is from."""
        return self.signed_query(body=body)

    def _beside(self) -> dict[str, Any]:
        """What else stands unencrypted in an envelope."""
        return {}

    def _crypto(self) -> WeChatCrypto:
        return WeChatCrypto(self.token, self.aes_key, self.receive_id)

    def _sign(self, *parts: str) -> str:
        signer = WeChatSigner()
        signer.add_data(self.token, *parts)
        return signer.signature
