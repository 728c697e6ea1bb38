"""People with the Telegram app in their hands, and what their screens show."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

Deliver = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


@dataclass
class Message:
    """One message of the bot as the chat shows it."""

    message_id: int
    text: str
    rows: list[list[tuple[str, str]]] = field(default_factory=list)
    """Buttons as they lie: rows of (label, data)."""
    media: bytes | None = None
    kind: str = ""
    """photo, voice, audio, video, document, or nothing."""
    mime: str = ""

    @property
    def buttons(self) -> list[tuple[str, str]]:
        return [button for row in self.rows for button in row]


class Chat:
    """Everything the bot sent to one person."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.changed = asyncio.Event()

    def add(self, message: Message) -> None:
        self.messages.append(message)
        self.changed.set()

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]


class User:
    """A person. Every act returns the update it made, once the bot has it (webhook) or it is queued (polling)."""

    _message_ids = itertools.count(500_000)

    def __init__(self, user_id: int, chat: Chat, deliver: Deliver, keep_file: Callable[..., str]) -> None:
        self.id = user_id
        self.chat = chat
        self._deliver = deliver
        self._keep_file = keep_file
        self._acted_at = 0
        """How many messages were on the screen when the person last did something."""

    async def says(self, text: str) -> dict[str, Any]:
        return await self.sends(text=text)

    async def starts(self, payload: str = "") -> dict[str, Any]:
        return await self.says(f"/start {payload}".rstrip())

    async def sends_photo(self, content: bytes, caption: str = "") -> dict[str, Any]:
        small = self._keep_file("photos", "jpg", content[:10])
        large = self._keep_file("photos", "jpg", content)
        sizes = [
            {"file_id": small, "file_unique_id": small, "width": 90, "height": 67, "file_size": 10},
            {
                "file_id": large,
                "file_unique_id": large,
                "width": 1280,
                "height": 960,
                "file_size": len(content),
            },
        ]
        return await self.sends(photo=sizes, **({"caption": caption} if caption else {}))

    async def sends_voice(self, content: bytes, seconds: int = 3) -> dict[str, Any]:
        ref = self._keep_file("voice", "oga", content)
        voice = {"file_id": ref, "file_unique_id": ref, "duration": seconds, "mime_type": "audio/ogg"}
        return await self.sends(voice=voice | {"file_size": len(content)})

    async def sends_file(self, content: bytes, name: str, mime: str = "") -> dict[str, Any]:
        ref = self._keep_file("documents", name.rpartition(".")[2], content)
        paper = {"file_id": ref, "file_unique_id": ref, "file_name": name, "file_size": len(content)}
        return await self.sends(document=paper | ({"mime_type": mime} if mime else {}))

    async def sends_place(self, latitude: float, longitude: float) -> dict[str, Any]:
        return await self.sends(location={"latitude": latitude, "longitude": longitude})

    async def sends(self, **content: Any) -> dict[str, Any]:
        """A message with any content the Bot API knows."""
        self._acted_at = len(self.chat.messages)
        return await self._deliver({"message": self._message() | content})

    async def taps(self, label_or_data: str) -> dict[str, Any]:
        """Tap a button of the newest message that has it, named by its data or its label, numbered or not."""
        for message in reversed(self.chat.messages):
            for label, data in message.buttons:
                if label_or_data in (data, label, label.partition(" ")[2]):
                    return await self._tap(message, data)
        raise AssertionError(f"no button {label_or_data!r} in {[m.buttons for m in self.chat.messages]}")

    async def sees(self, fragment: str, timeout: float = 5) -> Message:  # noqa: ASYNC109
        """Wait for a message with this in it, come since the person last did something."""
        until = time.monotonic() + timeout
        while True:
            self.chat.changed.clear()
            new = self.chat.messages[self._acted_at :]
            for message in new:
                if fragment in message.text:
                    return message
            try:
                await asyncio.wait_for(self.chat.changed.wait(), until - time.monotonic())
            except TimeoutError:
                raise AssertionError(f"{fragment!r} never came, only {[m.text for m in new]}") from None

    async def _tap(self, message: Message, data: str) -> dict[str, Any]:
        self._acted_at = len(self.chat.messages)
        bot = {"id": 1, "is_bot": True, "first_name": "连心"}
        below = self._message() | {"message_id": message.message_id, "from": bot, "text": message.text}
        query = {"id": str(next(self._message_ids)), "from": self._self(), "chat_instance": "1"}
        return await self._deliver({"callback_query": query | {"message": below, "data": data}})

    def _message(self) -> dict[str, Any]:
        chat = {"id": self.id, "type": "private", "first_name": "村民"}
        who = {"message_id": next(self._message_ids), "from": self._self(), "chat": chat}
        return who | {"date": int(time.time())}

    def _self(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": "村民", "language_code": "zh-hans"}
