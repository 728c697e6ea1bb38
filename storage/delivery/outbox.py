"""The outbox: what has to be said to whom, and what became of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.delivery import Lane, Outgoing, Sending, Settled, Via
from domain.talk import About, Choice, Reply
from storage import schema
from storage.broadcasts import settling
from storage.database import Tx
from storage.prepared import Prepared
from storage.private import sealed_rows, words_of
from storage.statements import Insert

_outbox = schema.outbox
_account = schema.account

_add = Insert(_outbox)


def add(tx: Tx, replies: Sequence[Reply], **how: Any) -> list[int]:
    """Add one row a reply, as `rows` has them, and return their ids."""
    return add_rows(tx, rows(replies, **how))


def add_rows(tx: Tx, made: Sequence[Mapping[str, Any]]) -> list[int]:
    """Add rows that `rows` made, and return their ids."""
    return _add(tx, sealed_rows(tx, made))


def rows(
    replies: Sequence[Reply],
    *,
    person: int,
    account: int | None,
    channel: str,
    lane: Lane,
    now: datetime,
    due_at: datetime,
    sender: str | None = None,
    answers: str | None = None,
    arrived: bool = False,
    via: Via = Via.ONLY,
) -> list[dict[str, Any]]:
    """One row a reply, to be added.

    sender:  the process that will send them at once itself; without it they wait in the queue.
    account: None when the person has none yet: the rows are held.
    answers: channel and id of the update that they answer, by which a repeated update finds its answer.
    arrived: the caller hands them over himself, in the same transaction.
    via:     PASSIVE for what is to be the response to that update.
    """
    on_its_way = Sending.SENDING if sender else Sending.QUEUED
    shared = _UNTRIED | {
        "person": person,
        "account": account,
        "channel": channel,
        "lane": lane,
        "answers": answers,
        "state": Sending.SENT if arrived else Sending.HELD if account is None else on_its_way,
        "reason": "" if account else "no account yet",
        "sender": None if arrived else sender,
        "via": via,
        "created_at": now,
        "due_at": due_at,
        "settled_at": now if arrived else None,
    }
    return [shared | _words(reply) for reply in replies]


_UNTRIED = {"tries": 0, "doubts": 0, "remote_id": ""}


def _words(reply: Reply) -> dict[str, Any]:
    choices = [[choice.id, choice.label] for choice in reply.choices]
    return {
        "text": reply.text,
        "choices": choices,
        "media": list(reply.media),
        "about": reply.about,
        "private": reply.private,
    }


COLUMNS = (
    _outbox.c.id,
    _outbox.c.person,
    _outbox.c.account,
    _outbox.c.channel,
    _outbox.c.text,
    _outbox.c.choices,
    _outbox.c.media,
    _outbox.c.tries,
    _outbox.c.doubts,
    _outbox.c.about,
    _outbox.c.via,
    _outbox.c.private,
)
JOINED = sa.select(*COLUMNS, _account.c.address).join(_account, _account.c.id == _outbox.c.account)
_ANSWERS = JOINED.where(_outbox.c.answers == sa.bindparam("answers")).order_by(_outbox.c.id)


def answers_to(tx: Tx, answers: str) -> list[Outgoing]:
    """What was said in answer to an update, oldest first."""
    return [outgoing(tx, row) for row in tx.execute(_ANSWERS, {"answers": answers})]


UNSETTLED = sa.text("outbox.state IN ('queued', 'sending', 'held')")
"""As the partial index has it, word for word: SQLite uses the index for a query that says the same, and only then."""
_due = Prepared(
    JOINED.where(
        UNSETTLED,
        _outbox.c.state == Sending.QUEUED,
        _outbox.c.channel == sa.bindparam("channel"),
        _outbox.c.due_at <= sa.bindparam("now", type_=_outbox.c.due_at.type),
    )
    .order_by(_outbox.c.lane, _outbox.c.id)
    .limit(sa.bindparam("count"))
    .with_for_update(of=_outbox, skip_locked=True)
)
_claim = Prepared(
    sa.update(_outbox)
    .where(_outbox.c.id == sa.bindparam("row"))
    .values(state=Sending.SENDING, sender=sa.bindparam("by"))
)


def claim(
    tx: Tx,
    channel: str,
    sender: str,
    now: datetime,
    count: int,
    busy: Collection[int],
    at_once: Callable[[Sequence[Outgoing]], int] = lambda _rows: 1,
    hold: Callable[[Collection[int]], Collection[int]] = lambda accounts: accounts,
) -> tuple[list[Outgoing], set[int]]:
    """Take for this process the first due row of each account that is not `busy`, in the order of the lanes.

    Looks at `count` rows and some more for the busy. What is claimed and not yet sent would be in doubt if the
    process died: so only one for each, or as many as leave `at_once`; and none for an account that `hold` passes
    over. Also tells which of the accounts have more to come.
    """
    values = {"channel": channel, "now": now, "count": count + 4 * len(busy)}
    due = [outgoing(tx, row) for row in _due.rows(tx, values)]
    waiting: dict[int, list[Outgoing]] = {}
    for row in due:
        if row.account not in busy:
            waiting.setdefault(row.account, []).append(row)
    free = set(hold(waiting))
    claimed = [row for account, rows in waiting.items() if account in free for row in rows[: at_once(rows)]][
        :count
    ]
    _claim.each(tx, [{"row": row.id, "by": sender} for row in claimed])
    taken = {row.id for row in claimed}
    return claimed, {row.account for row in due if row.id not in taken}


_SETTLED = ("state", "tries", "doubts", "reason", "remote_id", "via", "due_at", "settled_at")
_settle = Prepared(
    sa.update(_outbox)
    .where(_outbox.c.id == sa.bindparam("to_row"), _outbox.c.sender == sa.bindparam("of"))
    .values({name: sa.bindparam(f"to_{name}", type_=_outbox.c[name].type) for name in _SETTLED})
    .values(sender=None)
)


def settle(tx: Tx, sender: str, settled: Sequence[Settled]) -> None:
    """Write what became of rows that `sender` was sending, and of the recipients of a broadcast among them.

    A row that was taken from it meanwhile, because it seemed dead, is left to whoever has it now.
    """
    listed = [
        {f"to_{name}": getattr(one, name) for name in _SETTLED} | {"to_row": one.row, "of": sender}
        for one in settled
    ]
    if listed:
        _settle.each(tx, listed)
        settling.settled(tx, [one for one in settled if one.about is About.BROADCAST])


_BEING_SENT = JOINED.where(UNSETTLED, _outbox.c.state == Sending.SENDING).order_by(_outbox.c.id)


def being_sent(tx: Tx, sender: str) -> list[Outgoing]:
    """Rows that a process has claimed, the oldest first."""
    return [outgoing(tx, row) for row in tx.execute(_BEING_SENT.where(_outbox.c.sender == sender))]


def take_over(tx: Tx, living: Sequence[str], sender: str) -> list[tuple[Outgoing, str]]:
    """Rows that were being sent by a process that is no more, and that process. Now `sender` has them."""
    query = _BEING_SENT.add_columns(_outbox.c.sender).where(_outbox.c.sender.not_in(living))
    locked = tx.execute(query.with_for_update(of=_outbox, skip_locked=True))
    found = [(outgoing(tx, row), row.sender) for row in locked]
    if found:
        ids = [row.id for row, _ in found]
        tx.execute(sa.update(_outbox).where(_outbox.c.id.in_(ids)).values(sender=sender))
    return found


_BACKLOG = (
    sa.select(_outbox.c.id)
    .where(
        UNSETTLED,
        _outbox.c.state == Sending.QUEUED,
        _outbox.c.channel == sa.bindparam("channel"),
        _outbox.c.lane == Lane.BROADCAST,
    )
    .limit(sa.bindparam("most"))
)


def backlog(tx: Tx, channel: str, most: int) -> bool:
    """Do so many broadcast messages wait in a channel's queue?"""
    return len(tx.execute(_BACKLOG, {"channel": channel, "most": most}).all()) >= most


