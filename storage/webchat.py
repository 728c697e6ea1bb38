"""The web chat's own memory: sessions and the transcript that the page shows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.talk import Choice, MediaKind
from storage import media, schema
from storage.database import Tx
from storage.private import sealed_rows, words_of
from storage.statements import InsertOnce, Together

_session = schema.web_session
_message = schema.web_message


class WebMessage(NamedTuple):
    id: int
    sender: str
    text: str
    choices: tuple[Choice, ...]
    media: tuple[tuple[int, MediaKind], ...]
    """(attachment, kind)."""
    client_id: str


def open_session(tx: Tx, token_hash: str, address: str, now: datetime) -> None:
    tx.execute(sa.insert(_session), {"token_hash": token_hash, "address": address, "created_at": now})


_ADDRESS = sa.select(_session.c.address).where(_session.c.token_hash == sa.bindparam("token_hash"))


def address_of(tx: Tx, token_hash: str) -> str | None:
    """The account address of a session, None if there is no such session."""
    return tx.execute(_ADDRESS, {"token_hash": token_hash}).scalar()


def row(
    address: str,
    *,
    sender: str,
    text: str,
    now: datetime,
    choices: Sequence[Choice] = (),
    attachments: Sequence[int] = (),
    outbox: int | None = None,
    client_id: str | None = None,
    private: str = "",
) -> dict[str, Any]:
    """One message of a transcript, to be added."""
    return {
        "address": address,
        "sender": sender,
        "text": text,
        "choices": [[choice.id, choice.label] for choice in choices],
        "media": list(attachments),
        "outbox": outbox,
        "client_id": client_id,
        "private": private,
        "at": now,
    }


_COLUMNS = (
    _message.c.id,
    _message.c.sender,
    _message.c.text,
    _message.c.choices,
    _message.c.media,
    _message.c.client_id,
    _message.c.private,
)
_append = InsertOnce(_message, (_message.c.id, _message.c.outbox, _message.c.client_id))


def append(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[WebMessage]:
    """Add messages to transcripts, except those that are there already (same outbox row, or same client id).

    Returns those that were added. The caller holds the talks of their accounts: so ids of one transcript become
    visible in their order, and a reader who asks for "after N" misses none.
    """
    if not rows:
        return []
    said = {(row["outbox"], row["client_id"]): row for row in rows}
    added = _append.all(tx, sealed_rows(tx, rows))  # whose words are at hand, and not read and opened again
    return _messages(tx, [{**said[one.outbox, one.client_id], "id": one.id} for one in added])


_ADDRESS_IS = _message.c.address == sa.bindparam("address")
_AFTER = (
    sa.select(*_COLUMNS)
    .where(_ADDRESS_IS, _message.c.id > sa.bindparam("after"))
    .order_by(_message.c.id)
    .limit(sa.bindparam("count"))
)
_OF_TURN = (
    sa.select(*_COLUMNS)
    .where(
        _ADDRESS_IS,
        sa.or_(
            _message.c.outbox.in_(sa.bindparam("outbox", expanding=True)),
            _message.c.client_id == sa.bindparam("client_id"),
        ),
    )
    .order_by(_message.c.id)
)
_NEWEST = (
    sa.select(_message.c.text, _message.c.choices, _message.c.private)
    .where(_ADDRESS_IS)
    .order_by(_message.c.id.desc())
    .limit(50)
)


def after(tx: Tx, address: str, after_id: int, count: int = 200) -> list[WebMessage]:
    """The transcript after a message id, oldest first."""
    rows = tx.execute(_AFTER, {"address": address, "after": after_id, "count": count})
    return _read(tx, list(rows))


def of_turn(tx: Tx, address: str, client_id: str, outbox: Sequence[int]) -> list[WebMessage]:
    """What one turn left in a transcript: the person's own message, and those of these outbox rows."""
    rows = tx.execute(_OF_TURN, {"address": address, "outbox": list(outbox), "client_id": client_id})
    return _read(tx, list(rows))


