"""Areas, people, roles, who looks after what, and cards."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.errors import Refusal


class Level(StrEnum):
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"
    GROUP = "group"


_LEVEL_BY_LENGTH = {6: Level.COUNTY, 9: Level.TOWNSHIP, 12: Level.VILLAGE, 14: Level.GROUP}


def normal_code(code: str) -> str:
    """The house's form of a statistical code: trailing zeros of the 12-digit form are dropped.

    610528000000 (county) → 610528, 610528001000 (township) → 610528001; a group is its village's code and two
    digits. Raises ValueError when it is none of these. Source: 统计用区划代码 (国家统计局), 6+3+3 digits.
    """
    digits = code.strip()
    if re.fullmatch(r"\d{6}0{6}", digits):
        digits = digits[:6]
    elif re.fullmatch(r"\d{9}0{3}", digits):
        digits = digits[:9]
    if not digits.isascii() or not digits.isdigit() or len(digits) not in _LEVEL_BY_LENGTH:
        raise ValueError(f"区划代码应为 6、9、12 或 14 位数字：{code!r}")
    return digits


def level_of(code: str) -> Level:
    return _LEVEL_BY_LENGTH[len(code)]


def chain(code: str) -> tuple[str, ...]:
    """The area itself and every area around it, the smallest first."""
    return tuple(code[:length] for length in (14, 12, 9, 6) if length <= len(code))


def within(code: str, scope: str) -> bool:
    """Is the area `code` the area `scope`, or inside it?"""
    return code.startswith(scope)


class RoleName(StrEnum):
    VILLAGER = "villager"
    AGENT = "agent"
    CADRE = "cadre"
    SUPERVISOR = "supervisor"
    STAFF = "staff"
    OWNER = "owner"
    LEADER = "leader"
    """Answers for places and pairs; no ticket climbs to him, and he reads none."""
    EXPERT = "expert"


class Duty(StrEnum):
    """In which order the people of a grid are asked."""

    PRIMARY = "primary"
    DEPUTY = "deputy"


class Rung(StrEnum):
    """Steps of the ladder that a request climbs when nobody acts."""

    PRIMARY = "primary"
    DEPUTY = "deputy"
    SUPERVISOR = "supervisor"
    STAFF = "staff"


RUNGS = tuple(Rung)


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    parent: str | None
    level: Level
    name: str

    @property
    def short_name(self) -> str:
        return short_name(self.name)


def short_name(name: str) -> str:
    """An area's name as people say it: 窦村 for 窦村村委会."""
    for ending in ("社区居委会", "村民委员会", "村委会", "居委会"):
        stem = name.removesuffix(ending)
        if stem and stem != name:
            if ending == "社区居委会":
                return stem + "社区"
            return stem if stem.endswith(("村", "社区")) else stem + "村"
    return name


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    phone: str
    area: str | None
    """The village a villager is bound to. None before she scanned a card or picked one."""
    consented: bool
    household: str = ""
    """Of the card by which she came in, if that was a household's."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account of somebody on one messenger. The first message makes a person for it, nameless yet."""

    id: int
    channel: str
    address: str
    person: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may own a matter of an area, on which rung, and for how large an area."""

    person: Person
    rung: Rung
    area: str
    on_leave: bool


def ladder(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates in the order in which a matter is offered to them; those on leave are left out.

    Lower rungs first; on one rung whoever looks after the smaller area, then whoever was entered first.
    """
    present = [candidate for candidate in candidates if not candidate.on_leave]
    return sorted(present, key=lambda c: (RUNGS.index(c.rung), -len(c.area), c.person.id))


@dataclass(frozen=True, slots=True)
class Card:
    id: int
    serial: str
    area: str
    household: str
    revoked_at: datetime | None


_SERIAL_BYTES = 6
_SEAL_BYTES = 10


def new_serial() -> str:
    """A random card serial: 48 bits, 8 characters of [A-Za-z0-9_-]."""
    return urlsafe_b64encode(secrets.token_bytes(_SERIAL_BYTES)).decode()


def card_token(serial: str, key: bytes) -> str:
    """What the QR code carries: the serial and an 80-bit seal, 22 characters, each in [A-Za-z0-9_-].

    Short enough for a Telegram start payload (64) and a WeChat scene (64).
    """
    return serial + urlsafe_b64encode(_seal(serial, key)).decode().rstrip("=")


def card_serial(token: str, key: bytes) -> str:
    """The serial of a genuine token. Raises Refusal for a forged or damaged one."""
    serial = token[:8]
    if not token.isascii() or not hmac.compare_digest(token.encode(), card_token(serial, key).encode()):
        raise Refusal("这张卡认不出来，请再扫一次，或找村干部换一张。")
    return serial


def _seal(serial: str, key: bytes) -> bytes:
    return hmac.new(key, b"card:" + serial.encode(), hashlib.sha256).digest()[:_SEAL_BYTES]
