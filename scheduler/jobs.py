"""The jobs. Each is level-triggered: it does whatever is due now, so a period missed is made good by the next."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain.delivery import CHINA
from services import housekeeping
from services.desk import Desk
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


def _day(now: datetime) -> str:
    return f"{now.astimezone(CHINA):%Y-%m-%d}"


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


def _keep_house(desk: Desk) -> bool:
    warning = desk.county.days.warning(desk.now.astimezone(CHINA).date())
    if warning:
        log.warning("%s", warning)
    housekeeping.forget_the_old(desk, housekeeping.Keep())
    return False


JOBS = (
    Job("tickets", {"minute": "*/5"}, _five_minutes, _look_at_tickets),
    Job("surveys", {"minute": "*/5"}, _five_minutes, _close_surveys),
    Job("housekeeping", {"hour": "3", "minute": "30"}, _day, _keep_house),
)
