"""Opening the periods of duties that have begun: each once, however many processes, however long they were away."""

from datetime import date, timedelta

from domain.delivery import CHINA
from domain.duties.calendar import Span, next_reminder, reminder_days, spans_due
from domain.working_days import WorkingDays
from services.desk import Desk
from storage.duties import periods, templates
from storage.duties.periods import Period

PEOPLE = 5_000
"""Numbers of people gone through in one transaction: on SQLite nobody is answered meanwhile."""


def open_due(desk: Desk, people: int = PEOPLE) -> bool:
    """Open what has begun, then find some of those whose duty it is. True: there is more to do.

    Periods that nobody has missed are looked through again each day, for those who have come since.
    """
    today = desk.now.astimezone(CHINA).date()
    _open_periods(desk, today)
    while people > 0:
        period = periods.to_fill(desk.tx, today)
        if period is None:
            return False
        first = _first_reminder(period, today)
        people -= periods.fill(desk.tx, period, first, desk.now, today, people)
    return True


def _open_periods(desk: Desk, today: date) -> None:
    ends = periods.last_ends(desk.tx)
    for loaded in templates.in_force(desk.tx):
        template = loaded.template
        for span in spans_due(template.rule, template.days, loaded.since, ends.get(template.key), today):
            if not _had_time(span, loaded.since, desk.county.days):
                continue
            reminders = reminder_days(span, template.remind, desk.county.days)
            periods.open_period(
                desk.tx,
                loaded.id,
                template.key,
                span,
                today=today,
                late=_is_late(span, reminders, loaded.since, today),
                reminders=reminders,
            )


def _had_time(span: Span, since: date, days: WorkingDays) -> bool:
    """What had begun before its template was loaded, and had no working day left then, never was a duty."""
    left = (span.ends_on - since).days + 1
    return span.starts_on >= since or any(days.is_working(since + timedelta(days=n)) for n in range(left))


def _is_late(span: Span, reminders: list[date], since: date, today: date) -> bool:
    """Was the service away when it should have been reminded of, or as long as it lasted?"""
    return span.ends_on < today or (bool(reminders) and max(reminders[0], since) < today)


def _first_reminder(period: Period, today: date) -> date | None:
    """Of what was missed everybody hears at once, if he was to hear of it at all."""
    if period.late and period.filled_on is None:
        return today if period.reminders else None
    return next_reminder(period.reminders, today)
