"""Areas, and who looks after them now."""

from domain.directory import Area, Candidate, Level, Person, Rung, chain, ladder
from domain.errors import Refusal
from domain.tickets.steps import STAFF_ONLY, Kind
from services.desk import Desk
from services.directory.addresses import named_in, stem_of
from storage.directory import areas, assignments


def area(desk: Desk, code: str) -> Area:
    """The area of a code. Raises Refusal if there is none."""
    found = areas.find(desk.tx, code)
    if found is None:
        raise Refusal("没有这个地方，请重新选。")
    return found


def areas_below(desk: Desk, code: str) -> list[Area]:
    """Townships of the county, villages of a township."""
    return areas.children(desk.tx, code)


def find_areas(desk: Desk, within: str, words: str) -> list[Area]:
    """Townships and villages within an area whose name contains the words, with or without 村 or 镇 at the end.

    A name that fits exactly goes before names that only contain it. Two villages may share a name: both come. Where
    no name contains the words, they may be an address.
    """
    stem = words.strip().removesuffix("委会").removesuffix("村").removesuffix("镇").removesuffix("街道")
    stem = stem or words.strip()
    found = [
        one for one in areas.named_like(desk.tx, within, stem) if one.level in (Level.TOWNSHIP, Level.VILLAGE)
    ]
    exact = [one for one in found if words.strip() in (one.name, one.short_name, stem_of(one))]
    if not found:
        places = {one.code: one for one in areas.everywhere(desk.tx)}
        return [one for one in named_in(places, words) if one.code.startswith(within)]
    return exact or found


def route(desk: Desk, code: str) -> list[Candidate]:
    """Everybody who may own a matter of the area now, in the order in which it is offered."""
    return ladder(assignments.candidates(desk.tx, chain(code), desk.now))


def owners(desk: Desk, code: str, kind: Kind) -> list[Candidate]:
    """Who may own a matter of this kind, in order: an accusation is for county staff alone (信访工作条例 30).

    So is what somebody wants to talk about with a leader.
    """
    steps = route(desk, code)
    return [step for step in steps if step.rung is Rung.STAFF] if kind in STAFF_ONLY else steps


def current_cadre(desk: Desk, code: str) -> Person | None:
    """Whom a villager of the area turns to now: primary, deputy, supervisor, staff, whoever is there first."""
    return next((one.person for one in route(desk, code)), None)
