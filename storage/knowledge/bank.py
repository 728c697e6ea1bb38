"""The bank in force."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from domain.knowledge.entry import Entry
from storage import schema
from storage.database import Tx
from storage.statements import lock_name

_bank = schema.knowledge_bank
_entry = schema.knowledge_entry


class Loaded(NamedTuple):
    """The newest loading of a bank."""

    mark: str
    entries: int
    at: datetime


_NEWEST = sa.select(_bank.c.mark, _bank.c.entries, _bank.c.loaded_at).order_by(_bank.c.id.desc()).limit(1)


def newest(tx: Tx) -> Loaded | None:
    row = tx.execute(_NEWEST).first()
    return None if row is None else Loaded(row.mark, row.entries, row.loaded_at)


def replace(tx: Tx, entries: Sequence[Entry], by: int | None, now: datetime) -> None:
    """From now on this is the bank, and nothing of the one before."""
    lock_name(tx, "knowledge")
    tx.execute(sa.delete(_entry))
    rows = [
        {
            "question": one.question,
            "asks": list(one.asks),
            "answer": one.answer,
            "source": one.source,
            "day": one.day,
            "until": one.until,
        }
        for one in entries
    ]
    if rows:
        tx.execute(sa.insert(_entry), rows)
    values = {"mark": secrets.token_hex(16), "entries": len(rows), "loaded_by": by, "loaded_at": now}
    tx.execute(sa.insert(_bank), values)


def entries(tx: Tx) -> list[Entry]:
    """In the order of the file."""
    return [
        Entry(row.question, tuple(row.asks), row.answer, row.source, row.day, row.until)
        for row in tx.execute(sa.select(_entry).order_by(_entry.c.id))
    ]
