"""Mass messages: batches that the platform knows by an id of ours, so that one sent again is shown once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.broadcasts import Broadcast, Reach
from domain.delivery import Lane, Sending, Via
from domain.talk import About, Reply
from storage import schema
from storage.broadcasts import counts
from storage.broadcasts.audience import A_MONTH
from storage.broadcasts.recipients import ON_ITS_WAY, REFUSES, WAITING
from storage.database import Tx
from storage.delivery import outbox

_recipient = schema.broadcast_recipient
_batch = schema.broadcast_batch
_account = schema.account
_mass_sent = schema.mass_sent

FEWEST = 2
"""Recipients that `message/mass/send` asks for."""


@dataclass(frozen=True, slots=True)
class Batch:
    broadcast: Broadcast
    number: int
    accepted: bool
    """The platform has taken it; only our own rows are still to be written."""
    created_at: datetime


def unsettled(tx: Tx, broadcast: Broadcast, channel: str, now: datetime) -> Batch | bool:
    """The batch of a broadcast that is being sent, if it is due; True if it is to be sent later; False without one."""
    query = sa.select(_batch).where(
        _batch.c.broadcast == broadcast.id, _batch.c.channel == channel, _batch.c.settled_at.is_(None)
    )
    row = tx.execute(query.order_by(_batch.c.batch).limit(1)).first()
    if row is None:
        return False
    if row.due_at > now:
        return True
    return Batch(broadcast, row.batch, row.remote_id != "", row.created_at)


def _chosen(broadcast: Broadcast, channel: str, month: str) -> sa.Select[Any]:
    """Those who wait and can still have a mass message this month."""
    used = sa.select(_mass_sent.c.count).where(
        _mass_sent.c.account == _recipient.c.account, _mass_sent.c.month == month
    )
    hers = sa.and_(_account.c.id == _recipient.c.account, _account.c.person == _recipient.c.person)
    return (
        sa.select(_recipient.c.person)
        .join(_account, hers)
        .where(
            WAITING,
            _recipient.c.broadcast == broadcast.id,
            _recipient.c.channel == channel,
            ~_account.c.blocked,
            ~REFUSES,
            sa.func.coalesce(used.scalar_subquery(), 0) < A_MONTH,
        )
        .order_by(_recipient.c.person)
    )


def begin(tx: Tx, broadcast: Broadcast, channel: str, size: int, month: str, now: datetime) -> Batch | None:
    """Make a batch of those who wait and can still have a mass message this month. None: there are too few."""
    chosen = _chosen(broadcast, channel, month).limit(size)
    if len(tx.execute(chosen.limit(FEWEST)).all()) < FEWEST:
        return None
    last = tx.execute(
        sa.select(sa.func.max(_batch.c.batch)).where(_batch.c.broadcast == broadcast.id)
    ).scalar()
    number = (last or 0) + 1
    hers = sa.and_(_recipient.c.broadcast == broadcast.id, _recipient.c.person.in_(chosen))
    people = tx.execute(sa.update(_recipient).where(hers).values(state=Reach.QUEUED, batch=number)).rowcount
    values = {"broadcast": broadcast.id, "batch": number, "channel": channel, "people": people}
    tx.execute(sa.insert(_batch), values | {"created_at": now, "due_at": now})
    return Batch(broadcast, number, accepted=False, created_at=now)


def _of_batch(batch: Batch) -> sa.ColumnElement[bool]:
    return sa.and_(
        ON_ITS_WAY,
        _recipient.c.broadcast == batch.broadcast.id,
        _recipient.c.batch == batch.number,
        _recipient.c.state == Reach.QUEUED,
    )


def addresses(tx: Tx, batch: Batch) -> list[str]:
    """To whom it goes."""
    query = sa.select(_account.c.address).join(_recipient, _recipient.c.account == _account.c.id)
    return list(tx.execute(query.where(_of_batch(batch)).order_by(_recipient.c.person)).scalars())


def _row(batch: Batch) -> sa.ColumnElement[bool]:
    return sa.and_(_batch.c.broadcast == batch.broadcast.id, _batch.c.batch == batch.number)


def accept(tx: Tx, batch: Batch, remote_id: str) -> None:
    """The platform has taken the batch, now or when it was sent before."""
    tx.execute(sa.update(_batch).where(_row(batch)).values(remote_id=remote_id or "taken before"))


def put_off(tx: Tx, batch: Batch, due_at: datetime) -> None:
    tx.execute(sa.update(_batch).where(_row(batch)).values(due_at=due_at))


def break_up(tx: Tx, batch: Batch, reach: Reach, now: datetime) -> None:
    """It does not leave as a mass message: everybody in it waits again, or it is left as uncertain."""
    if reach is Reach.WAITING:
        tx.execute(sa.update(_recipient).where(_of_batch(batch)).values(state=reach, batch=None))
    else:
        while settle(tx, batch, 1000, "", now, reach):
            pass
    tx.execute(sa.update(_batch).where(_row(batch)).values(settled_at=now))


def settle(tx: Tx, batch: Batch, count: int, month: str, now: datetime, reach: Reach = Reach.SENT) -> bool:
    """Write for some recipients of a batch that they have it. False: everybody's is written."""
    query = (
        sa.select(_recipient.c.person, _account.c.id.label("account"), _recipient.c.channel)
        .join(_account, _account.c.id == _recipient.c.account, isouter=True)
        .where(_of_batch(batch))
        .order_by(_recipient.c.person)
        .limit(count)
    )
    found = tx.execute(query).all()
    if not found:
        tx.execute(sa.update(_batch).where(_row(batch)).values(settled_at=now))
        return False
    ids = (
        outbox.add_rows(tx, [_kept(batch.broadcast, row, now) for row in found])
        if reach is Reach.SENT
        else []
    )
    _write(tx, batch.broadcast, found, reach, ids)
    accounts = [row.account for row in found if row.account]
    if reach is Reach.SENT and accounts:
        rows = [{"account": account, "month": month, "count": 1} for account in accounts]
        tx.execute(_USE[tx.dialect.name], rows)
    return True


