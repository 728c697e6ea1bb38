"""What the owner of a report does with it: a sentence to a line, a line out, his yes."""

from datetime import datetime

from domain.delivery import CHINA
from domain.directory import Person, RoleName
from domain.errors import Refusal
from domain.reports.months import newest_of_areas, newest_own
from domain.reports.report import Line, Part, Reading, Report, check_open
from domain.suggestions.chain import named_in
from domain.talk import Reply
from services.delivery import tell
from services.desk import Desk
from services.duties.standing import report_is_confirmed
from services.reports.access import readable
from services.reports.files import order
from services.reports.reading import LEFT_OUT, read, to_freeze
from storage import reports
from storage.directory import assignments, people
from storage.suggestions import staff

LONGEST = 200
"""Characters of one sentence."""
_TOLD = (RoleName.LEADER,)
"""Who gets the picture of an area's report beside those who could have confirmed it."""


def is_due(desk: Desk, report: Report) -> bool:
    """Has the day come on which the report of this month is written?"""
    today = desk.now.astimezone(CHINA).date()
    newest = newest_own if report.person is not None else newest_of_areas
    return report.month <= newest(today, desk.county.days)


def line(desk: Desk, person: Person, number: int, key: str) -> tuple[Reading, Line]:
    """One line of a report. Raises Refusal when it is not in it."""
    reading = read(desk, readable(desk, person, number))
    found = next((one for one in reading.lines if one.key == key), None)
    if found is None:
        raise Refusal("这一行现在没有了，请重新选。")
    return reading, found


def check_correct(desk: Desk, person: Person, number: int, key: str) -> Line:
    """Raise Refusal where nothing may be said to a line, before anybody types."""
    reading, found = line(desk, person, number, key)
    check_open(reading.report)
    return found


def say(desk: Desk, person: Person, number: int, key: str, part: Part, text: str) -> None:
    """A sentence to a line; it takes the place of one before. The figures stay what they are.

    Reports of areas name nobody: raises Refusal for a name of the roster.
    """
    report = readable(desk, person, number, lock=True)
    check_open(report)
    check_correct(desk, person, number, key)
    if report.person is None and named_in(text, staff.roster(desk.tx, desk.now)):
        raise Refusal("镇上、县上的月报不写人名，请换个说法。")
    reports.say(desk.tx, number, key, part, text[:LONGEST])


def leave_out(desk: Desk, person: Person, number: int, key: str, *, out: bool) -> None:
    """Take a line out of what is printed and exported, or put it back."""
    check_open(readable(desk, person, number, lock=True))
    check_correct(desk, person, number, key)
    reports.unsay(desk.tx, number, key, LEFT_OUT)
    if out:
        reports.say(desk.tx, number, key, LEFT_OUT, "")


def confirm(desk: Desk, person: Person, number: int) -> Report:
    """His yes. A cadre's own goes into the sums of his township from now on; an area's figures are kept as they are."""
    report = readable(desk, person, number, lock=True)
    if report.confirmed_at is not None:
        raise Refusal("这份月报已经确认过了。")
    if not is_due(desk, report):
        raise Refusal(f"{report.month.said}还没到写月报的时候，到时替您写好。")
    if report.person is not None:
        _confirm(desk, report, desk.now, None)
        return report
    reading = read(desk, report)
    _confirm(desk, report, desk.now, reading)
    report_is_confirmed(desk, report.area)
    _send_to_leaders(desk, reading, person)
    return report


def take_back(desk: Desk, person: Person, number: int) -> Report:
    """He takes his yes back: a cadre's figures leave the sums, an area's are counted anew."""
    report = readable(desk, person, number, lock=True)
    if report.confirmed_at is None:
        raise Refusal("这份月报还没确认，直接改就行。")
    _confirm(desk, report, None, None)
    return report


def _confirm(desk: Desk, report: Report, at: datetime | None, reading: Reading | None) -> None:
    reports.confirm(desk.tx, report.id, at, None if reading is None else to_freeze(reading.figures))


def _send_to_leaders(desk: Desk, reading: Reading, by: Person) -> None:
    """The picture, to the others who answer for exactly this area and are not away."""
    report = reading.report
    leaders = [one.id for one, _ in people.in_office(desk.tx, _TOLD, desk.now, (report.area,))]
    leaders += [
        one.person.id
        for one in assignments.candidates(desk.tx, (report.area,), desk.now)
        if one.rung in ("supervisor", "staff") and one.area == report.area and not one.on_leave
    ]
    for leader in sorted(set(leaders) - {by.id}):
        picture, _ = order(desk, report.id)
        tell(desk, leader, Reply(f"{reading.title}，{by.name}确认了。", media=(picture,)))
