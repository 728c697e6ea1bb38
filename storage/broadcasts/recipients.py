"""Recipients: whose turn it is, who answered, who wants no more."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.broadcasts import Broadcast, Reach, State
from domain.delivery import Lane, Outgoing, Sending
from domain.talk import About, Reply
from storage import schema
from storage.broadcasts import counts, settling
from storage.database import Tx
from storage.delivery import outbox
from storage.directory import people
from storage.statements import InsertOnce

_recipient = schema.broadcast_recipient
_broadcast = schema.broadcast
_account = schema.account
_survey = schema.survey
_outbox = schema.outbox
_opt_out = schema.opt_out
_refuse = InsertOnce(_opt_out)
_tag = InsertOnce(schema.person_tag)

WAITING = sa.text("broadcast_recipient.state = 'waiting'")
"""As the partial index has it."""
ON_ITS_WAY = sa.text("broadcast_recipient.state IN ('queued', 'held')")
REFUSES = sa.exists().where(_opt_out.c.person == _recipient.c.person)
_NEXT = (
    sa.select(
        _recipient.c.person,
        _recipient.c.account,
        _account.c.person.label("owner"),
        _account.c.address,
        _account.c.blocked,
        REFUSES.label("refuses"),
    )
    .join(_account, _account.c.id == _recipient.c.account, isouter=True)
    .where(
        WAITING,
        _recipient.c.broadcast == sa.bindparam("broadcast"),
        _recipient.c.channel == sa.bindparam("channel"),
    )
    .order_by(_recipient.c.person)
    .limit(sa.bindparam("count"))
    .with_for_update(of=_recipient, skip_locked=True)
)
_PUT = (
    sa.update(_recipient)
    .where(_recipient.c.broadcast == sa.bindparam("of"), _recipient.c.person == sa.bindparam("who"))
    .values(state=Reach.QUEUED, outbox=sa.bindparam("row"))
)
_END = (
    sa.update(_recipient)
    .where(_recipient.c.broadcast == sa.bindparam("of"), _recipient.c.person == sa.bindparam("who"))
    .values(state=sa.bindparam("to_state"))
)


def feed(
    tx: Tx, broadcast: Broadcast, channel: str, count: int, now: datetime, sender: str | None = None
) -> tuple[int, list[Outgoing]]:
    """Put the next recipients of a channel into the outbox. Returns how many had their turn, and what `sender` is to send.

    With a `sender` the rows are marked as being sent by it, to be sent at once; without, they wait in the queue, as
    those always do for whom another account has to be taken.
    """
    found = tx.execute(_NEXT, {"broadcast": broadcast.id, "channel": channel, "count": count}).all()
    rows: list[dict[str, Any]] = []
    put: list[tuple[int, str]] = []
    for one in found:
        place = _place(tx, one, channel, now)
        if isinstance(place, Reach):
            _end(tx, broadcast, one.person, channel, place)
            continue
        account, there, address = place
        by = sender if there == channel else None
        rows += outbox.rows(
            [Reply(broadcast.text, broadcast.choices, about=About.BROADCAST)],
            person=one.person,
            account=account,
            channel=there,
            lane=Lane.BROADCAST,
            now=now,
            due_at=now,
            sender=by,
        )
        put.append((one.person, address if by else ""))
    ids = outbox.add_rows(tx, rows)
    if ids:
        listed = zip(ids, put, strict=True)
        tx.execute(_PUT, [{"of": broadcast.id, "who": person, "row": row} for row, (person, _) in listed])
    return len(found), [_outgoing(*one) for one in zip(ids, rows, put, strict=True) if one[2][1]]


def _place(tx: Tx, one: sa.Row[Any], channel: str, now: datetime) -> tuple[int, str, str] | Reach:
    """(account, channel, address) to send to now, or why she gets nothing."""
    if one.refuses:
        return Reach.REFUSED
    if one.owner == one.person and not one.blocked:
        return one.account, channel, one.address
    best = people.best_account(tx, one.person, now, stays=True)
    if best is None:
        return Reach.BLOCKED if one.owner == one.person else Reach.FAILED
    return best.account.id, best.account.channel, best.account.address


def _outgoing(row: int, values: dict[str, Any], put: tuple[int, str]) -> Outgoing:
    return Outgoing(
        row,
        values["person"],
        values["account"],
        values["channel"],
        put[1],
        values["text"],
        outbox.choices_of(values["choices"]),
        about=About.BROADCAST,
    )


def _end(tx: Tx, broadcast: Broadcast, person: int, channel: str, reach: Reach) -> None:
    kept = Reach.OVER if broadcast.anonymous else reach
    tx.execute(_END, {"of": broadcast.id, "who": person, "to_state": kept})
    counts.change(tx, Counter({(broadcast.id, channel, reach): 1}))


def give_up(tx: Tx, broadcast: Broadcast, channels: Collection[str], count: int) -> int:
    """Recipients on messengers that are switched off here will get nothing. Returns how many."""
    query = (
        sa.select(_recipient.c.person, _recipient.c.channel)
        .where(WAITING, _recipient.c.broadcast == broadcast.id, _recipient.c.channel.not_in(channels))
        .limit(count)
    )
    found = tx.execute(query).all()
    for one in found:
        _end(tx, broadcast, one.person, one.channel, Reach.FAILED)
    return len(found)


_ANY_WAITING = sa.select(sa.exists().where(WAITING, _recipient.c.broadcast == sa.bindparam("broadcast")))
_ANY_ON_ITS_WAY = sa.select(
    sa.exists().where(
        ON_ITS_WAY,
        _recipient.c.broadcast == sa.bindparam("broadcast"),
        _recipient.c.outbox == _outbox.c.id,
        _outbox.c.state.in_([Sending.QUEUED, Sending.SENDING]),
    )
)
_ANY_BATCH = sa.select(
    sa.exists().where(
        schema.broadcast_batch.c.broadcast == sa.bindparam("broadcast"),
        schema.broadcast_batch.c.settled_at.is_(None),
    )
)


def all_had_their_turn(tx: Tx, broadcast: int) -> bool:
    """Nobody waits and nothing is on its way; what is held may wait for long."""
    questions = (_ANY_WAITING, _ANY_BATCH, _ANY_ON_ITS_WAY)
    return not any(tx.execute(one, {"broadcast": broadcast}).scalar_one() for one in questions)


_ASKS_IN_VAIN = sa.exists().where(_survey.c.id == _broadcast.c.survey, _survey.c.state != "open")
_TO_WITHDRAW = sa.select(_broadcast.c.id).where(
    sa.or_(_broadcast.c.state == State.CANCELLED, _ASKS_IN_VAIN),
    sa.exists().where(
        ON_ITS_WAY,
        _recipient.c.broadcast == _broadcast.c.id,
        _outbox.c.id == _recipient.c.outbox,
        _outbox.c.state.in_([Sending.QUEUED, Sending.HELD]),
    ),
)


def to_withdraw(tx: Tx) -> list[int]:
    """Broadcasts of which messages still wait to leave though they were cancelled, or their survey has closed."""
    return list(tx.execute(_TO_WITHDRAW).scalars())


def withdraw(tx: Tx, broadcast: int, count: int, now: datetime) -> int:
    """Of one of those: what has not left yet never will. Returns how many of its messages were still to leave."""
    query = (
        sa.select(_recipient.c.outbox)
        .join(_outbox, _outbox.c.id == _recipient.c.outbox)
        .where(
            ON_ITS_WAY,
            _recipient.c.broadcast == broadcast,
            _outbox.c.state.in_([Sending.QUEUED, Sending.HELD]),
        )
        .limit(count)
        .with_for_update(of=_outbox, skip_locked=True)
    )
    rows = list(tx.execute(query).scalars())
    _drop(tx, rows, now, "its broadcast was cancelled")
    _write(tx, rows, Reach.FAILED)
    return len(rows)


def _drop(tx: Tx, rows: Sequence[int], now: datetime, reason: str) -> None:
    if rows:
        gone = {"state": Sending.FAILED, "reason": reason, "settled_at": now}
        here = sa.and_(_outbox.c.id.in_(rows), _outbox.c.state.in_([Sending.QUEUED, Sending.HELD]))
        tx.execute(sa.update(_outbox).where(here).values(gone))


def _write(tx: Tx, rows: Sequence[int], reach: Reach) -> None:
    if rows:
        found = tx.execute(settling.OF_ROWS, {"rows": rows}).all()
        settling.write(tx, found, dict.fromkeys(rows, reach))


def _hers(person: int, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Her rows in broadcasts, few of which there are: so that the recipients need no index by person."""
    return (
        sa.select(_recipient, _broadcast.c.anonymous)
        .join(_broadcast, _broadcast.c.id == _recipient.c.broadcast)
        .where(
            _recipient.c.person == person, _recipient.c.broadcast.in_(sa.select(_broadcast.c.id)), *conditions
        )
        .with_for_update(of=_recipient)
    )


