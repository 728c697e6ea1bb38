"""How many recipients of a broadcast are how far. Kept beside the recipients, so that nobody has to count a million."""

from collections import Counter

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.broadcasts import Reach
from storage import schema
from storage.database import Tx

_count = schema.broadcast_count

Changes = Counter[tuple[int, str, Reach]]
"""(broadcast, channel, how far): how many more."""


def _adding(insert: type[postgresql.Insert] | type[sqlite.Insert]) -> sa.Insert:
    new = insert(_count)
    return new.on_conflict_do_update(
        index_elements=["broadcast", "channel", "state"],
        set_={"count": _count.c.count + new.excluded.count},
    )


_ADD = {"sqlite": _adding(sqlite.Insert), "postgresql": _adding(postgresql.Insert)}
_UNCOUNTED = (Reach.WAITING, Reach.QUEUED, Reach.OVER)


def change(tx: Tx, changes: Changes) -> None:
    """Add to the counts, or take from them. In one order, so that two who do it never wait for each other."""
    rows = [
        {"broadcast": broadcast, "channel": channel, "state": state, "count": count}
        for (broadcast, channel, state), count in sorted(changes.items())
        if count and state not in _UNCOUNTED
    ]
    if rows:
        tx.execute(_ADD[tx.dialect.name], rows)


def of(tx: Tx, broadcast: int) -> dict[tuple[str, Reach], int]:
    """Recipients by channel and how far; those whose turn is still to come are not among them."""
    query = sa.select(_count.c.channel, _count.c.state, _count.c.count.label("people")).where(
        _count.c.broadcast == broadcast, _count.c.count > 0
    )
    return {(row.channel, Reach(row.state)): row.people for row in tx.execute(query)}
