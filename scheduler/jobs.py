"""The jobs. Each is level-triggered: it does whatever is due now, so a period missed is made good by the next.

What takes several transactions is looked at again soon: the first of them claims the period, and a process that dies
behind it leaves the rest.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.delivery import CHINA
from services import digest, housekeeping
from services.appointments import clock as appointments_clock
from services.desk import Desk
from services.duties import clock as duties_clock
from services.rectification import clock as rectification_clock
from services.reports import drafting
from services.suggestions import clock as suggestions_clock
from services.suggestions import letters
from services.surveys import opening
from services.tickets import clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One job: when (cron fields), which period a moment belongs to, and what is done.

    `deed` returns True when there is more to do than fits in one transaction.
    """

    name: str
    cron: dict[str, str]
    period: Callable[[datetime], str]
    deed: Callable[[Desk], bool]


def _five_minutes(now: datetime) -> str:
    local = now.astimezone(CHINA)
    return f"{local:%Y-%m-%d %H}:{local.minute // 5 * 5:02}"


def _hour(now: datetime) -> str:
    return f"{now.astimezone(CHINA):%Y-%m-%d %H}"


def _day(now: datetime) -> str:
    return f"{now.astimezone(CHINA):%Y-%m-%d}"


LETTERS_AT, LETTERS_UNTIL = 7, 20
"""The hours, in China, between which anonymous letters are opened: at once, or when the service is there again."""


def _morning(now: datetime) -> str:
    """The day that begins when letters are opened: whoever catches up at night opens none."""
    return _day(now - timedelta(hours=LETTERS_AT))


BATCH = 25
"""Tickets in one transaction: on SQLite nobody is answered meanwhile, so it has to be short."""


def _look_at_tickets(desk: Desk) -> bool:
    return clock.look_at_due(desk, BATCH) == BATCH


def _close_surveys(desk: Desk) -> bool:
    """Close what is due; the answers of anonymous ones are mixed in a transaction of their own."""
    if opening.close_due(desk):
        return True
    opening.release_closed(desk)
    return False


def _look_at_suggestions(desk: Desk) -> bool:
    return suggestions_clock.look_at_due(desk, BATCH) == BATCH


def _open_letters(desk: Desk) -> bool:
    if desk.now.astimezone(CHINA).hour >= LETTERS_UNTIL:  # it was down all day: next morning, as was promised
        return False
    opened = letters.open_due(desk)
    if opened:
        log.info("anonymous letters were opened")
    return False


def _look_at_duties(desk: Desk) -> bool:
    return duties_clock.look_at_due(desk)


def _remind_of_talks(desk: Desk) -> bool:
    return appointments_clock.remind_due(desk, BATCH) == BATCH


def _remind_of_limits(desk: Desk) -> bool:
    return rectification_clock.remind_due(desk, BATCH) == BATCH


DIGESTS = 5
"""In one transaction: for each a hundred tickets may be looked at."""


def _send_digests(desk: Desk) -> bool:
    return digest.send_due(desk, DIGESTS)


REPORTS = 5
"""Reports of cadres in one transaction: each is counted."""


def _draft_reports(desk: Desk) -> bool:
    return drafting.draft_due(desk, REPORTS)


def _keep_house(desk: Desk) -> bool:
    warning = desk.county.days.warning(desk.now.astimezone(CHINA).date())
    if warning:
        log.warning("%s", warning)
    housekeeping.forget_the_old(desk, housekeeping.Keep())
    suggestions_clock.forget_wrong_codes(desk)
    return False


JOBS = (
    Job("tickets", {"minute": "*/5"}, _five_minutes, _look_at_tickets),
    Job("surveys", {"minute": "*/5"}, _five_minutes, _close_surveys),
    Job("suggestions", {"hour": "8-18", "minute": "10"}, _hour, _look_at_suggestions),
    Job("appointments", {"hour": "9-17", "minute": "15"}, _hour, _remind_of_talks),
    Job("rectifications", {"hour": "9-17", "minute": "25"}, _hour, _remind_of_limits),
    Job("letters", {"hour": str(LETTERS_AT), "minute": "0"}, _morning, _open_letters),
    Job("duties", {"minute": "*/5"}, _five_minutes, _look_at_duties),
    Job("digest", {"hour": "8-11", "minute": "*/5"}, _five_minutes, _send_digests),
    Job("reports", {"hour": "9-17", "minute": "0"}, _hour, _draft_reports),
    Job("housekeeping", {"hour": "3", "minute": "30"}, _day, _keep_house),
)
