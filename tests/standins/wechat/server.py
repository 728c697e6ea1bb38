"""The stand-in for api.weixin.qq.com: a service account (服务号) with WeChat's own rules and refusals.

Rules: https://developers.weixin.qq.com/doc/offiaccount/
"""

from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, Literal

from aiohttp import web

from tests.standins.tencent.api import Call, Endpoint, real_time
from tests.standins.tencent.callback import CallbackServer, GivenUpError
from tests.standins.tencent.faults import plain
from tests.standins.tencent.media import MEGABYTE, MediaStore, Rule
from tests.standins.tencent.media_calls import file_of, uploaded
from tests.standins.tencent.refusals import OK, RefusalError
from tests.standins.tencent.tokens import Clock, Tokens
from tests.standins.wechat.mass import CHINA, Mass
from tests.standins.wechat.messages import custom_message
from tests.standins.wechat.people import Follower
from tests.standins.wechat.qrcodes import QrCodes
from tests.standins.wechat.questions import Questions
from tests.standins.wechat.templates import Templates

MEDIA_RULES = {
    "image": Rule(("jpg", "png", "gif"), 10 * MEGABYTE),
    "voice": Rule(("amr", "mp3"), 2 * MEGABYTE),
    "video": Rule(("mp4",), 10 * MEGABYTE),
}
TOKEN_OVERLAP = timedelta(minutes=5)
FORCED_A_DAY = 20
FOR_VERIFIED = {
    "message/template/send",
    "message/subscribe/bizsend",
    "message/mass/send",
    "template/get_all_private_template",
    "wxaapi/newtmpl/gettemplate",
    "qrcode/create",
    "media/upload",
    "media/get",
    "customservice/getkflist",
}
"""What an account may only do when WeChat has verified it (接口权限说明)."""


