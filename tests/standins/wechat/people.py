"""People who follow a service account."""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.standins.tencent.people import Person
from tests.standins.tencent.screen import Shown
from tests.standins.wechat.windows import Windows

if TYPE_CHECKING:
    from tests.standins.wechat.server import WeChatServer

BROKEN = "该公众号提供的服务出现故障，请稍后再试"
CODE_ENDED = "二维码已过期"


class Follower(Person):
    def __init__(self, openid: str, server: "WeChatServer", *, following: bool = False) -> None:
        super().__init__(openid, server)
        self.following = following
        self.receives = True
        """Whether the account's messages are switched on in its settings."""
        self.sends = 0
        """Customer-service messages spent on this person since ever."""
        self.windows = Windows(server.clock)
        self.consents: Counter[str] = Counter()
        """Subscribe notices agreed to and not yet sent, by template."""
        self.mass_times: list[datetime] = []
        """When mass messages came."""
        self.template_fate = "success"
        """What becomes of template messages to her: or "failed:user block", "failed: system failed"."""
        self._codes = server.qrcodes

    async def sends_voice(self, content: bytes, recognition: str = "") -> None:
        medium = self._account.media.keep("voice", content)
        await self._message("voice", MediaId=medium.media_id, Format="amr", Recognition=recognition)

    async def taps(self, label: str, *, as_zero: bool = False) -> None:
        """Tap a menu item, named as `Screen.item` wants. `as_zero`: its id is lost on the way, as it happens."""
        item_id, content = self.item(label)
        known = {"Content": content, "bizmsgmenuid": "0" if as_zero else item_id}
        self.windows.follower_acts()
        await super()._message("text", **known)

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
            code = self._codes.scanned(url_or_scene)
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
            self.consents[template_id] += 1
        status = "accept" if accept else "reject"
        answer = {"TemplateId": template_id, "SubscribeStatusString": status, "PopupScene": 1}
        await self._event("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": answer})

    async def _message(self, kind: str, **content: Any) -> None:
        assert self.following, "only followers can write to an account"
        self.windows.follower_writes()
        await super()._message(kind, **content)

    def show(self, message: Shown) -> None:
        if self.following or message.via == "platform":
            super().show(message)

    def _without_answer(self) -> Shown | None:
        return Shown("notice", "platform", BROKEN) if self.following else None
