"""Messages in the shapes of the customer-service API (客服消息), with their limits."""

from typing import Any

from tests.standins.tencent.media import MediaStore
from tests.standins.tencent.refusals import RefusalError
from tests.standins.tencent.replies import TEXT_BYTES, text_message
from tests.standins.tencent.screen import Shown

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
        return text_message(content.get("content"), "custom")
    return Shown(kind, "custom", media=media.get_a(kind, content.get("media_id", "")).content)


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
