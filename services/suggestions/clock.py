"""What the clock does with suggestions: it reminds, each time somebody higher, until there is an answer."""

import logging
from datetime import timedelta

from domain.delivery import Lane
from domain.suggestions.clock import Stage, stage
from domain.suggestions.steps import Part, Step, Suggestion
from services.delivery import tell
from services.desk import Desk
from services.suggestions.access import answerers, readers
from services.suggestions.filing import card
from services.suggestions.steps import take
from storage.statements import savepoint
from storage.suggestions import rows, wrong_codes

log = logging.getLogger(__name__)


def look_at_due(desk: Desk, count: int) -> int:
    """Do what is due, for at most `count` suggestions. Returns how many were looked at."""
    found = rows.due(desk.tx, desk.now, count)
    for suggestion in found:
        try:
            with savepoint(desk.tx):
                _remind(desk, suggestion)
        except Exception:
            log.exception("suggestion %d could not be looked at; in an hour again", suggestion.id)
            rows.look_again(desk.tx, suggestion.id, desk.now + timedelta(hours=1))
    return len(found)


def forget_wrong_codes(desk: Desk) -> None:
    """Drop what was counted more than two days ago."""
    wrong_codes.forget(desk.tx, f"{desk.now - timedelta(days=2):%Y-%m-%d}")


def _remind(desk: Desk, suggestion: Suggestion) -> None:
    goes_to = stage(suggestion.stage)
    after = take(desk, suggestion, Step.ESCALATE, Part.CLOCK, stage=suggestion.stage + 1)
    told = answerers(desk, after) if goes_to is Stage.STAFF else readers(desk, after)
    if not told:
        log.warning("suggestion %d is overdue, and there is nobody who may read it", after.id)
    reminder = card(desk, after, "超时未答 ")
    for person in told:
        tell(desk, person, reminder, Lane.REMINDER)