def erase(tx: Tx, person: int) -> None:
    """Drop the transcripts of a person's accounts."""
    addresses = sa.select(schema.account.c.address).where(
        schema.account.c.person == person, schema.account.c.channel == "web"
    )
    tx.execute(sa.delete(_message).where(_message.c.address.in_(addresses)))


_OF_TALK = _message.alias()
_LATER = sa.exists().where(
    _OF_TALK.c.address == _message.c.address,
    _OF_TALK.c.id > _message.c.id,
    _OF_TALK.c.private == sa.bindparam("key"),
)
_THEIRS = sa.and_(_message.c.private == sa.bindparam("key"), _message.c.private != sa.literal_column("''"))
_HERS = sa.and_(_message.c.private == sa.bindparam("key"), _message.c.address == sa.bindparam("whose"))
"""Not by the index of what is private, in which SQLite would look through what all have said."""
_EMPTIED: dict[str, Any] = {
    "sender": "bot",
    "text": "",
    "choices": [],
    "media": [],
    "client_id": None,
    "outbox": None,
}
_FORGET_THEIRS, FORGET_HERS = (
    (
        sa.delete(_message).where(whose, _LATER),
        sa.update(_message).where(whose, sa.not_(_LATER)).values(_EMPTIED),
    )
    for whose in (_THEIRS, _HERS)
)
"""Drop what was said under a `key`, to everybody or in the transcript of one (`whose` address). One message a
transcript stays, without words: how many they were could tell how she had answered."""
_forget_hers = Together(*FORGET_HERS)


def forget_private(tx: Tx, private: str) -> None:
    """Drop what was said to everybody under that key, but for one message a transcript, without words."""
    for statement in _FORGET_THEIRS:
        tx.execute(statement, {"key": private})


_STILL_SAID = (
    sa.select(_message.c.address)
    .where(_THEIRS, _message.c.text != "")
    .distinct()
    .limit(sa.bindparam("count"))
)


def erase_some(tx: Tx, private: str, count: int) -> bool:
    """The same in so many transcripts. False: there are none in which anything was said."""
    addresses = tx.execute(_STILL_SAID, {"key": private, "count": count}).scalars().all()
    for address in addresses:
        _forget_hers(tx, {"key": private, "whose": address})
    return bool(addresses)


def forget(tx: Tx, before: datetime) -> int:
    """Drop what was said in transcripts before then. Returns how many messages."""
    return tx.execute(sa.delete(_message).where(_message.c.at < before)).rowcount


def forget_sessions(tx: Tx, before: datetime) -> int:
    """Drop sessions opened before then in whose transcript nothing stands any more. Returns how many."""
    said = sa.exists().where(_message.c.address == _session.c.address)
    return tx.execute(sa.delete(_session).where(_session.c.created_at < before, sa.not_(said))).rowcount


def label_of(tx: Tx, address: str, choice: str) -> str | None:
    """What a choice said that was offered among the newest messages of a transcript."""
    for row in tx.execute(_NEWEST, {"address": address}):
        for offered, label in words_of(tx, row)[1]:
            if offered == choice:
                return str(label)
    return None


def _read(tx: Tx, rows: Sequence[Any]) -> list[WebMessage]:
    words = [words_of(tx, row) for row in rows]
    opened = [{"text": text, "choices": choices} for text, choices in words]
    return _messages(tx, [row._asdict() | one for row, one in zip(rows, opened, strict=True)])


def _messages(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[WebMessage]:
    """Messages whose words are open."""
    wanted = [attachment for row in rows for attachment in row["media"]]
    kinds = media.kinds(tx, wanted) if wanted else {}
    return [
        WebMessage(
            row["id"],
            row["sender"],
            row["text"],
            tuple(Choice(choice, label) for choice, label in row["choices"]),
            tuple((attachment, kinds[attachment]) for attachment in row["media"] if attachment in kinds),
            row["client_id"] or "",
        )
        for row in rows
    ]
