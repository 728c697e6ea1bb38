"""Pictures and sounds that came in a private talk: sealed in the database until their box is opened.

Files in a folder would each have a time and, by their names, tell what is the same. So their bytes rest beside the
ballots, filled up to a few sizes; what the messenger calls them, and what kind they are, is sealed as well.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from domain.talk import MediaKind
from storage import schema
from storage.database import Tx
from storage.keys import Key, SealError, keys_of

_attachment = schema.attachment
_file = schema.sealed_file
_ROOMS = tuple(64 * 1024 * 4**step for step in range(6))
"""64 KiB to 64 MiB: of its size no more is known than between which two of them it lies."""
RELEASED = "ballot"
"""In place of a messenger, of what came out of a box and is still to become a file."""


class Source(NamedTuple):
    """Where the bytes of a private attachment still are: at the messenger, or in a file that was just uploaded."""

    ref: str
    sha256: str


class Found(NamedTuple):
    kind: MediaKind
    mime: str
    content: bytes


def hide(tx: Tx, attachments: Sequence[int], private: str) -> None:
    """These came in a private talk: no more is left to see of them than that they came."""
    key = keys_of(tx).find(private)
    query = sa.select(_attachment).where(_attachment.c.id.in_(attachments))
    for row in tx.execute(query).all():
        day = row.created_at.replace(hour=0, minute=0, second=0, microsecond=0)
        hidden = {"kind": "file", "ref": "", "sha256": "", "mime": "", "size": 0, "created_at": day}
        hidden |= {"private": private, "state": "lost" if key is None else "pending"}
        tx.execute(sa.update(_attachment).where(_attachment.c.id == row.id).values(hidden))
        if key is not None:
            source = json.dumps([row.ref, row.sha256]).encode()
            tx.execute(sa.insert(_file), {"attachment": row.id, "content": key.seal(source)})


def source(tx: Tx, attachment: int, private: str) -> Source | None:
    """Where its bytes are. None if its key is gone."""
    key, content = keys_of(tx).find(private), _content(tx, attachment)
    if key is None or content is None:
        return None
    try:
        return Source(*json.loads(key.open(content)))
    except SealError:
        return None


def any_pending(tx: Tx, private: str) -> bool:
    """Do the bytes of any that rest under this key still have to come?"""
    waits = sa.exists().where(
        _attachment.c.state == sa.literal_column("'pending'"), _attachment.c.private == private
    )
    return bool(tx.execute(sa.select(waits)).scalar())


def keep(tx: Tx, attachment: int, private: str, found: Found) -> None:
    """Its bytes have come. If its key is gone meanwhile nothing is kept."""
    key = keys_of(tx).find(private)
    if key is None:
        return
    plain = _packed(found)
    room = next(size for size in _ROOMS if size >= len(plain) + 4)
    _set(tx, attachment, key.seal(plain, room))
    tx.execute(sa.update(_attachment).where(_attachment.c.id == attachment).values(state="stored"))


def bring_out(tx: Tx, attachment: int, key: Key, at: datetime) -> int | None:
    """The same picture as an attachment of its own, which nothing joins to the first. None if it never came.

    at: what is to stand as its time.
    """
    query = sa.select(_attachment.c.state).where(_attachment.c.id == attachment)
    content = _content(tx, attachment)
    if tx.execute(query).scalar() != "stored" or content is None:
        return None
    try:
        plain = key.open(content)
    except SealError:
        return None
    found = _unpacked(plain)
    values = {"kind": found.kind, "channel": RELEASED, "state": "pending", "created_at": at}
    new = int(tx.execute(sa.insert(_attachment).returning(_attachment.c.id), values).scalar_one())
    tx.execute(sa.insert(_file), {"attachment": new, "content": plain})
    return new


def drop(tx: Tx, private: str) -> None:
    """Drop what came in talks under that key."""
    hers = sa.and_(_attachment.c.private == private, _attachment.c.private != sa.literal_column("''"))
    tx.execute(sa.delete(_attachment).where(hers))


def erase_some(tx: Tx, private: str, count: int) -> bool:
    """Drop so many of them. False: there are none."""
    hers = sa.and_(_attachment.c.private == private, _attachment.c.private != sa.literal_column("''"))
    some = sa.select(_attachment.c.id).where(hers).limit(count)
    return bool(tx.execute(sa.delete(_attachment).where(_attachment.c.id.in_(some))).rowcount)


def released(tx: Tx, attachment: int) -> Found | None:
    """What came out of a box and is still to become a file."""
    content = _content(tx, attachment)
    return None if content is None else _unpacked(content)


def has_become_a_file(tx: Tx, attachment: int) -> None:
    tx.execute(sa.delete(_file).where(_file.c.attachment == attachment))


def is_elsewhere(tx: Tx, sha256: str) -> bool:
    """Does anything that is not private show the file, or wait for it to be sealed?"""
    if tx.execute(sa.select(sa.exists().where(_attachment.c.sha256 == sha256))).scalar_one():
        return True
    waiting = sa.select(_attachment.c.id, _attachment.c.private).where(
        _attachment.c.state == sa.literal_column("'pending'"), _attachment.c.private != ""
    )
    sources = (source(tx, row.id, row.private) for row in tx.execute(waiting).all())
    return any(one is not None and one.sha256 == sha256 for one in sources)


def _content(tx: Tx, attachment: int) -> bytes | None:
    content = tx.execute(sa.select(_file.c.content).where(_file.c.attachment == attachment)).scalar()
    return None if content is None else bytes(content)


def _set(tx: Tx, attachment: int, content: bytes) -> None:
    tx.execute(sa.update(_file).where(_file.c.attachment == attachment).values(content=content))


def _packed(found: Found) -> bytes:
    return json.dumps([found.kind, found.mime]).encode() + b"\n" + found.content


def _unpacked(plain: bytes) -> Found:
    head, _, content = plain.partition(b"\n")
    kind, mime = json.loads(head)
    return Found(kind, mime, content)
