"""Messages that wait for a person to appear, and answers that go out as the response to an update.

An answer is stored as one that goes by the response (`via`), and once it goes another way that is written first, by
whatever process. So a repeated update never gets in words what has meanwhile gone out otherwise.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from domain.delivery import Outgoing, Sending, Via
from storage import schema
from storage.database import Tx
from storage.delivery.outbox import COLUMNS, JOINED, outgoing

_outbox = schema.outbox
_account = schema.account
_HELD = _outbox.c.state == sa.literal_column("'held'")  # so that SQLite uses the partial index
_OF_PERSON = sa.and_(_HELD, _outbox.c.person == sa.bindparam("of"))

_WAITING = sa.select(*COLUMNS, sa.literal("").label("address")).where(_OF_PERSON).order_by(_outbox.c.id)
_RELEASE = (
    sa.update(_outbox)
    .where(_OF_PERSON)
    .values(
        state=Sending.QUEUED,
        account=sa.bindparam("to_account"),
        channel=sa.bindparam("to_channel"),
        due_at=sa.bindparam("now", type_=_outbox.c.due_at.type),
        reason="",
    )
)
_RELEASE_SOME = _RELEASE.where(_outbox.c.id.in_(sa.bindparam("rows", expanding=True)))
_UNBLOCK = (
    sa.update(_outbox)
    .where(_outbox.c.account == sa.bindparam("of"), _outbox.c.state == Sending.BLOCKED)
    .values(
        state=Sending.QUEUED,
        due_at=sa.bindparam("now", type_=_outbox.c.due_at.type),
        settled_at=None,
        reason="",
    )
)


def release_blocked(tx: Tx, account: int, now: datetime) -> int:
    """The person unblocked the bot: what came to a closed door goes out. Returns how many messages."""
    return tx.execute(_UNBLOCK, {"of": account, "now": now}).rowcount


def release(
    tx: Tx, person: int, account: int, channel: str, now: datetime, rows: Sequence[int] | None = None
) -> int:
    """The person appeared on `account`: what was held for her (or these rows of it) goes out. Returns how many."""
    values = {"of": person, "to_account": account, "to_channel": channel, "now": now}
    if rows is None:
        return tx.execute(_RELEASE, values).rowcount
    return tx.execute(_RELEASE_SOME, values | {"rows": list(rows)}).rowcount


_ON_ITS_WAY = (Sending.QUEUED, Sending.SENDING, Sending.HELD, Sending.BLOCKED)


def withdraw(tx: Tx, account: int, now: datetime) -> None:
    """An account closes: what was to arrive there is held for the person, out of the hands of whoever has it.

    Not the answers of its talk: their questions can be answered nowhere else.
    """
    there = sa.update(_outbox).where(_outbox.c.account == account, _outbox.c.state.in_(_ON_ITS_WAY))
    gone = {"sender": None, "reason": "its account is gone"}
    tx.execute(
        there.where(_outbox.c.answers.is_not(None)).values(state=Sending.FAILED, settled_at=now, **gone)
    )
    nowhere = {"state": Sending.HELD, "account": None, "channel": "", "via": Via.ONLY, "settled_at": None}
    tx.execute(there.values(nowhere | gone))


def waiting(tx: Tx, person: int) -> list[Outgoing]:
    """What is held for a person, the oldest first. Without an address: they may be for no account yet."""
    return [outgoing(tx, row) for row in tx.execute(_WAITING, {"of": person})]


def ride(
    tx: Tx, rows: Sequence[int], account: int, channel: str, answers: str, sender: str, now: datetime
) -> None:
    """These held rows go out with the answers to an update."""
    values = {
        "state": Sending.SENDING,
        "account": account,
        "channel": channel,
        "answers": answers,
        "sender": sender,
        "due_at": now,
        "reason": "",
        "via": Via.PASSIVE,
    }
    tx.execute(sa.update(_outbox).where(_HELD, _outbox.c.id.in_(rows)).values(values))


def passive_again(tx: Tx, answers: str, address: str, sender: str) -> list[Outgoing]:
    """What to answer to an update that came again: what was, or is yet to be, the response to it.

    Taken over from whatever process was to respond: the messenger listens to the newest delivery only. Who knows
    the number of another's update is not told what the other was.
    """
    query = JOINED.where(
        _outbox.c.answers == answers,
        _account.c.address == address,
        _outbox.c.via == Via.PASSIVE,
        _outbox.c.state.in_([Sending.SENDING, Sending.SENT]),
    )
    found = list(tx.execute(query.order_by(_outbox.c.id).with_for_update(of=_outbox)))
    rows = [row.id for row in found]
    on_their_way = sa.and_(_outbox.c.id.in_(rows), _outbox.c.state == Sending.SENDING)
    if rows:
        tx.execute(sa.update(_outbox).where(on_their_way).values(sender=sender))
    return [outgoing(tx, row) for row in found]


def give_up_passive(tx: Tx, rows: Sequence[int], sender: str) -> set[int]:
    """The response came too late for these rows: they go another way. Returns those that are still ours to send."""
    ours = sa.and_(_outbox.c.id.in_(rows), _outbox.c.sender == sender, _outbox.c.via == Via.PASSIVE)
    changed = sa.update(_outbox).where(ours).values(via=Via.SERVICE).returning(_outbox.c.id)
    return set(tx.execute(changed).scalars())


def move(tx: Tx, row: int, account: int, channel: str, now: datetime) -> None:
    """A row that is held here can arrive on another account of the same person."""
    values = {"state": Sending.QUEUED, "account": account, "channel": channel, "due_at": now, "reason": ""}
    tx.execute(sa.update(_outbox).where(_outbox.c.id == row, _HELD).values(values))


def reported(tx: Tx, channel: str, remote_id: str, reason: str) -> None:
    """What the messenger reported later of a notice by template: why it did not arrive."""
    notice = sa.and_(
        _outbox.c.channel == channel,
        _outbox.c.remote_id == remote_id,
        _outbox.c.via == sa.literal_column("'template'"),
    )
    tx.execute(sa.update(_outbox).where(notice).values(reason=reason))
