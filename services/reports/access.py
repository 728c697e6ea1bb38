"""Whose reports somebody may read: his own, and those of the areas that he supervises or is staff of."""

from domain.directory import Level, Person, RoleName, level_of, within
from domain.errors import Refusal
from domain.reports.months import Month
from domain.reports.report import Report
from services.desk import Desk
from storage import reports
from storage.directory import assignments, people

_LEADERS = {RoleName.SUPERVISOR, RoleName.STAFF}
_LEVELS = {Level.TOWNSHIP, Level.COUNTY}


def led(desk: Desk, person: Person) -> list[str]:
    """Townships and counties that the person supervises or is staff of, the largest first."""
    roles = people.roles(desk.tx, person.id, desk.now)
    areas = {area for role, area in roles if role in _LEADERS and level_of(area) in _LEVELS}
    return sorted(areas, key=lambda area: (len(area), area))


def township_of(desk: Desk, person: Person) -> str | None:
    """The township that a cadre's own report counts for; None: he looks after no grid."""
    grids = sorted(area for area, _ in assignments.areas_of(desk.tx, person.id, desk.now))
    return grids[0][:_TOWNSHIP] if grids else None


_TOWNSHIP = 9
"""Digits of a township's code."""


def own_report(desk: Desk, person: Person, month: Month) -> Report | None:
    """His own report of a month; None for whoever looks after no grid."""
    township = township_of(desk, person)
    return None if township is None else reports.own(desk.tx, month, person.id, township)


def area_report(desk: Desk, person: Person, month: Month, area: str) -> Report:
    """The report of a township or the county. Raises Refusal for whoever does not lead it."""
    if level_of(area) not in _LEVELS:
        raise Refusal("月报只到镇和县。")
    if not any(within(area, one) for one in led(desk, person)):
        raise Refusal("这份月报不归您看。")
    return reports.of_area(desk.tx, month, area)


def readable(desk: Desk, person: Person, number: int, *, lock: bool = False) -> Report:
    """The report of a number. Raises Refusal, as if there were none, for whoever may not read it.

    A cadre's own is his alone: nobody above him reads it, confirmed or not.
    """
    found = (reports.lock if lock else reports.find)(desk.tx, number)
    if found is None or not _may_read(desk, person, found):
        raise Refusal("没有这份月报，或不归您看。")
    return found


def _may_read(desk: Desk, person: Person, report: Report) -> bool:
    if report.person is not None:
        return report.person == person.id
    return any(within(report.area, one) for one in led(desk, person))
