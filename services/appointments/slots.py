"""Staff open times for talks; people see those that are free for them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.appointments.times import PLACE_LENGTH, Slot, check_opening, pieces
from domain.delivery import CHINA
from domain.directory import Person, RoleName
from domain.errors import Refusal
from services.desk import Desk
from storage import slots
from storage.directory import areas, people
from storage.slots import Arranged


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours of a day that a leader has for talks."""

    leader: int
    level: str
    day: date
    start: time
    end: time
    place: str
    area: str


@dataclass(frozen=True, slots=True)
class Opened:
    """How many times were opened, and at how many the leader has another talk already."""

    new: int
    known: int


def open_times(desk: Desk, opening: Opening) -> Opened:
    """Cut the hours into talks that can be booked. Raises Refusal for a day or hours that do not fit."""
    rules = desk.county.talks
    cut = pieces(opening.day, opening.start, opening.end, rules.minutes)
    check_opening(opening.day, today(desk), cut)
    if opening.level not in rules.all_levels:
        raise Refusal(f"没有“{opening.level}”这一级，有：{'、'.join(rules.all_levels)}。")
    if areas.find(desk.tx, opening.area) is None:
        raise Refusal("没有这个区划代码，请核对。")
    place = opening.place.strip()[:PLACE_LENGTH]
    if not place:
        raise Refusal("在哪儿谈？请写上地点。")
    new = sum(slots.add(desk.tx, opening.leader, opening.level, opening.area, times, place) for times in cut)
    return Opened(new, len(cut) - new)


def withdraw(desk: Desk, slot: int, person: Person) -> Slot:
    """Take a time back that nobody has booked. Raises Refusal otherwise."""
    found = check_free(desk, slot, person)
    slots.withdraw(desk.tx, slot, desk.now)
    return found


def check_free(desk: Desk, slot: int, person: Person) -> Slot:
    """A time that nobody has booked, of the leader himself or of the staff's area. Raises Refusal otherwise."""
    found = slots.lock_free(desk.tx, slot)
    if found is None or not (person.id == found.leader or found.area.startswith(scope(desk, person) or "-")):
        raise Refusal("这个时间有人约了，或已撤下。")
    return found


def free_for(desk: Desk, person: Person, count: int, skip: int = 0) -> list[Slot]:
    """Times of later days that the person may book, by her post and where she lives or serves."""
    roles = people.roles(desk.tx, person.id, desk.now)
    levels = desk.county.talks.levels_of([role for role, _ in roles])
    homes = [area for _, area in roles] + ([person.area] if person.area else [])
    return slots.free(desk.tx, homes or [desk.county.code], levels, tomorrow(desk), count, skip)


def free_of_leader(desk: Desk, slot: Slot, count: int) -> list[Slot]:
    return slots.free_of(desk.tx, slot.leader, desk.now, count)


def arranged(desk: Desk, person: Person, count: int, skip: int = 0) -> list[Arranged]:
    """What is to come: all of the area for staff, a leader's own for him."""
    area = scope(desk, person)
    return slots.arranged(desk.tx, area or "", None if area else person.id, desk.now, count, skip)


def all_arranged(desk: Desk, area: str, count: int) -> list[Arranged]:
    """What is to come in an area and all within it."""
    return slots.arranged(desk.tx, area, None, desk.now, count)


def scope(desk: Desk, person: Person) -> str | None:
    """The area in which the person opens times: where he is staff."""
    roles = people.roles(desk.tx, person.id, desk.now)
    return min((area for role, area in roles if role is RoleName.STAFF), key=len, default=None)


def leaders(desk: Desk, area: str, count: int, words: str = "") -> list[Person]:
    return slots.leaders(desk.tx, area, desk.now, count, words)


def is_reached(desk: Desk, leader: int) -> bool:
    """Has he an account, on which he can be asked?"""
    return people.has_account(desk.tx, leader)


def level_of(desk: Desk, leader: int) -> str | None:
    """The level at which he last had a time, if the county still has it."""
    level = slots.level_of(desk.tx, leader)
    return level if level in desk.county.talks.all_levels else None


def places(desk: Desk, area: str, count: int) -> list[str]:
    return slots.recent_places(desk.tx, area, count)


def today(desk: Desk) -> date:
    return desk.now.astimezone(CHINA).date()


def tomorrow(desk: Desk) -> datetime:
    """The moment at which the next day begins in China."""
    return datetime.combine(today(desk) + timedelta(days=1), time(), CHINA)
