"""Saying something to somebody who did not just ask."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.delivery import Lane, Waiting
from domain.directory import Account, Person, RoleName
from domain.talk import Choice, Reply
from services.desk import Desk
from storage.delivery import outbox, overview
from storage.directory import people

AWAKE = timedelta(minutes=30)
"""Whoever wrote to us this recently is awake: in a talk that goes on, quiet hours do not hold words back."""


def tell(
    desk: Desk,
    person: int,
    reply: Reply,
    lane: Lane = Lane.NOTICE,
    *,
    urgent: bool = False,
) -> int | None:
    """Put a message to a person in the outbox; see `tell_all`. Returns its row, or None if it was dropped."""
    return next(iter(tell_all(desk, person, [reply], lane, urgent=urgent)), None)


def tell_all(
    desk: Desk,
    person: int,
    replies: Sequence[Reply],
    lane: Lane = Lane.NOTICE,
    *,
    urgent: bool = False,
) -> list[int]:
    """Put messages to a person in the outbox, on the account where they can arrive and she was last seen.

    Without an account it is held until she has one, or dropped if she never will. Quiet hours put it off unless it
    is urgent or she is awake. Returns the rows.
    """
    now = desk.now
    seen = people.best_account(desk.tx, person, now, stays=True)
    if seen is None and not within_reach(desk, person):
        return []
    if seen is None:
        return outbox.add(
            desk.tx, replies, person=person, account=None, channel="", lane=lane, now=now, due_at=now
        )
    account = seen.account
    awake = now - seen.seen_at < AWAKE and lane <= Lane.NOTICE
    desk.told.add(account.channel)
    due_at = now if urgent or awake else desk.county.quiet.next_allowed(now)
    return outbox.add(
        desk.tx,
        replies,
        person=person,
        account=account.id,
        channel=account.channel,
        lane=lane,
        now=now,
        due_at=due_at,
    )


def tell_here(desk: Desk, account: Account, reply: Reply) -> None:
    """Put a message on one certain account, in a talk that goes on there: quiet hours do not hold it back."""
    desk.told.add(account.channel)
    now = desk.now
    outbox.add(
        desk.tx,
        [reply],
        person=account.person,
        account=account.id,
        channel=account.channel,
        lane=Lane.NOTICE,
        now=now,
        due_at=now,
    )


def within_reach(desk: Desk, person: int) -> bool:
    """Can words still come to the person by chat, now or later? Not if she left and nobody knows her any more."""
    return not people.is_gone(desk.tx, person)


def arrives_now(desk: Desk, person: int) -> bool:
    """Does her messenger let us write to her now? Else words wait until she speaks."""
    best = people.best_account(desk.tx, person, desk.now)
    return best is not None and best.open


def choices_since(desk: Desk, account: int, since: datetime) -> list[tuple[Choice, ...]]:
    """The choices of messages that came to the account unasked since then, the newest first; at most five."""
    return [reply.choices for reply in outbox.pushed_since(desk.tx, account, since, 5) if reply.choices]


def waiting(desk: Desk, person: Person, count: int = 6) -> list[Waiting]:
    """Who, in the areas that the person supervises or staffs, has messages that cannot arrive before she speaks."""
    watched = {RoleName.SUPERVISOR, RoleName.STAFF}
    scopes = [area for role, area in people.roles(desk.tx, person.id, desk.now) if role in watched]
    return overview.waiting(desk.tx, scopes, count) if scopes else []
