"""The menu below the talk with an account or app: checked by the platforms' limits, pushed, and read back.

Source: 微信公众平台, 自定义菜单, and 企业微信开发者中心, 自定义菜单.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.tencent.api import Api, RefusedError

BUTTONS, BELOW = 3, 5
"""Buttons at the most, and below each of them."""
NAME_BYTES, KEY_BYTES, URL_BYTES = 16, 128, 1024
_NO_MENU = 46003


@dataclass(frozen=True, slots=True)
class Button:
    """It says something (`key`), opens a page (`url`), or has more below it."""

    name: str
    key: str = ""
    url: str = ""
    below: tuple["Button", ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What differs between the platforms."""

    below_bytes: int
    """The longest name of a button that is below another."""
    shown_at: str
    """Where the menu in force is read."""
    query: Mapping[str, str] = field(default_factory=dict)
    """What goes with every call beside the token."""


def problems(buttons: Sequence[Button], place: Place, known: Collection[str]) -> list[str]:
    """Why the platform or we could not serve such a menu, a line each. `known`: the keys that we understand."""
    found = [f"the menu has {len(buttons)} buttons; there can be 1 to {BUTTONS}"]
    if 1 <= len(buttons) <= BUTTONS:
        found = []
    for button in buttons:
        found += _problems(button, NAME_BYTES, known)
        if len(button.below) > BELOW:
            found.append(f"{button.name}: {len(button.below)} buttons are below it; there can be {BELOW}")
        for one in button.below:
            found += _problems(one, place.below_bytes, known)
            if one.below:
                found.append(f"{one.name}: nothing can be below a button that is below another")
    return found


def _problems(button: Button, name_bytes: int, known: Collection[str]) -> Iterator[str]:
    name = button.name
    if not 1 <= len(name.encode()) <= name_bytes:
        yield f"{name or 'a button'}: its name has {len(name.encode())} bytes; it can have 1 to {name_bytes}"
    if sum(map(bool, (button.key, button.url, button.below))) != 1:
        yield f"{name}: give it a key, or a url, or buttons below it"
    if len(button.key.encode()) > KEY_BYTES:
        yield f"{name}: its key has more than {KEY_BYTES} bytes"
    elif button.key and button.key not in known:
        yield f"{name}: nobody knows the key {button.key}; known are {', '.join(known)}"
    if len(button.url.encode()) > URL_BYTES:
        yield f"{name}: its url has more than {URL_BYTES} bytes"
    elif button.url and not button.url.startswith(("https://", "http://")):
        yield f"{name}: its url does not begin with https://"


async def push(api: Api, place: Place, buttons: Sequence[Button]) -> None:
    """Put the menu in force; phones show it within minutes. Raises CallError."""
    await api.post("/cgi-bin/menu/create", {"button": [_written(one) for one in buttons]}, query=place.query)


async def in_force(api: Api, place: Place) -> tuple[Button, ...]:
    """The menu that people see, by whomever it was made. Raises CallError."""
    try:
        told = await api.get(place.shown_at, place.query)
    except RefusedError as no:
        if no.code == _NO_MENU:
            return ()
        raise
    if told.get("is_menu_open") == 0:  # switched off on WeChat's page, where it is kept
        return ()
    menu = told.get("selfmenu_info") or told
    return tuple(_read(one) for one in menu.get("button") or ())


def _written(button: Button) -> dict[str, Any]:
    if button.below:
        return {"name": button.name, "sub_button": [_written(one) for one in button.below]}
    if button.key:
        return {"type": "click", "name": button.name, "key": button.key}
    return {"type": "view", "name": button.name, "url": button.url}


def _read(told: Mapping[str, Any]) -> Button:
    """WeChat wraps what is below a button in a `list`. What else it has, as pictures, is named by its kind."""
    below = told.get("sub_button") or ()
    if isinstance(below, Mapping):
        below = below.get("list") or ()
    name, kind = str(told.get("name", "")), str(told.get("type", ""))
    if below:
        return Button(name, below=tuple(_read(one) for one in below))
    if kind == "view":
        return Button(name, url=str(told.get("url", "")))
    return Button(name, key=str(told.get("key") or f"({kind})"))
