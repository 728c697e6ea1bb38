"""The menu below an account's talk: three buttons, five below each.

Rules: the pages on creating a menu (自定义菜单, 创建菜单) of both platforms.
"""

from dataclasses import dataclass
from typing import Any

from tests.standins.tencent.refusals import RefusalError

BUTTONS, SUB_BUTTONS = 3, 5
KEY_BYTES, URL_BYTES = 128, 1024
WITH_KEY = {
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
}


@dataclass(frozen=True)
class Rule:
    """One level's greatest name in bytes, and its error codes."""

    name_bytes: int
    kind: int
    name: int
    key: int
    url: int


TOP = Rule(16, kind=40017, name=40018, key=40019, url=40020)
BELOW = Rule(60, kind=40024, name=40025, key=40026, url=40027)


def check_menu(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons of a menu that may be. Raises RefusalError."""
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS:
        raise RefusalError(40016)
    for button in buttons:
        below = button.get("sub_button") or []
        if not below:
            _check_button(button, TOP)
            continue
        _check_name(button, TOP)
        if len(below) > SUB_BUTTONS:
            raise RefusalError(40023)
        for one in below:
            _check_button(one, BELOW)
    return buttons


def _check_button(button: dict[str, Any], rule: Rule) -> None:
    _check_name(button, rule)
    kind = button.get("type")
    if kind in WITH_KEY:
        if not 1 <= len(str(button.get("key", "")).encode()) <= KEY_BYTES:
            raise RefusalError(rule.key)
    elif kind == "view":
        if not 1 <= len(str(button.get("url", "")).encode()) <= URL_BYTES:
            raise RefusalError(rule.url)
    else:
        raise RefusalError(rule.kind)


def _check_name(button: dict[str, Any], rule: Rule) -> None:
    if not 1 <= len(str(button.get("name", "")).encode()) <= rule.name_bytes:
        raise RefusalError(rule.name)
