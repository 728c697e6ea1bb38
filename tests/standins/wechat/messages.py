"""Messages in the shapes of the customer-service API and of passive replies, with their limits."""

from collections.abc import Callable
from typing import Any

from tests.standins.tencent.callback import BadReplyError
from tests.standins.tencent.media import MediaStore
from tests.standins.tencent.refusals import RefusalError
from tests.standins.tencent.screen import Shown, text_shown

TEXT_BYTES = 2048
MENU_ITEMS = 10
MEDIA_KINDS = ("image", "voice", "video")


def custom_message(body: dict[str, Any], media: MediaStore, *, menus_allowed: bool) -> Shown:
    """What `message/custom/send` would show. Raises RefusalError."""
    kind = body.get("msgtype", "")
    content = body.get(kind)
    if kind == "msgmenu":
        return _menu(content or {}, allowed=menus_allowed)
    if kind != "text" and kind not in MEDIA_KINDS:
        raise RefusalError(40008)
    if not isinstance(content, dict):
        raise RefusalError(47001, kind)
    if kind == "text":
        return _text(content.get("content", ""), "custom")
    return Shown(kind, "custom", media=media.get_a(kind, content.get("media_id", "")).content)


def passive_message(kind: str, fields: dict[str, Any], media: MediaStore) -> Shown:
    """What a passive reply would show. Raises BadReplyError, and KeyError for a missing field."""
    show: dict[str, Callable[[], Shown]] = {
        "text": lambda: _text(fields["Content"], "passive"),
        "image": lambda: _medium("image", fields["Image"]["MediaId"], media),
        "voice": lambda: _medium("voice", fields["Voice"]["MediaId"], media),
    }
    if kind not in show:
        raise BadReplyError(f"MsgType is {kind!r}")
    try:
        return show[kind]()
    except RefusalError as no:
        raise BadReplyError(str(no)) from None


def _text(text: str, via: str) -> Shown:
    if not isinstance(text, str) or not text.strip():
        raise RefusalError(44004)
    if len(text.encode()) > TEXT_BYTES:
        raise RefusalError(45002)
    return text_shown("text", via, text)


def _medium(kind: str, media_id: str, media: MediaStore) -> Shown:
    return Shown(kind, "passive", media=media.get_a(kind, media_id).content)


def _menu(content: dict[str, Any], *, allowed: bool) -> Shown:
    if not allowed:
        raise RefusalError(40200)
    items = [(item.get("id"), item.get("content")) for item in content.get("list", [])]
    if not items or any(not isinstance(part, str) or not part for item in items for part in item):
        raise RefusalError(47001, "msgmenu.list")
    if len(items) > MENU_ITEMS:
        raise RefusalError(45098)
    parts = [content.get("head_content", ""), *(label for _, label in items), content.get("tail_content", "")]
    text = "\n".join(part for part in parts if part)
    if len(text.encode()) > TEXT_BYTES:
        raise RefusalError(45002)
    return Shown("msgmenu", "custom", text, items)
