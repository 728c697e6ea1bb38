"""The web chat's own memory: sessions and the transcript that the page shows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.talk import Choice
from storage import schema
from storage.database import Tx
from storage.statements import InsertOnce, lock_name

_session = schema.web_session
_message = schema.web_message
_append_once = InsertOnce(_message)


class WebMessage(NamedTuple):
    id: int
    sender: str
    text: str
    choices: tuple[Choice, ...]
    media: tuple[int, ...]
    client_id: str


def open_session(tx: Tx, token_hash: str, address: str, now: datetime) -> None:
    tx.execute(sa.insert(_session), {"token_hash": token_hash, "address": address, "created_at": now})


_ADDRESS = sa.select(_session.c.address).where(_session.c.token_hash == sa.bindparam("token_hash"))


def address_of(tx: Tx, token_hash: str) -> str | None:
    """The account address of a session, None if there is no such session."""
    return tx.execute(_ADDRESS, {"token_hash": token_hash}).scalar()


def append(
    tx: Tx,
    address: str,
    *,
    sender: str,
    text: str,
    now: datetime,
    choices: Sequence[Choice] = (),
    media: Sequence[int] = (),
    outbox: int | None = None,
    client_id: str | None = None,
) -> bool:
    """Add one message to a transcript. False: it was there already (same outbox row, or same client id).

    Ids of one transcript become visible in their order, so that a reader who asks for "after N" misses none.
    """
    lock_name(tx, f"web:{address}")
    values = {
        "address": address,
        "sender": sender,
        "text": text,
        "choices": [[choice.id, choice.label] for choice in choices],
        "media": list(media),
        "outbox": outbox,
        "client_id": client_id,
        "at": now,
    }
    return _append_once(tx, values)


_AFTER = (
    sa.select(
        _message.c.id,
        _message.c.sender,
        _message.c.text,
        _message.c.choices,
        _message.c.media,
        _message.c.client_id,
    )
    .where(_message.c.address == sa.bindparam("address"), _message.c.id > sa.bindparam("after"))
    .order_by(_message.c.id)
    .limit(sa.bindparam("count"))
)


def after(tx: Tx, address: str, after_id: int, count: int = 200) -> list[WebMessage]:
    """The transcript after a message id, oldest first."""
    rows = tx.execute(_AFTER, {"address": address, "after": after_id, "count": count})
    return [_read(row) for row in rows]


def _read(row: Any) -> WebMessage:
    choices = tuple(Choice(choice, label) for choice, label in row.choices)
    return WebMessage(row.id, row.sender, row.text, choices, tuple(row.media), row.client_id or "")
