"""From the fields of a message or event to what a person did."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from domain.talk import Inbound, Media, MediaKind, typed

Fields = Mapping[str, str]

_ADDRESS = re.compile(r"\S{1,128}")
_NUMBER = re.compile(r"[0-9]{1,20}")
_MEDIA_ID = re.compile(r"\S{1,300}")
"""As long as an attachment's `ref`."""
_WIRE = re.compile(r"[0-9]{1,9}:.+|[a-z]:[\w:-]+")
"""Wire ids of our choices. WeChat may give back "0" in place of the id that a menu was sent with."""
_SCENE = "qrscene_"
_LONGEST_SCENE = 64
_HELLO = "开始"
"""What somebody is taken to say who comes without a code."""


class NotAMessageError(Exception):
    """Signed by the platform, yet nothing that it would send to this account."""


@dataclass(frozen=True, slots=True)
class Said:
    """A person did something."""

    inbound: Inbound


@dataclass(frozen=True, slots=True)
class Left:
    """A person no longer follows the account: nothing reaches them any more."""

    address: str
    update_id: str


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of a message that we sent some time ago."""

    kind: Literal["template", "mass"]
    remote_id: str
    """The `msgid` that WeChat gave when it took the message."""
    status: str
    """In WeChat's own words; `success` or `send success` when it arrived."""
    reached: int | None = None
    """Of a mass message: how many have it."""


Event = Said | Left | Reported

_JOBS: Mapping[str, Literal["template", "mass"]] = {
    "templatesendjobfinish": "template",
    "masssendjobfinish": "mass",
}


def understand(channel: str, fields: Fields, ourselves: str = "") -> Event | None:
    """What happened; None for what is none of ours, as the position that an app reports by itself.

    ourselves: the account's original id or the corpid, "" when it is not known. Raises NotAMessageError.
    """
    address, to, kind = (fields.get(name, "") for name in ("FromUserName", "ToUserName", "MsgType"))
    if not _ADDRESS.fullmatch(address) or not to or not kind or (ourselves and to != ourselves):
        raise NotAMessageError
    if kind.lower() == "event":
        return _happened(channel, address, fields)
    read = _MESSAGES.get(kind.lower())
    if read is None:
        return None
    bare = Inbound(channel, address, _number(fields, "MsgId"))
    did = read(bare, fields)
    return Said(replace(did, opens="tap" if "bizmsgmenuid" in fields else "message")) if did != bare else None


def _happened(channel: str, address: str, fields: Fields) -> Event | None:
    name = fields.get("Event", "").lower()
    if not name:
        raise NotAMessageError
    if job := _JOBS.get(name):
        return Reported(job, _number(fields, "MsgID"), typed(fields.get("Status", "")), _count(fields))
    if name == "unsubscribe":
        return Left(address, _event_id(fields))
    read = _TAPS.get(name)
    if read is None:
        return None
    bare = Inbound(channel, address, _event_id(fields))
    did = read(bare, typed(fields.get("EventKey", "")))
    return Said(replace(did, opens="tap")) if did != bare else None


def _count(fields: Fields) -> int | None:
    told = fields.get("SentCount", "")
    return int(told) if re.fullmatch(r"[0-9]{1,9}", told) else None


def _words(bare: Inbound, fields: Fields) -> Inbound:
    wire = fields.get("bizmsgmenuid", "")
    if _WIRE.fullmatch(wire):
        return replace(bare, choice=wire)
    return replace(bare, text=typed(fields.get("Content", "")))


def _voice(bare: Inbound, fields: Fields) -> Inbound:
    mime = "audio/amr" if fields.get("Format", "").lower() == "amr" else ""
    heard = typed(fields.get("Recognition", ""))
    return replace(bare, media=(Media("voice", _media_id(fields), mime=mime, heard=heard),))


def _media(kind: MediaKind) -> Callable[[Inbound, Fields], Inbound]:
    return lambda bare, fields: replace(bare, media=(Media(kind, _media_id(fields)),))


def _place(bare: Inbound, fields: Fields) -> Inbound:
    """`Location_X` is the latitude."""
    return replace(bare, place=(_degrees(fields, "Location_X", 90), _degrees(fields, "Location_Y", 180)))


def _page(bare: Inbound, fields: Fields) -> Inbound:
    named = (typed(fields.get(name, "")).strip() for name in ("Title", "Url"))
    return replace(bare, text="\n".join(part for part in named if part))


_MESSAGES: Mapping[str, Callable[[Inbound, Fields], Inbound]] = {
    "text": _words,
    "image": _media("image"),
    "voice": _voice,
    "video": _media("video"),
    "shortvideo": _media("video"),
    "file": _media("file"),
    "location": _place,
    "link": _page,
}


def _followed(bare: Inbound, key: str) -> Inbound:
    return _scanned(bare, key.removeprefix(_SCENE) if key.startswith(_SCENE) else "")


def _scanned(bare: Inbound, scene: str) -> Inbound:
    if 1 <= len(scene) <= _LONGEST_SCENE:
        return replace(bare, link=scene)
    return replace(bare, text=_HELLO)


def _clicked(bare: Inbound, key: str) -> Inbound:
    return replace(bare, choice=key or None)


_TAPS: Mapping[str, Callable[[Inbound, str], Inbound]] = {
    "subscribe": _followed,
    "scan": _scanned,
    "click": _clicked,
}


def _event_id(fields: Fields) -> str:
    """Events have no number. The sender's id is not in it, for it must be gone when the person has left."""
    _number(fields, "CreateTime")
    named = "\n".join(fields.get(name, "") for name in ("FromUserName", "CreateTime", "Event", "EventKey"))
    return "e:" + hashlib.sha256(named.encode()).hexdigest()[:32]


def _number(fields: Fields, name: str) -> str:
    value = fields.get(name, "")
    if not _NUMBER.fullmatch(value):
        raise NotAMessageError
    return value


def _media_id(fields: Fields) -> str:
    value = fields.get("MediaId", "")
    if not _MEDIA_ID.fullmatch(value):
        raise NotAMessageError
    return value


def _degrees(fields: Fields, name: str, most: float) -> float:
    try:
        value = float(fields.get(name, ""))
    except ValueError:
        raise NotAMessageError from None
    if not -most <= value <= most:  # so is what is no number at all
        raise NotAMessageError
    return value
