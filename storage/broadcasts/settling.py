"""What became of a message of a broadcast, written beside its recipient in the same transaction."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from domain.broadcasts import BY_SENDING, FINAL, Reach
from domain.delivery import Settled
from storage import schema
from storage.broadcasts import counts
from storage.database import Tx

_recipient = schema.broadcast_recipient
_broadcast = schema.broadcast

IN_OUTBOX = sa.text("broadcast_recipient.outbox IS NOT NULL")
"""As the partial index has it."""
OF_ROWS = (
    sa.select(
        _recipient.c.broadcast,
        _recipient.c.person,
        _recipient.c.channel,
        _recipient.c.state,
        _recipient.c.outbox,
        _broadcast.c.anonymous,
    )
    .join(_broadcast, _broadcast.c.id == _recipient.c.broadcast)
    .where(IN_OUTBOX, _recipient.c.outbox.in_(sa.bindparam("rows", expanding=True)))
    .with_for_update(of=_recipient)
)
_WRITE = (
    sa.update(_recipient)
    .where(_recipient.c.broadcast == sa.bindparam("of"), _recipient.c.person == sa.bindparam("who"))
    .values(state=sa.bindparam("to_state"), outbox=sa.bindparam("to_outbox"))
)
_DOUBT = (
    sa.update(_broadcast)
    .where(_broadcast.c.id == sa.bindparam("of"))
    .values(doubts=_broadcast.c.doubts + sa.bindparam("more"))
)


def settled(tx: Tx, ends: Sequence[Settled]) -> None:
    """Write how far the recipients of these messages are. What is only to be tried again changes nothing."""
    ends = [one for one in ends if one.state in BY_SENDING]
    if not ends:
        return
    reached = {one.row: BY_SENDING[one.state] for one in ends}
    found = tx.execute(OF_ROWS, {"rows": [one.row for one in ends]}).all()
    write(tx, found, reached)
    doubtful = {one.row for one in ends if one.doubts}
    doubts = Counter(row.broadcast for row in found if row.outbox in doubtful)
    if doubts:
        tx.execute(_DOUBT, [{"of": broadcast, "more": more} for broadcast, more in doubts.items()])


def write(tx: Tx, found: Collection[Any], reached: dict[int, Reach]) -> None:
    """Write recipients and counts; `reached` by outbox row. Of anonymous ones only that their turn is over."""
    changes: counts.Changes = Counter()
    rows = []
    for row in found:
        before, now = Reach(row.state), reached[row.outbox]
        if before in FINAL or before is now:
            continue
        changes[row.broadcast, row.channel, before] -= 1
        changes[row.broadcast, row.channel, now] += 1
        hides = row.anonymous and now is not Reach.HELD
        rows.append(
            {
                "of": row.broadcast,
                "who": row.person,
                "to_state": Reach.OVER if hides else now,
                "to_outbox": None if hides else row.outbox,
            }
        )
    if rows:
        tx.execute(_WRITE, rows)
        counts.change(tx, changes)
