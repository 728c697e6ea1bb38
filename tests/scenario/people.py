"""People as the scenarios know them: they say, tap, send and see, on whatever messenger they carry."""

import asyncio
import itertools
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp

from tests.recordings import voice
from tests.standins.telegram import TelegramServer, User
from tests.standins.tencent.screen import Screen
from tests.standins.wechat import Follower
from tests.standins.wecom import Member

WAIT = 30.0
"""Seconds, on a machine that has other things to do."""
VILLAGER_LIMIT = 60


@dataclass
class Seen:
    """One message on a screen: (label, wire id) buttons, and how many pictures or sounds."""

    text: str
    buttons: list[tuple[str, str]] = field(default_factory=list)
    media: int = 0


class Someone:
    """A person with a messenger. `sees` looks only at what came since it last found something."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.read = 0
        self.settled: Callable[[], Awaitable[None]]
        """Waits until all that is due has arrived; given by her county."""
        self.said: set[str] = set()
        """All that people of her county have said, which gives it too."""

    async def screen(self) -> list[Seen]:
        """Everything the service has said to her so far."""
        raise NotImplementedError

    async def says(self, text: str) -> Self:
        self.said.add(text)
        await self._write(text)
        return self

    async def _write(self, text: str) -> None:
        raise NotImplementedError

    async def sends_photo(self, content: bytes, caption: str = "") -> Self:
        raise NotImplementedError

    async def sends_file(self, content: bytes, name: str) -> Self:
        """Only where files reach us."""
        raise NotImplementedError

    async def _press(self, message: Seen, wire: str) -> None:
        raise NotImplementedError

    async def sees(self, fragment: str, within: float = WAIT) -> Seen:
        """Wait for a message with this in it."""
        until = time.monotonic() + within
        while True:
            screen = await self.screen()
            for number, message in enumerate(screen[self.read :], self.read):
                if fragment in message.text:
                    self.read = number + 1
                    return message
            if time.monotonic() > until:
                new = [message.text for message in screen[self.read :]]
                raise AssertionError(f"{self.name} never saw {fragment!r}; what came: {new}")
            await asyncio.sleep(0.02)

    async def sees_nothing_new(self) -> None:
        """Of all that has been said to anybody so far, once it has arrived."""
        await self.settled()
        new = [message.text for message in (await self.screen())[self.read :]]
        assert not new, f"{self.name} saw {new}"

    async def taps(self, label: str) -> Self:
        """Tap the newest button with this in its label."""
        for message in reversed(await self.screen()):
            for shown, wire in message.buttons:
                if label in shown:
                    await self._press(message, wire)
                    return self
        raise AssertionError(f"{self.name} has no button {label!r}")

    async def taps_wire(self, wire: str) -> Self:
        """Tap what nothing on the screen offers, as an old or a forged button would."""
        await self._press(Seen(""), wire)
        return self

    async def old_button(self, label: str) -> tuple[Seen, str]:
        """A button to be tapped later, when it is stale."""
        for message in reversed(await self.screen()):
            for shown, wire in message.buttons:
                if label in shown:
                    return message, wire
        raise AssertionError(f"{self.name} has no button {label!r}")

    async def taps_old(self, button: tuple[Seen, str]) -> Self:
        await self._press(*button)
        return self

    async def texts(self) -> list[str]:
        return [message.text for message in await self.screen()]


class OnTelegram(Someone):
    def __init__(self, name: str, server: TelegramServer, user: User) -> None:
        super().__init__(name)
        self._server = server
        self._user = user

    async def screen(self) -> list[Seen]:
        return [
            Seen(one.text, one.buttons, 1 if one.media else 0)
            for one in self._server.chat(self._user.id).messages
        ]

    async def opens(self, payload: str = "") -> Self:
        await self._user.starts(payload)
        return self

    async def _write(self, text: str) -> None:
        await self._user.says(text)

    async def sends_photo(self, content: bytes, caption: str = "") -> Self:
        self.said.add(caption)
        await self._user.sends_photo(content, caption)
        return self

    async def sends_voice(self, content: bytes) -> Self:
        await self._user.sends_voice(content)
        return self

    async def sends_file(self, content: bytes, name: str) -> Self:
        await self._user.sends_file(content, name)
        return self

    async def _press(self, _message: Seen, wire: str) -> None:
        await self._user.taps(wire)


_NUMBERED = re.compile(r"^(\d) (.+)$", re.MULTILINE)


class OnTencent(Someone):
    """Reads one text of several messages as she would, one after the other, and answers by number or by a tap."""

    def __init__(self, name: str, screen: Screen) -> None:
        super().__init__(name)
        self._screen = screen

    async def screen(self) -> list[Seen]:
        """Pictures and sounds come before the words that belong to them."""
        seen, media = [], 0
        for message in self._screen.messages:
            if message.media:
                media += 1
                continue
            tapped = dict(message.menu and [(content, item) for item, content in message.menu])
            for part in message.text.split("\n\n"):
                lines = _NUMBERED.findall(part)
                buttons = [
                    (label, f"tap {tapped[f'{number} {label}']}" if tapped else number)
                    for number, label in lines
                ]
                seen.append(Seen(part, buttons, media))
                media = 0
        return seen


class OnWeChat(OnTencent):
    def __init__(self, name: str, follower: Follower) -> None:
        super().__init__(name, follower)
        self.follower = follower

    async def opens(self, payload: str = "") -> Self:
        if payload:
            await self.follower.scans(payload)
        else:
            await self.follower.follows()
        return self

    async def sees(self, fragment: str, within: float = WAIT) -> Seen:
        """Who was long away looks in first, for nothing more could be sent to her meanwhile."""
        if not self.follower.windows.left:
            await self.says("9")
        return await super().sees(fragment, within)

    async def _write(self, text: str) -> None:
        await self.follower.says(text)

    async def sends_photo(self, content: bytes, caption: str = "") -> Self:
        await self.follower.sends_photo(content)
        return await self.says(caption) if caption else self

    async def sends_voice(self, _content: bytes) -> Self:
        await self.follower.sends_voice(voice("audio/amr"))
        return self

    async def _press(self, _message: Seen, wire: str) -> None:
        if wire.startswith("tap "):
            await self.follower.taps(wire.removeprefix("tap "))
        else:
            await self.follower.says(wire)


class OnWeCom(OnTencent):
    def __init__(self, name: str, member: Member) -> None:
        super().__init__(name, member)
        self.member = member

    async def opens(self, payload: str = "") -> Self:
        await self.member.follows()
        return await self.says(payload) if payload else self

    async def _write(self, text: str) -> None:
        await self.member.says(text)

    async def sends_photo(self, content: bytes, caption: str = "") -> Self:
        await self.member.sends_photo(content)
        return await self.says(caption) if caption else self

    async def sends_voice(self, _content: bytes) -> Self:
        await self.member.sends_voice(voice("audio/amr"))
        return self

    async def _press(self, _message: Seen, wire: str) -> None:
        await self.member.says(wire)


class OnWeb(Someone):
    """Speaks the web chat's API over HTTP, as the page does."""

    _ids = itertools.count(1)

    def __init__(self, name: str, http: aiohttp.ClientSession, base: str) -> None:
        super().__init__(name)
        self._http = http
        self._base = base
        self._token = ""
        self._after = 0
        self._shown: list[Seen] = []

    async def opens(self, payload: str = "") -> Self:
        body = {"card": payload} if payload else {}
        async with self._http.post(f"{self._base}/chat/api/session", json=body) as response:
            assert response.status == 200, await response.text()
            self._token = (await response.json())["token"]
        return self

    async def screen(self) -> list[Seen]:
        address = f"{self._base}/chat/api/messages?after={self._after}"
        async with self._http.get(address, headers=self._headers) as response:
            new = (await response.json())["messages"]
        if new:
            self._after = new[-1]["id"]
        self._shown += [
            Seen(one["text"], [(c["label"], c["id"]) for c in one["choices"]], len(one["media"]))
            for one in new
            if one["from"] == "bot"
        ]
        return self._shown

    async def _write(self, text: str) -> None:
        await self._post(json={"id": self._next_id(), "text": text})

    async def sends_photo(self, content: bytes, caption: str = "") -> Self:
        self.said.add(caption)
        form = aiohttp.FormData({"id": self._next_id(), "text": caption})
        form.add_field("file", content, filename="photo.jpg", content_type="image/jpeg")
        await self._post(data=form)
        return self

    async def sends_voice(self, content: bytes) -> Self:
        form = aiohttp.FormData({"id": self._next_id()})
        form.add_field("file", content, filename="voice.ogg", content_type="audio/ogg")
        await self._post(data=form)
        return self

    async def sends_file(self, content: bytes, name: str) -> Self:
        said = await self.offers_file(content, name)
        assert not said, said
        return self

    async def offers_file(self, content: bytes, name: str) -> str:
        """Send a file; what the page says if it is not taken."""
        form = aiohttp.FormData({"id": self._next_id(), "text": ""})
        form.add_field("file", content, filename=name, content_type="application/octet-stream")
        return await self._offer(data=form)

    async def _press(self, _message: Seen, wire: str) -> None:
        await self._post(json={"id": self._next_id(), "choice": wire})

    async def _post(self, **body: Any) -> None:
        said = await self._offer(**body)
        assert not said, said

    async def _offer(self, **body: Any) -> str:
        """What is said if it is refused."""
        async with self._http.post(
            f"{self._base}/chat/api/messages", headers=self._headers, **body
        ) as response:
            return "" if response.status == 200 else str((await response.json())["error"])

    def _next_id(self) -> str:
        return f"m{next(self._ids)}"

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


def ticket_number(text: str) -> int:
    found = re.search(r"(\d+)号", text)
    assert found, text
    return int(found[1])
