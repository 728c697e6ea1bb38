"""The stand-in for qyapi.weixin.qq.com: an app of an enterprise's own, with WeCom's rules and refusals.

Rules: https://developer.work.weixin.qq.com/document/
"""

from typing import Any

from aiohttp import web

from tests.standins.tencent import xml
from tests.standins.tencent.api import Call, Endpoint, real_time
from tests.standins.tencent.callback import CallbackServer
from tests.standins.tencent.media import MEGABYTE, MediaStore, Rule
from tests.standins.tencent.media_calls import file_of, uploaded
from tests.standins.tencent.menus import check_menu
from tests.standins.tencent.refusals import OK, RefusalError
from tests.standins.tencent.tokens import Clock, Tokens
from tests.standins.wecom.people import Member
from tests.standins.wecom.sending import Lost, Sending

MEDIA_RULES = {
    "image": Rule(("jpg", "png"), 10 * MEGABYTE),
    "voice": Rule(("amr",), 2 * MEGABYTE),
    "video": Rule(("mp4",), 10 * MEGABYTE),
    "file": Rule(("",), 20 * MEGABYTE),
}
URL_CHECK_SECONDS = 1


class WeComServer(CallbackServer):
    """`async with WeComServer() as server:`, then set `server.callback` to the service's address.

    `clock` returns the present time, aware; tokens, media, the pace and doubles go by it.
    """

    silence = ("",)

    def __init__(self, clock: Clock = real_time) -> None:
        corpid = "ww0000000000000001"
        media = MediaStore(clock, MEDIA_RULES)
        super().__init__(clock, Tokens(clock, unknown=40014), media, account=corpid, receive_id=corpid)
        self.secret = "stand-in-secret-0000000000000000000000000000"
        self.agentid = 1000002
        self.menu: list[dict[str, Any]] = []
        self._members: dict[str, Member] = {}
        self._sending = Sending(self._members, media)

    @property
    def corpid(self) -> str:
        return self.receive_id

    def member(self, userid: str) -> Member:
        """The member with this id. Only members whom a test named here can be written to."""
        if userid.lower() not in self._members:
            self._members[userid.lower()] = Member(userid, self, self.agentid)
        return self._members[userid.lower()]

    @property
    def dropped(self) -> list[Lost]:
        """Messages sent too fast to one member. The caller was told that all is well."""
        return self._sending.dropped

    @property
    def swallowed(self) -> list[Lost]:
        """Messages that were the same again. The caller was told that all is well."""
        return self._sending.swallowed

    @property
    def cut(self) -> list[Lost]:
        """Texts of more than 2048 bytes, whole; the screen has their beginning."""
        return self._sending.cut

    async def check_url(self) -> bool:
        """The check WeCom makes when the address is entered: whether `echostr` came back decrypted in time."""
        number = "1616140317555161061"
        echo = xml.read(self._crypto().encrypt_message(number, "0", "0"))["Encrypt"]
        query = self.signed_query()
        query |= {"msg_signature": self._sign(query["timestamp"], query["nonce"], echo), "echostr": echo}
        return await self.echoes(query, number, URL_CHECK_SECONDS)

    def _beside(self) -> dict[str, Any]:
        return {"AgentID": str(self.agentid)}

    def _check(self, path: str) -> None:
        if self.whitelist_refuses and path != "gettoken":
            raise RefusalError(60020)

    def _endpoints(self) -> dict[str, Endpoint]:
        return {
            "gettoken": Endpoint("GET", self._get_token, needs_token=False),
            "message/send": Endpoint("POST", self._send),
            "media/upload": Endpoint("POST", self._upload),
            "media/get": Endpoint("GET", self._get_media),
            "menu/create": Endpoint("POST", self._create_menu),
            "menu/get": Endpoint("GET", self._get_menu),
            "agent/get": Endpoint("GET", self._get_agent),
            "getcallbackip": Endpoint("GET", lambda call: OK | {"ip_list": ["127.0.0.1"]}),
        }

    def _get_token(self, call: Call) -> dict[str, Any]:
        if call.query.get("corpid") != self.corpid:
            raise RefusalError(40013, "invalid corpid")
        if call.query.get("corpsecret") != self.secret:
            raise RefusalError(40001)
        token, left = self.tokens.current()
        return OK | {"access_token": token, "expires_in": left}

    def _send(self, call: Call) -> dict[str, Any]:
        self._check_agent(call.body.get("agentid"))
        return self._sending.send(call.body)

    def _upload(self, call: Call) -> dict[str, Any]:
        medium = uploaded(self.media, call)
        made = str(self.seconds())
        return OK | {"type": medium.kind, "media_id": medium.media_id, "created_at": made}

    def _get_media(self, call: Call) -> web.Response:
        return file_of(self.media.get(call.query.get("media_id", "")))

    def _create_menu(self, call: Call) -> dict[str, Any]:
        self._check_agent(call.query.get("agentid"))
        self.menu = check_menu(call.body)
        return OK

    def _get_menu(self, call: Call) -> dict[str, Any]:
        self._check_agent(call.query.get("agentid"))
        if not self.menu:
            raise RefusalError(46003)
        return OK | {"button": self.menu}

    def _get_agent(self, call: Call) -> dict[str, Any]:
        self._check_agent(call.query.get("agentid"))
        seen_by = [{"userid": member.name} for member in self._members.values()]
        about = {"agentid": self.agentid, "name": "连心", "close": 0, "allow_userinfos": {"user": seen_by}}
        return OK | about

    def _check_agent(self, agentid: Any) -> None:
        if str(agentid) != str(self.agentid):
            raise RefusalError(40056)
