"""People with the app in their hands. What they do goes to the account's address as the platform would post it."""

import itertools
from typing import Any

from tests.standins.tencent.callback import CallbackServer, GivenUpError
from tests.standins.tencent.screen import Screen, Shown


class Person(Screen):
    """Every act returns once the exchange is over: answered, or given up after three deliveries."""

    _message_ids = itertools.count(24_000_000_000_000_001)

    def __init__(self, name: str, server: CallbackServer) -> None:
        super().__init__()
        self.name = name
        """Openid or userid."""
        self._account = server
        self._last_event = 0

    async def says(self, text: str) -> None:
        await self._message("text", Content=text)

    async def sends_photo(self, content: bytes) -> None:
        medium = self._account.media.keep("image", content)
        await self._message("image", PicUrl=self._account.public_address(medium), MediaId=medium.media_id)

    async def sends_voice(self, content: bytes) -> None:
        medium = self._account.media.keep("voice", content)
        await self._message("voice", MediaId=medium.media_id, Format="amr")

    async def sends_video(self, content: bytes, *, short: bool = False) -> None:
        medium = self._account.media.keep("video", content)
        thumb = self._account.media.keep("thumb", b"\xff\xd8\xff")
        kind = "shortvideo" if short else "video"
        await self._message(kind, MediaId=medium.media_id, ThumbMediaId=thumb.media_id)

    async def sends_location(self, latitude: float, longitude: float, label: str = "") -> None:
        await self._message("location", Location_X=latitude, Location_Y=longitude, Scale=16, Label=label)

    async def sends_link(self, url: str, title: str = "", description: str = "") -> None:
        await self._message("link", Title=title, Description=description, Url=url)

    async def _message(self, kind: str, **content: Any) -> None:
        message = {"MsgType": kind} | content | {"MsgId": next(self._message_ids)}
        await self._act(message, self._account.seconds())

    async def _event(self, name: str, **content: Any) -> None:
        """Nobody does two things in one second: the time is what tells events apart."""
        self._last_event = max(self._account.seconds(), self._last_event + 1)
        await self._act({"MsgType": "event", "Event": name} | content, self._last_event)

    async def _act(self, content: dict[str, Any], when: int) -> None:
        self.acts()
        who = {"ToUserName": self._account.account, "FromUserName": self.name, "CreateTime": when}
        try:
            reply = await self._account.deliver(who | content)
        except GivenUpError:
            reply = self._without_answer()
        if reply is not None:
            self.show(reply)

    def _without_answer(self) -> Shown | None:
        """What the platform shows if the service never answered."""
        return None