def _kept(broadcast: Broadcast, row: Any, now: datetime) -> dict[str, Any]:
    """By which a number that she answers with is understood."""
    [made] = outbox.rows(
        [Reply(broadcast.text, broadcast.choices, about=About.BROADCAST)],
        person=row.person,
        account=row.account,
        channel=row.channel,
        lane=Lane.BROADCAST,
        now=now,
        due_at=now,
        arrived=True,
        via=Via.MASS,
    )
    return made | {"state": Sending.SENT}


_SETTLED = (
    sa.update(_recipient)
    .where(_recipient.c.broadcast == sa.bindparam("of"), _recipient.c.person == sa.bindparam("who"))
    .values(state=sa.bindparam("to_state"), outbox=sa.bindparam("row"))
)


def _write(tx: Tx, broadcast: Broadcast, found: Sequence[Any], reach: Reach, ids: Sequence[int]) -> None:
    kept = Reach.OVER if broadcast.anonymous else reach
    rows = [None] * len(found) if broadcast.anonymous or not ids else ids
    tx.execute(
        _SETTLED,
        [
            {"of": broadcast.id, "who": one.person, "to_state": kept, "row": row}
            for one, row in zip(found, rows, strict=True)
        ],
    )
    counts.change(tx, Counter({(broadcast.id, found[0].channel, reach): len(found)}))


def _using(insert: type[postgresql.Insert] | type[sqlite.Insert]) -> sa.Insert:
    return insert(_mass_sent).on_conflict_do_update(
        index_elements=["account", "month"], set_={"count": _mass_sent.c.count + 1}
    )


_USE = {"sqlite": _using(sqlite.Insert), "postgresql": _using(postgresql.Insert)}


def reported(tx: Tx, remote_id: str, status: str, reached: int | None) -> None:
    """What the platform reported of a batch when it was through."""
    words = status if reached is None else f"{status}: {reached}"
    tx.execute(sa.update(_batch).where(_batch.c.remote_id == remote_id).values(reported=words[:200]))


def reports(tx: Tx, broadcast: int) -> list[tuple[int, int, str]]:
    """(number, people, what the platform reported) of each batch."""
    query = sa.select(_batch.c.batch, _batch.c.people, _batch.c.reported)
    return [
        tuple(row)
        for row in tx.execute(query.where(_batch.c.broadcast == broadcast).order_by(_batch.c.batch))
    ]
