"""The clock drafts reports: a cadre's near the month's end, an area's when the month is over. Each is told of once."""

from datetime import time

from domain.delivery import CHINA, Lane
from domain.directory import Level, Rung
from domain.reports.months import Month, newest_of_areas, newest_own
from domain.reports.report import Report
from services.delivery import tell
from services.desk import Desk
from services.reports import counting, words
from storage import reports
from storage.directory import areas, assignments

FROM = time(9)


def draft_due(desk: Desk, count: int) -> bool:
    """In working hours, from nine on, draft what is due and has not been told of, at most `count`. True: there is more.

    A month that was missed while the service was down is drafted late, and says so; months before that are not,
    for nobody remembers them.
    """
    local = desk.now.astimezone(CHINA)
    today = local.date()
    if not desk.county.days.at_work(desk.now) or local.time() < FROM:
        return False
    newest = newest_own(today, desk.county.days)
    for month in (newest.before, newest):
        found = reports.to_be_told(desk.tx, month, desk.now, count)
        for person, grid in found:
            _draft_own(desk, month, person, grid[:9], late=month != newest)
        if found:
            return True
    return _draft_of_an_area(desk, newest_of_areas(today, desk.county.days))


def _draft_own(desk: Desk, month: Month, person: int, township: str, *, late: bool) -> None:
    report = reports.own(desk.tx, month, person, township)
    counts = counting.own_counts(desk, person, month)
    if reports.told(desk.tx, report.id, desk.now) and any(
        counts.values()
    ):  # who did nothing is not written to
        tell(desk, person, words.drafted(report, counts, late=late), Lane.REMINDER)


def _draft_of_an_area(desk: Desk, month: Month) -> bool:
    """The next report of an area that its leaders have not heard of: one in a transaction, since it takes a while."""
    for area in (*areas.of_level(desk.tx, Level.TOWNSHIP), *areas.of_level(desk.tx, Level.COUNTY)):
        leaders = _leaders(desk, area.code)
        if leaders and reports.told(
            desk.tx, (report := reports.of_area(desk.tx, month, area.code)).id, desk.now
        ):
            _tell_leaders(desk, report, area.short_name, leaders)
            return True
    return False


def _tell_leaders(desk: Desk, report: Report, name: str, leaders: list[int]) -> None:
    [figures] = counting.of_area(desk, report.area, [report.month])
    if not any(figures.counts[one] for one in ("filed", "answered", "open")):
        reports.is_empty(desk.tx, report.id)
        return
    for leader in leaders:
        tell(desk, leader, words.drafted_of_area(report, name, figures), Lane.REMINDER)


def _leaders(desk: Desk, area: str) -> list[int]:
    """Who leads exactly this area and is not away."""
    rung = Rung.STAFF if len(area) == len("610528") else Rung.SUPERVISOR
    return sorted(
        {
            one.person.id
            for one in assignments.candidates(desk.tx, (area,), desk.now)
            if one.rung is rung and one.area == area and not one.on_leave
        }
    )
