"""What is printed on 连心卡: a card for every village, or for single households, and the name of who looks after it now."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.directory import Area, Candidate, Duty, Level, Person, Rung, chain
from domain.errors import Refusal
from services.desk import Desk
from services.directory.areas import area
from services.directory.cards import issue_card
from storage.directory import areas, assignments

_CADRES = (Rung.PRIMARY, Rung.DEPUTY)


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """One card. `cadre` is None while nobody looks after the village."""

    area: Area
    township: Area
    token: str
    cadre: Person | None
    looks_after: tuple[Area, ...]
    """Everything whose first cadre that person is."""
    household: str = ""


_GRIDS = {Level.VILLAGE, Level.GROUP}
_LONGEST = 12
"""Characters of a household, as it fits on the card and before her words."""


def cards_to_print(desk: Desk, scope: str, households: Sequence[str] = ()) -> list[PrintedCard]:
    """A card for every village of a county or township, or for one village or group; cards in force stay.

    With `households`, a card for each of them instead. Raises Refusal when there is no such area, or no house in it.
    """
    here = area(desk, scope)
    named = list(dict.fromkeys(" ".join(one.split()) for one in households))
    if named and here.level not in _GRIDS:
        raise Refusal("一户一卡要指明哪个村、哪个组。")
    if not all(0 < len(one) <= _LONGEST for one in named):
        raise Refusal(f"每户的写法要有字，最多{_LONGEST}个，比如“三组12号”。")
    return [_card(desk, grid, household) for grid in _grids(desk, here) for household in named or [""]]


def _grids(desk: Desk, here: Area) -> list[Area]:
    if here.level in _GRIDS:
        return [here]
    below = areas.children(desk.tx, here.code)
    if here.level is Level.TOWNSHIP:
        return below
    return [village for township in below for village in areas.children(desk.tx, township.code)]


def _card(desk: Desk, grid: Area, household: str) -> PrintedCard:
    cadre = _printed_cadre(desk, grid.code)
    return PrintedCard(
        area=grid,
        township=area(desk, grid.code[:9]),
        token=issue_card(desk, grid.code, household),
        cadre=cadre,
        looks_after=_first_cadre_of(desk, cadre.id) if cadre else (),
        household=household,
    )


def _printed_cadre(desk: Desk, code: str) -> Person | None:
    """The cadre by the book, on leave or not, since paper outlives a leave: first cadres before deputies."""
    cadres = [one for one in assignments.candidates(desk.tx, chain(code), desk.now) if one.rung in _CADRES]
    return min(cadres, key=_order).person if cadres else None


def _order(one: Candidate) -> tuple[int, int, int]:
    return _CADRES.index(one.rung), -len(one.area), one.person.id


def _first_cadre_of(desk: Desk, person: int) -> tuple[Area, ...]:
    held = assignments.areas_of(desk.tx, person, desk.now)
    return tuple(area(desk, code) for code, duty in sorted(held) if duty == Duty.PRIMARY)
