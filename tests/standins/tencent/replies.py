"""Passive replies: what the service may answer a message with, and how it looks on the screen."""

from collections.abc import Callable
from typing import Any

from tests.standins.tencent.media import MediaStore
from tests.standins.tencent.refusals import RefusalError
from tests.standins.tencent.screen import Shown, text_shown

TEXT_BYTES = 2048


class BadReplyError(Exception):
    """An answer that the platform cannot use, and why."""


def reply_shown(fields: dict[str, Any], *, to: str, sender: str, media: MediaStore) -> Shown:
    """The message of a reply to `to`. Raises BadReplyError if anything in it is not as it must be."""
    for name, wanted in {"ToUserName": to, "FromUserName": sender}.items():
        if fields.get(name) != wanted:
            raise BadReplyError(f"{name} is {fields.get(name)!r}, not {wanted!r}")
    if not str(fields.get("CreateTime", "")).isdigit():
        raise BadReplyError(f"CreateTime is {fields.get('CreateTime')!r}")
    try:
        return _content_shown(fields.get("MsgType", ""), fields, media)
    except (KeyError, TypeError) as missing:
        raise BadReplyError(f"{missing} is missing") from None
    except RefusalError as no:
        raise BadReplyError(str(no)) from None


def _content_shown(kind: str, fields: dict[str, Any], media: MediaStore) -> Shown:
    def medium(name: str) -> Shown:
        return Shown(kind, "passive", media=media.get_a(kind, fields[name]["MediaId"]).content)

    show: dict[str, Callable[[], Shown]] = {
        "text": lambda: text_message(fields["Content"], "passive"),
        "image": lambda: medium("Image"),
        "voice": lambda: medium("Voice"),
    }
    if kind not in show:
        raise BadReplyError(f"MsgType is {kind!r}")
    return show[kind]()


def text_message(text: Any, via: str) -> Shown:
    """A text on the screen, if it is not empty and not too long."""
    if not isinstance(text, str) or not text.strip():
        raise RefusalError(44004)
    if len(text.encode()) > TEXT_BYTES:
        raise RefusalError(45002)
    return text_shown("text", via, text)
