"""Who is asked first: the table of the ladder, and the route that the stored directory gives."""

from datetime import datetime, timedelta

import pytest

from domain.directory import Candidate, Person, RoleName, Rung, ladder
from services.desk import Desk
from services.directory import route
from services.directory.printing import cards_to_print
from storage.directory import assignments, people
from tests.desks import NOW

DAY = timedelta(days=1)
VILLAGE, GROUP, TOWNSHIP, COUNTY = "610528101201", "61052810120101", "610528101", "610528"


def one(number: int, rung: Rung, area: str, *, on_leave: bool = False) -> Candidate:
    return Candidate(Person(number, f"{number}", "", None, consented=False), rung, area, on_leave)


@pytest.mark.parametrize(
    ("candidates", "order"),
    [
        ([], []),
        ([one(1, Rung.STAFF, COUNTY), one(2, Rung.PRIMARY, VILLAGE)], [2, 1]),
        ([one(1, Rung.DEPUTY, VILLAGE), one(2, Rung.PRIMARY, VILLAGE)], [2, 1]),
        ([one(1, Rung.PRIMARY, VILLAGE), one(2, Rung.PRIMARY, GROUP)], [2, 1]),
        ([one(1, Rung.DEPUTY, GROUP), one(2, Rung.PRIMARY, VILLAGE)], [2, 1]),
        ([one(2, Rung.STAFF, COUNTY), one(1, Rung.STAFF, COUNTY)], [1, 2]),
        ([one(1, Rung.PRIMARY, VILLAGE, on_leave=True), one(2, Rung.DEPUTY, VILLAGE)], [2]),
        ([one(1, Rung.PRIMARY, VILLAGE, on_leave=True)], []),
    ],
)
def test_ladder(candidates: list[Candidate], order: list[int]):
    assert [step.person.id for step in ladder(candidates)] == order


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    """先 is first and 副 deputy of the village, 组 first of its group; 镇 supervises, 县 is staff."""
    for name, area, duty in (("先", VILLAGE, "primary"), ("副", VILLAGE, "deputy"), ("组", GROUP, "primary")):
        assignments.assign(desk.tx, area, people.add(desk.tx, NOW, name=name), duty, NOW)
    for name, area, role in (("镇", TOWNSHIP, RoleName.SUPERVISOR), ("县", COUNTY, RoleName.STAFF)):
        people.add_role(desk.tx, people.add(desk.tx, NOW, name=name), role, area, NOW)
    return desk


def names(desk: Desk, area: str, at: datetime = NOW) -> str:
    return "".join(step.person.name for step in route(Desk(desk.tx, desk.county, at), area))


def person(desk: Desk, name: str) -> Person:
    everybody = assignments.candidates(desk.tx, (GROUP, VILLAGE, TOWNSHIP, COUNTY), NOW)
    return next(one.person for one in everybody if one.person.name == name)


@pytest.mark.parametrize(
    ("area", "order"),
    [
        (VILLAGE, "先副镇县"),
        (GROUP, "组先副镇县"),
        (TOWNSHIP, "镇县"),
        (COUNTY, "县"),
        ("610528101200", "镇县"),
        ("610528102200", "县"),
        ("999999", ""),
    ],
)
def test_route(staffed: Desk, area: str, order: str):
    assert names(staffed, area) == order


def test_who_is_on_leave_is_passed_over_until_he_is_back(staffed: Desk):
    assignments.add_leave(staffed.tx, person(staffed, "先").id, NOW, NOW + DAY)
    assert names(staffed, VILLAGE) == "副镇县"
    assignments.add_leave(staffed.tx, person(staffed, "副").id, NOW, NOW + 2 * DAY)
    assert names(staffed, VILLAGE) == "镇县"
    assert names(staffed, VILLAGE, NOW + DAY) == "先镇县"


def test_paper_names_the_cadre_who_is_on_leave(staffed: Desk):
    assignments.add_leave(staffed.tx, person(staffed, "先").id, NOW, NOW + DAY)
    assert [card.cadre.name for card in cards_to_print(staffed, VILLAGE)] == ["先"]
    assert [card.cadre.name for card in cards_to_print(staffed, GROUP)] == ["组"]


def test_assignments_that_ended_or_have_not_begun_do_not_count(staffed: Desk):
    assignments.end_assignments(staffed.tx, VILLAGE, person(staffed, "先").id, NOW + DAY)
    later = people.add(staffed.tx, NOW, name="后")
    assignments.assign(staffed.tx, VILLAGE, later, "primary", NOW + 2 * DAY)
    assert names(staffed, VILLAGE, NOW + DAY / 2) == "先副镇县"
    assert names(staffed, VILLAGE, NOW + DAY) == "副镇县"
    assert names(staffed, VILLAGE, NOW + 2 * DAY) == "后副镇县"
