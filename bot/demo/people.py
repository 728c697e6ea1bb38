"""The demo's people: a visitor becomes a villager, an agent, or whoever has a role in an area."""

import secrets

from domain.directory import Level, Person, RoleName, Rung, within
from domain.errors import Refusal
from services import directory
from services.desk import Desk
from storage import turns
from storage.directory import people

_NAMES = ("王秀兰", "李桂英", "张玉芳", "刘春花", "赵淑珍", "陈桂香", "杨秀英", "党玉梅")
"""Invented villagers of the demo."""
_ROLE_NAMES = {
    "villager": "群众",
    "agent": "代办员",
    "cadre": "网格员",
    "supervisor": "镇督办",
    "staff": "县组织部",
}
_DIGITS = {"supervisor": 9, "staff": 6}
"""Of the code of the area for which those serve who do not serve a village."""
_RUNGS = {"cadre": Rung.PRIMARY, "supervisor": Rung.SUPERVISOR, "staff": Rung.STAFF}


def become(desk: Desk, persona: str, code: str) -> tuple[str, str, bool]:
    """(account address, title, whether the account is new) for a role in an area. Raises Refusal if unknown."""
    if persona not in _ROLE_NAMES:
        raise Refusal("没有这个身份。")
    area = directory.area(desk, code or _first_village(desk))
    if area.level not in (Level.VILLAGE, Level.GROUP):
        raise Refusal("请选一个村。")
    person = _found(desk, persona, area.code) or _invented(desk, persona, area.code)
    address = f"demo-{persona}-{person.id}"
    place = directory.area(desk, area.code[: _DIGITS.get(persona, len(area.code))])
    title = f"{place.short_name} · {_ROLE_NAMES[persona]} {person.name}"
    new = people.account_of(desk.tx, "web", address) is None
    if new:
        turns.open_account(desk.tx, "web", address, person.id, desk.now)
    return address, title, new


def _first_village(desk: Desk) -> str:
    townships = directory.areas_below(desk, desk.county.code)
    return directory.areas_below(desk, townships[0].code)[0].code if townships else ""


def _found(desk: Desk, persona: str, code: str) -> Person | None:
    rung = _RUNGS.get(persona)
    if rung is None:
        return None
    return next((one.person for one in directory.route(desk, code) if one.rung is rung), None)


def _invented(desk: Desk, persona: str, code: str) -> Person:
    """A new villager (or agent) of the village, who has agreed already. Her number cannot be dialled."""
    if persona not in {"villager", "agent"}:
        raise Refusal("这个村还没有安排这个人，请换一个村。")
    phone = f"000{secrets.randbelow(10**8):08}"
    person = people.add(desk.tx, desk.now, name=secrets.choice(_NAMES), phone=phone)
    people.bind(desk.tx, person, code, "", desk.now)
    role = RoleName.AGENT if persona == "agent" else RoleName.VILLAGER
    people.add_role(desk.tx, person, role, code, desk.now)
    found = people.find(desk.tx, person)
    if found is None or not within(code, desk.county.code):
        raise Refusal("请选一个村。")
    return found