_PUSHED = (
    sa.select(_outbox.c.id, _outbox.c.text, _outbox.c.choices, _outbox.c.private)
    .where(
        _outbox.c.account == sa.bindparam("account"),
        _outbox.c.answers.is_(None),
        sa.or_(
            sa.and_(
                _outbox.c.settled_at.is_(None), _outbox.c.state == Sending.SENDING
            ),  # she may have it already
            sa.and_(
                _outbox.c.state == Sending.SENT,
                _outbox.c.settled_at > sa.bindparam("since", type_=_outbox.c.settled_at.type),
            ),
        ),
    )
    .order_by(_outbox.c.settled_at.desc().nulls_first(), _outbox.c.id.desc())
    .limit(sa.bindparam("count"))
)


def pushed_since(tx: Tx, account: int, since: datetime, count: int) -> list[Reply]:
    """Messages that arrived at the account unasked since then, or may just arrive, the newest first."""
    rows = tx.execute(_PUSHED, {"account": account, "since": since, "count": count})
    found = [words_of(tx, row) for row in rows]
    return [Reply(text, choices_of(choices)) for text, choices in found]


def choices_of(listed: list[list[str]]) -> tuple[Choice, ...]:
    return tuple(Choice(choice, label) for choice, label in listed)


def outgoing(tx: Tx, row: Any) -> Outgoing:
    """A row of COLUMNS and its address, its words opened if they rest sealed."""
    text, choices = words_of(tx, row)
    return Outgoing(
        id=row.id,
        person=row.person,
        account=row.account,
        channel=row.channel,
        address=row.address,
        text=text,
        choices=choices_of(choices),
        media=tuple(row.media),
        tries=row.tries,
        doubts=row.doubts,
        about=About(row.about),
        via=Via(row.via),
        private=row.private,
    )
