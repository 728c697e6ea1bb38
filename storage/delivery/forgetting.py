"""Forgetting what was said: when it is old, when a person leaves, when the key of a private talk dies."""

from datetime import datetime

import sqlalchemy as sa

from domain.delivery import Sending
from storage import schema
from storage.database import Tx

_outbox = schema.outbox


def blank(tx: Tx, person: int) -> None:
    """Drop the words of all that was said to a person; what has not left yet never will."""
    hers = sa.update(_outbox).where(_outbox.c.person == person, _outbox.c.state != Sending.SENDING)
    tx.execute(
        hers.where(_outbox.c.state.in_([Sending.QUEUED, Sending.HELD])).values(
            state=Sending.FAILED, reason="she asked to be forgotten"
        )
    )
    tx.execute(hers.values(text="", choices=[], media=[]))


def forget_sent(tx: Tx, before: datetime) -> int:
    """Drop messages that were sent before then. Returns how many."""
    gone = sa.delete(_outbox).where(_outbox.c.state == Sending.SENT, _outbox.c.settled_at < before)
    return tx.execute(gone).rowcount


_THEIRS = sa.and_(_outbox.c.private == sa.bindparam("key"), _outbox.c.private != sa.literal_column("''"))
_FORGET_THEIRS = sa.delete(_outbox).where(_THEIRS)
FORGET_HERS = _FORGET_THEIRS.where(_outbox.c.person == sa.bindparam("her"), _outbox.c.state == Sending.SENT)
"""Drop what was said under a `key` to one person and has arrived."""


def forget_private(tx: Tx, private: str) -> None:
    """Drop what was said to everybody under that key, whatever became of it."""
    tx.execute(_FORGET_THEIRS, {"key": private})


def erase_some(tx: Tx, private: str, count: int) -> bool:
    """Drop so much of what was said under that key. False: there is nothing."""
    some = sa.select(_outbox.c.id).where(_THEIRS).limit(count)
    return bool(tx.execute(sa.delete(_outbox).where(_outbox.c.id.in_(some)), {"key": private}).rowcount)