def answered(tx: Tx, survey: int, person: int) -> None:
    """She has answered a named survey: she is not asked any more, nor reminded."""
    named = sa.and_(_broadcast.c.survey == survey, ~_broadcast.c.anonymous)
    for row in tx.execute(_hers(person, named)).all():
        _change(tx, row, Reach.ANSWERED)


def refuse(tx: Tx, person: int, now: datetime) -> None:
    """She wants no broadcasts: nothing more leaves to her, and what waits for her is dropped."""
    if _refuse(tx, {"person": person, "since": now}):
        _stop(tx, person, now, Reach.REFUSED)


def forget(tx: Tx, person: int, now: datetime) -> None:
    """She leaves: nothing is on its way to her any more, and she is not asked to be asked again."""
    tx.execute(sa.delete(_opt_out).where(_opt_out.c.person == person))
    tx.execute(sa.delete(schema.person_tag).where(schema.person_tag.c.person == person))
    _stop(tx, person, now, Reach.FAILED)


def hand_over(tx: Tx, gone: int, kept: int) -> None:
    """Two people turn out to be one: who wanted no broadcasts as either wants none, both lists' tags are hers, and she
    was asked what either was asked.
    """
    since = tx.execute(sa.select(_opt_out.c.since).where(_opt_out.c.person == gone)).scalar()
    if since is not None:
        _refuse(tx, {"person": kept, "since": since})
    tags = schema.person_tag
    for tag in tx.execute(sa.select(tags.c.tag).where(tags.c.person == gone)).scalars().all():
        _tag(tx, {"tag": tag, "person": kept})
    hers = _recipient.alias()
    has = sa.exists().where(hers.c.broadcast == _recipient.c.broadcast, hers.c.person == kept)
    was = sa.and_(_recipient.c.person == gone, _recipient.c.broadcast.in_(sa.select(_broadcast.c.id)))
    tx.execute(sa.update(_recipient).where(was, ~has).values(person=kept))


def accept(tx: Tx, person: int) -> None:
    """She wants broadcasts again."""
    tx.execute(sa.delete(_opt_out).where(_opt_out.c.person == person))


def _stop(tx: Tx, person: int, now: datetime, reach: Reach) -> None:
    open_ones = sa.and_(
        _broadcast.c.state != State.CANCELLED, _recipient.c.state.in_([Reach.WAITING, Reach.HELD])
    )
    found = tx.execute(_hers(person, open_ones)).all()
    for row in found:
        _change(tx, row, reach)
    _drop(tx, [row.outbox for row in found if row.outbox], now, "she wants no such messages")


def _change(tx: Tx, row: sa.Row[Any], reach: Reach) -> None:
    kept = Reach.OVER if row.anonymous else reach
    if row.state == kept:
        return
    tx.execute(_END, {"of": row.broadcast, "who": row.person, "to_state": kept})
    changes: counts.Changes = Counter({(row.broadcast, row.channel, reach): 1})
    changes[row.broadcast, row.channel, Reach(row.state)] -= 1
    counts.change(tx, changes)