class WeChatServer(CallbackServer):
    """`async with WeChatServer() as server:`, then set `server.callback` to the service's address.

    `clock` returns the present time, aware; windows, tokens, media and codes end by it.
    """

    def __init__(self, clock: Clock = real_time, *, mode: Literal["plain", "safe"] = "safe") -> None:
        super().__init__(
            clock,
            Tokens(clock, unknown=40001, overlap=TOKEN_OVERLAP),
            MediaStore(clock, MEDIA_RULES),
            account="gh_000000000001",
            receive_id="wx0000000000000001",
        )
        self.secret = "stand-in-secret-00000000000000000"
        self.sealed = mode == "safe"
        self.verified = True
        self.menus_allowed = True
        """False: an account that may send, but no menu messages, as the trial accounts (测试号) are."""
        self.qrcodes = QrCodes(clock)
        self.templates = Templates(self)
        self.mass = Mass(self)
        self.questions = Questions(self)
        self._followers: dict[str, Follower] = {}
        self._forced: Counter[date] = Counter()
        self._jobs: dict[int, dict[str, Any]] = {}

    @property
    def appid(self) -> str:
        return self.receive_id

    @property
    def original_id(self) -> str:
        """The account's name in messages (原始 ID)."""
        return self.account

    def follower(self, openid: str, *, following: bool = False) -> Follower:
        """The person with this openid. `following` says whether somebody new follows the account already."""
        if openid not in self._followers:
            self._followers[openid] = Follower(openid, self, following=following)
        return self._followers[openid]

    def known(self, openid: str) -> Follower | None:
        return self._followers.get(openid)

    def reachable(self, openid: Any) -> Follower:
        """The follower that is to be written to. Raises RefusalError if there is none."""
        her = self._followers.get(openid)
        if her is None:
            raise RefusalError(40003)
        if not her.following:
            raise RefusalError(43004)
        return her

    def offers(self, path: str) -> bool:
        return path.startswith("/cgi-bin/") and plain(path) in self._endpoints()

    def add_job(self, openid: str, event: dict[str, Any]) -> int:
        """Keep what will be told of a message once it is through, and give it a number."""
        number = 3_147_483_600 + len(self._jobs)
        self._jobs[number] = {"FromUserName": openid} | event
        return number

    async def finishes(self, number: int, **changed: Any) -> None:
        """Tell the service what became of a template or mass message. `changed` fields go before the true ones."""
        told = {"ToUserName": self.account, "CreateTime": self.seconds(), "MsgType": "event", "MsgID": number}
        with suppress(GivenUpError):
            await self.deliver(told | self._jobs[number] | changed)

    async def check_url(self) -> bool:
        """The check WeChat makes when the address is entered: whether `echostr` came back. It is never sealed."""
        number = "5837201946501237788"
        return await self.echoes(self.signed_query() | {"echostr": number}, number, self.patience)

    def signed_query(self, timestamp: int | None = None, body: str = "", nonce: str = "") -> dict[str, str]:
        query = super().signed_query(timestamp, body, nonce)
        query["signature"] = self._sign(query["timestamp"], query["nonce"])
        return query | ({"encrypt_type": "aes"} if "msg_signature" in query else {})

    def _query(self, fields: dict[str, Any], body: str) -> dict[str, str]:
        return self.signed_query(body=body) | {"openid": fields["FromUserName"]}

    def _check(self, path: str) -> None:
        if path in FOR_VERIFIED and not self.verified:
            raise RefusalError(48001)

    def _endpoints(self) -> dict[str, Endpoint]:
        return {
            "stable_token": Endpoint("POST", self._stable_token, needs_token=False),
            "message/custom/send": Endpoint("POST", self._custom_send),
            "qrcode/create": Endpoint("POST", lambda call: self.qrcodes.create(call.body)),
            "media/upload": Endpoint("POST", self._upload),
            "media/get": Endpoint("GET", self._get_media),
            "message/template/send": Endpoint("POST", lambda call: self.templates.send(call.body)),
            "message/subscribe/bizsend": Endpoint(
                "POST", lambda call: self.templates.send_subscribed(call.body)
            ),
            "template/get_all_private_template": Endpoint("GET", lambda _: self.templates.listed()),
            "wxaapi/newtmpl/gettemplate": Endpoint("GET", lambda _: self.templates.listed_subscribed()),
            "message/mass/send": Endpoint("POST", lambda call: self.mass.send(call.body)),
        } | self.questions.endpoints()

    def _stable_token(self, call: Call) -> dict[str, Any]:
        if self.whitelist_refuses:
            raise RefusalError(40164)
        if call.body.get("grant_type") != "client_credential":
            raise RefusalError(40002)
        if call.body.get("appid") != self.appid:
            raise RefusalError(40013)
        if call.body.get("secret") != self.secret:
            raise RefusalError(40125)
        token, left = self._forced_token() if call.body.get("force_refresh") else self.tokens.current()
        return {"access_token": token, "expires_in": left}

    def _forced_token(self) -> tuple[str, int]:
        today = self.clock().astimezone(CHINA).date()
        if self._forced[today] >= FORCED_A_DAY:
            raise RefusalError(45009)
        self._forced[today] += 1
        return self.tokens.renew()

    def _custom_send(self, call: Call) -> dict[str, Any]:
        her = self.reachable(call.body.get("touser"))
        message = custom_message(call.body, self.media, menus_allowed=self.verified and self.menus_allowed)
        if not self.verified:
            raise RefusalError(48001)
        if not her.receives:
            raise RefusalError(48002)
        her.windows.take()
        her.sends += 1
        her.show(message)
        return OK

    def _upload(self, call: Call) -> dict[str, Any]:
        medium = uploaded(self.media, call)
        return {"type": medium.kind, "media_id": medium.media_id, "created_at": self.seconds()}

    def _get_media(self, call: Call) -> web.Response | dict[str, Any]:
        """A video is not given itself, only its address."""
        medium = self.media.get(call.query.get("media_id", ""))
        return {"video_url": self.public_address(medium)} if medium.kind == "video" else file_of(medium)
