"""What a person's screen shows of an account."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs

MENU_LINK = re.compile(r'<a href="weixin://bizmsgmenu\?(?P<query>[^"]*)">(?P<label>[^<]*)</a>')


@dataclass
class Shown:
    """One message as the screen shows it. `text` holds everything that can be read, a menu's items too."""

    kind: str
    """text, image, voice, video, file, msgmenu, template, or notice for the platform's own words."""
    via: str
    """passive, custom, template, subscribe, mass; message on WeCom; platform for its own words."""
    text: str = ""
    menu: list[tuple[str, str]] = field(default_factory=list)
    """What can be tapped: (id, content)."""
    media: bytes | None = None


class Screen:
    def __init__(self) -> None:
        self.messages: list[Shown] = []
        self._changed = asyncio.Event()
        self._acted_at = 0

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    def show(self, message: Shown) -> None:
        self.messages.append(message)
        self._changed.set()

    def acts(self) -> None:
        """The person does something: what comes from now on is new."""
        self._acted_at = len(self.messages)

    def item(self, label: str) -> tuple[str, str]:
        """The (id, content) of the newest menu that has it, named by its id, its content, or its words alone."""
        for message in reversed(self.messages):
            for item_id, content in message.menu:
                if label in (item_id, content, content.partition(" ")[2]):
                    return item_id, content
        raise AssertionError(f"no item {label!r} in {[message.menu for message in self.messages]}")

    async def sees(self, fragment: str, timeout: float = 5) -> Shown:  # noqa: ASYNC109
        """Wait for a message with this in it, come since the person last did something."""
        until = time.monotonic() + timeout
        while True:
            self._changed.clear()
            new = self.messages[self._acted_at :]
            for message in new:
                if fragment in message.text:
                    return message
            try:
                await asyncio.wait_for(self._changed.wait(), until - time.monotonic())
            except TimeoutError:
                raise AssertionError(f"{fragment!r} never came, only {[m.text for m in new]}") from None


def text_shown(kind: str, via: str, text: str) -> Shown:
    """A text with its `weixin://bizmsgmenu` links as the app shows them: their labels, which can be tapped."""
    menu = []
    for link in MENU_LINK.finditer(text):
        query = parse_qs(link["query"].replace("&amp;", "&"))
        menu.append((query.get("msgmenuid", ["0"])[0], query.get("msgmenucontent", [""])[0]))
    return Shown(kind, via, MENU_LINK.sub(lambda link: link["label"], text), menu)
