"""Attachments: pictures and sounds, known by id; their bytes rest in files."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from domain.delivery import StoredFile
from domain.talk import Media, MediaKind
from storage import schema
from storage.database import Tx

_attachment = schema.attachment
_SHEET = sa.select(schema.survey_sheet.c.name).where(schema.survey_sheet.c.attachment == _attachment.c.id)


class Wanted(NamedTuple):
    """An attachment whose bytes are still at the messenger."""

    id: int
    channel: str
    ref: str
    tries: int
    private: str = ""
    """Name of the key under which it is to rest, if it came in a private talk."""
    sheet: str | None = None
    """The file's name, if staff have sent it as a survey's spreadsheet."""


def add(tx: Tx, channel: str, media: Sequence[Media], now: datetime) -> list[int]:
    """Add attachments, stored already or still to be fetched, and return their ids in order.

    What a messenger tells of a file that is still to be fetched is its sender's word, and not kept.
    """
    rows = [
        {
            "kind": one.kind,
            "channel": channel,
            "ref": one.ref,
            "sha256": one.sha256,
            "mime": one.mime if one.sha256 else "",
            "size": one.size if one.sha256 else 0,
            "state": "stored" if one.sha256 else "pending",
            "created_at": now,
        }
        for one in media
    ]
    if not rows:
        return []
    statement = sa.insert(_attachment).returning(_attachment.c.id, sort_by_parameter_order=True)
    return [row.id for row in tx.execute(statement, rows)]


def kinds(tx: Tx, attachments: Sequence[int]) -> dict[int, MediaKind]:
    """What each of these attachments is. One of a private talk is shown to nobody."""
    query = sa.select(_attachment.c.id, _attachment.c.kind).where(
        _attachment.c.id.in_(attachments), _attachment.c.private == ""
    )
    return {row.id: row.kind for row in tx.execute(query)}


def pending(tx: Tx, limit: int) -> list[Wanted]:
    query = (
        sa.select(
            _attachment.c.id,
            _attachment.c.channel,
            _attachment.c.ref,
            _attachment.c.tries,
            _attachment.c.private,
            _SHEET.scalar_subquery(),
        )
        .where(_attachment.c.state == sa.literal_column("'pending'"))  # so that SQLite uses the partial index
        .order_by(_attachment.c.tries, _attachment.c.id)
        .limit(limit)
    )
    return [Wanted(*row) for row in tx.execute(query)]


def stored(tx: Tx, attachment: int, sha256: str, mime: str, size: int) -> None:
    values = {"state": "stored", "sha256": sha256, "mime": mime, "size": size}
    tx.execute(sa.update(_attachment).where(_attachment.c.id == attachment).values(values))


def missed(tx: Tx, attachment: int, *, lost: bool) -> None:
    """A try to fetch it failed; `lost` when no later try can succeed."""
    values = {"tries": _attachment.c.tries + 1, "state": "lost" if lost else "pending"}
    tx.execute(sa.update(_attachment).where(_attachment.c.id == attachment).values(values))


def files(tx: Tx, attachments: Sequence[int]) -> tuple[list[StoredFile], bool]:
    """The stored files among `attachments`, in order, and whether any of the others may still come."""
    query = sa.select(_attachment).where(_attachment.c.id.in_(attachments), _attachment.c.private == "")
    by_id = {row.id: row for row in tx.execute(query)}
    known = [by_id[one] for one in attachments if one in by_id]
    ready = [
        StoredFile(row.id, row.kind, row.mime, row.sha256, row.channel, row.ref)
        for row in known
        if row.state == "stored"
    ]
    return ready, any(row.state == "pending" for row in known)


def counts(tx: Tx) -> dict[str, int]:
    """How many attachments are pending, stored and lost."""
    query = sa.select(_attachment.c.state, sa.func.count()).group_by(_attachment.c.state)
    return {row[0]: int(row[1]) for row in tx.execute(query)}


def made_before(tx: Tx, makers: Collection[str], before: datetime, limit: int) -> dict[int, str]:
    """The oldest stored attachments from these that are older than that: by id, the SHA-256 of each."""
    old = sa.and_(
        _attachment.c.channel.in_(makers), _attachment.c.state == "stored", _attachment.c.created_at < before
    )
    query = (
        sa.select(_attachment.c.id, _attachment.c.sha256).where(old).order_by(_attachment.c.id).limit(limit)
    )
    return {row.id: row.sha256 for row in tx.execute(query)}


def shown_beside(tx: Tx, attachments: Collection[int], files: Collection[str]) -> set[str]:
    """Those of the files that other attachments show too."""
    others = sa.and_(_attachment.c.sha256.in_(files), _attachment.c.id.not_in(attachments))
    return set(tx.execute(sa.select(_attachment.c.sha256).where(others)).scalars())


def drop(tx: Tx, attachments: Collection[int]) -> None:
    tx.execute(sa.delete(_attachment).where(_attachment.c.id.in_(attachments)))
