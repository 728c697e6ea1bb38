"""Opening and closing surveys."""

import contextlib
import logging
from datetime import datetime

from domain.errors import Refusal
from services.desk import Desk
from services.surveys import ballots
from storage import surveys
from storage.broadcasts import rows

log = logging.getLogger(__name__)


def open_survey(desk: Desk, survey: int, closes_at: datetime | None = None) -> None:
    """From now on people may answer, until it is closed or `closes_at` comes. One that is open gets the new time.

    Raises Refusal for one that is closed: its answers may have been read, and the key of its ballots is gone.
    """
    found = surveys.hold(desk.tx, survey)
    if found is None:
        raise Refusal(f"没有{survey}号问卷。")
    if found.state not in ("draft", "open"):
        raise Refusal("这份问卷已经结束，不能再开。要再问，请重新导入。")
    if closes_at is not None and closes_at <= desk.now:
        raise Refusal("截止时间要在以后。")
    if found.anonymous:
        ballots.open_box(desk, survey)
    surveys.open_it(desk.tx, survey, desk.now, closes_at)


def close_survey(desk: Desk, survey: int) -> None:
    """Nobody can hand in any more, nor is asked to; what was begun and not sent is dropped.

    Raises Refusal if it was not open.
    """
    if not surveys.close(desk.tx, survey, desk.now):
        raise Refusal("这份问卷没有开着。")
    surveys.drop_drafts(desk.tx, survey)
    rows.cancel_of(desk.tx, survey, desk.now)


def close_due(desk: Desk) -> bool:
    """Close the surveys whose time is over. Returns whether there were any."""
    over = surveys.due(desk.tx, desk.now)
    for survey in over:
        with contextlib.suppress(Refusal):  # somebody of the staff was faster
            close_survey(desk, survey)
            log.info("survey %d is over", survey)
    return bool(over)


def release_closed(desk: Desk) -> None:
    """Mix the answers of anonymous surveys that are closed. One whose key was lost stays as it is.

    Those of many answers are left to `bot.releasing`: in one transaction they would stop all talks on SQLite.
    """
    for survey in surveys.still_sealed(desk.tx):
        if ballots.count(desk, survey) > ballots.AT_ONCE or ballots.waits_for_files(desk, survey):
            continue
        try:
            log.info("survey %d: %d ballots were mixed", survey, ballots.release(desk, survey))
        except Refusal as no:
            log.error("survey %d cannot be released: %s", survey, no.say)  # noqa: TRY400  it is an answer, not a fault
