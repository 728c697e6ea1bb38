"""People with WeChat in their hands. What they do goes to the account's address as WeChat would post it."""

import itertools
from typing import TYPE_CHECKING, Any

from tests.standins.tencent.callback import GivenUpError, reply_shown
from tests.standins.tencent.screen import Screen, Shown
from tests.standins.wechat.messages import passive_message
from tests.standins.wechat.windows import Windows

if TYPE_CHECKING:
    from tests.standins.wechat.server import WeChatServer

BROKEN = "该公众号提供的服务出现故障，请稍后再试"
CODE_ENDED = "二维码已过期"


class Follower(Screen):
    """A person. Every act returns once the exchange is over: answered, or given up after three deliveries."""

    _message_ids = itertools.count(24_000_000_000_000_001)

    def __init__(self, openid: str, server: "WeChatServer", *, following: bool = False) -> None:
        super().__init__()
        self.openid = openid
        self.following = following
        self.receives = True
        """Whether the account's messages are switched on in its settings."""
        self.sends = 0
        """Customer-service messages spent on this person since ever."""
        self.windows = Windows(server.clock)
        self.consents: dict[str, int] = {}
        """Subscribe notices agreed to and not yet sent, by template."""
        self.mass_received: list[Any] = []
        """When mass messages came."""
        self._server = server
        self._last_event = 0

    async def says(self, text: str) -> None:
        await self._message("text", Content=text)

    async def sends_photo(self, content: bytes) -> None:
        medium = self._server.media.keep("image", content)
        address = f"{self._server.address}/mmbiz/{medium.media_id}"
        await self._message("image", PicUrl=address, MediaId=medium.media_id)

    async def sends_voice(self, content: bytes, recognition: str = "") -> None:
        medium = self._server.media.keep("voice", content)
        heard = {"MediaId": medium.media_id, "Format": "amr", "Recognition": recognition}
        await self._message("voice", **heard)

    async def sends_video(self, content: bytes, *, short: bool = False) -> None:
        medium = self._server.media.keep("video", content)
        thumb = self._server.media.keep("thumb", b"\xff\xd8\xff")
        kind = "shortvideo" if short else "video"
        await self._message(kind, MediaId=medium.media_id, ThumbMediaId=thumb.media_id)

    async def sends_location(self, latitude: float, longitude: float, label: str = "") -> None:
        await self._message("location", Location_X=latitude, Location_Y=longitude, Scale=16, Label=label)

    async def sends_link(self, url: str, title: str = "", description: str = "") -> None:
        await self._message("link", Title=title, Description=description, Url=url)

    async def taps(self, label: str, *, as_zero: bool = False) -> None:
        """Tap a menu item, named as `Screen.item` wants. `as_zero`: its id is lost on the way, as it happens."""
        item_id, content = self.item(label)
        known = {"Content": content, "bizmsgmenuid": "0" if as_zero else item_id}
        self.windows.follower_acts()
        await self._post({"MsgType": "text"} | known | self._message_id())

    async def follows(self, scene: str = "", ticket: str = "") -> None:
        """Follow the account, by search or by the code of a scene."""
        self.following = True
        self.windows.follower_acts()
        known = {"Ticket": ticket or f"ticket-of-{scene}"} if scene else {}
        await self._event("subscribe", EventKey=f"qrscene_{scene}" if scene else "", **known)

    async def unfollows(self) -> None:
        self.following = False
        self.windows.close()
        await self._event("unsubscribe", EventKey="")

    async def scans(self, url_or_scene: str) -> None:
        """Scan a code. Who does not follow yet follows by it."""
        scene, ticket = url_or_scene, f"ticket-of-{url_or_scene}"
        if url_or_scene.startswith("http"):
            code = self._server.qrcodes.scanned(url_or_scene)
            if code is None:
                self.show(Shown("notice", "platform", CODE_ENDED))
                return
            scene, ticket = code.scene, code.ticket
        if not self.following:
            await self.follows(scene, ticket)
            return
        self.windows.follower_acts()
        await self._event("SCAN", EventKey=scene, Ticket=ticket)

    async def clicks(self, key: str) -> None:
        """Click an item of the account's menu that sends its key."""
        self.windows.follower_acts()
        await self._event("CLICK", EventKey=key)

    async def views(self, url: str) -> None:
        await self._event("VIEW", EventKey=url)

    async def agrees(self, template_id: str, *, accept: bool = True) -> None:
        """Answer the question whether one notice of this template may come."""
        if accept:
            self.consents[template_id] = self.consents.get(template_id, 0) + 1
        status = "accept" if accept else "reject"
        answer = {"TemplateId": template_id, "SubscribeStatusString": status, "PopupScene": 1}
        await self._event("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": answer})

    async def _message(self, kind: str, **content: Any) -> None:
        assert self.following, "only followers can write to an account"
        self.windows.follower_writes()
        await self._post({"MsgType": kind} | content | self._message_id())

    async def _event(self, name: str, **content: Any) -> None:
        """Nobody does two things in one second: the time is what tells events apart."""
        self._last_event = max(self._server.seconds(), self._last_event + 1)
        await self._post({"MsgType": "event", "Event": name} | content, self._last_event)

    async def _post(self, content: dict[str, Any], when: int | None = None) -> None:
        self.acts()
        server = self._server
        made = server.seconds() if when is None else when
        fields = {"ToUserName": server.original_id, "FromUserName": self.openid, "CreateTime": made}
        try:
            reply = await server.deliver(fields | content, self._read_reply)
        except GivenUpError:
            reply = Shown("notice", "platform", BROKEN)
        if reply is not None and self.following:
            self.show(reply)

    def _read_reply(self, fields: dict[str, Any]) -> Shown:
        server = self._server
        return reply_shown(
            fields,
            self.openid,
            server.original_id,
            lambda kind, given: passive_message(kind, given, server.media),
        )

    def _message_id(self) -> dict[str, int]:
        return {"MsgId": next(self._message_ids)}
