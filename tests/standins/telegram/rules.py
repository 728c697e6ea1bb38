"""What Telegram allows: how much, how fast, in what shape; and how it says no."""

import json
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.standins.telegram.people import Message

MEDIA = {"sendPhoto": "photo", "sendVoice": "voice", "sendAudio": "audio", "sendVideo": "video"} | {
    "sendDocument": "document"
}
SENDING = {"sendMessage", *MEDIA}
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
DATA_LIMIT = 64


class RefusalError(Exception):
    def __init__(self, status: int, description: str, **parameters: int) -> None:
        self.body = {"ok": False, "error_code": status, "description": description}
        if parameters:
            self.body["parameters"] = parameters
        self.status = status


@dataclass(frozen=True)
class Limits:
    """How fast one may send. `burst` messages to a chat may come at once before its second-by-second begins."""

    per_second: float = 30
    per_chat_second: float = 1
    burst: int = 5


PUBLISHED = Limits()


class Bucket:
    def __init__(self, rate: float, size: float) -> None:
        self.rate, self.size, self.left, self.at = rate, size, size, time.monotonic()

    def missing(self) -> float:
        """Seconds until one more may pass; 0 lets it pass."""
        now = time.monotonic()
        self.left = min(self.size, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return (1 - self.left) / self.rate
        self.left -= 1
        return 0


def message_of(method: str, params: dict[str, Any]) -> Message:
    """What the chat would show. Raises RefusalError where Telegram would."""
    kind = MEDIA.get(method, "")
    text = params.get("caption" if kind else "text", "")
    if not kind and not text.strip():
        raise RefusalError(400, "Bad Request: message text is empty")
    if len(text) > (CAPTION_LIMIT if kind else TEXT_LIMIT):
        raise RefusalError(400, "Bad Request: message is too long")
    keyboard = params.get("reply_markup", {}).get("inline_keyboard", [])
    rows = [[(button["text"], button["callback_data"]) for button in row] for row in keyboard]
    if any(not 1 <= len(data.encode()) <= DATA_LIMIT for row in rows for _, data in row):
        raise RefusalError(400, "Bad Request: BUTTON_DATA_INVALID")
    upload = params.get(kind)
    if kind and not isinstance(upload, tuple):
        raise RefusalError(400, f"Bad Request: there is no {kind} in the request")
    content, mime = upload if kind else (None, "")
    return Message(0, text, rows, content, kind, mime)


async def params_of(request: web.Request) -> dict[str, Any]:
    """Parameters by name from JSON or a form; an uploaded file is (bytes, MIME type)."""
    if request.content_type == "application/json":
        return await request.json()
    params: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params[name] = (value.file.read(), value.content_type)
        else:
            params[name] = json.loads(value) if name == "reply_markup" else value
    return params
