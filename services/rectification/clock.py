"""What the clock does with rectifications: it reminds their owners of limits, and of nothing else."""

from datetime import datetime, time, timedelta

from domain.delivery import CHINA, Lane
from domain.tickets.rectification import DAYS_BEFORE, month_of, reminder, stage_of
from services.delivery import tell
from services.desk import Desk
from storage import rectifications
from storage.rectifications import Days


def remind_due(desk: Desk, count: int) -> int:
    """Remind at most `count` owners, in one message each. Returns how many that were.

    Once some days before a limit and once when it has passed. On days off, outside working hours, in quiet hours and
    while the owner is on leave nothing is said, and what is due stays due. What was proposed to be ticked off is not.
    """
    if not desk.county.days.at_work(desk.now) or desk.county.quiet.next_allowed(desk.now) != desk.now:
        return 0
    today = datetime.combine(desk.now.astimezone(CHINA).date(), time(), CHINA)
    day = timedelta(days=1)
    days = Days(desk.now, today, today + day, today + (DAYS_BEFORE + 1) * day)
    owners = rectifications.owners_due(desk.tx, days, count)
    for owner in owners:
        _remind(desk, owner, days)
    return len(owners)


def _remind(desk: Desk, owner: int, days: Days) -> None:
    items = rectifications.due_of(desk.tx, owner, days)
    if not items:
        return
    today = days.today.date()
    untold = rectifications.owed(desk.tx, owner, month_of(desk.now))
    told = frozenset(one.id for one in items) - frozenset(untold)
    message = tell(desk, owner, reminder(items, today, told), Lane.REMINDER)
    for item in items:
        stage = stage_of(item.ticket.limit_at, today)
        if stage is not None:
            rectifications.reminded(desk.tx, item, stage, message)
