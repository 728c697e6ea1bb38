"""Whose calendar is read by which secret address."""

from datetime import datetime

import sqlalchemy as sa

from domain.directory import Person
from storage import schema
from storage.database import Tx
from storage.directory.people import PERSON_COLUMNS, read_person

_feed = schema.calendar_feed


def put(tx: Tx, person: int, mark: bytes, now: datetime) -> None:
    """The person's calendar is to be read by the address of this mark, and by no other."""
    drop(tx, person)
    tx.execute(sa.insert(_feed), {"person": person, "mark": mark, "created_at": now})


def drop(tx: Tx, person: int) -> bool:
    """False: there was none."""
    return tx.execute(sa.delete(_feed).where(_feed.c.person == person)).rowcount == 1


def exists(tx: Tx, person: int) -> bool:
    return bool(tx.execute(sa.select(sa.exists().where(_feed.c.person == person))).scalar_one())


def reader(tx: Tx, mark: bytes) -> Person | None:
    """Whose calendar the address of this mark shows."""
    query = sa.select(*PERSON_COLUMNS).join(_feed, _feed.c.person == schema.person.c.id)
    row = tx.execute(query.where(_feed.c.mark == mark)).first()
    return None if row is None else read_person(row)
