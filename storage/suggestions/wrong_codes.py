"""How many wrong receipt codes were tried: numbers beside an account and a day, and beside an hour. Never which."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage import schema
from storage.database import Tx

_wrong = schema.wrong_code
_ONE_MORE = {
    name: insert.on_conflict_do_update(index_elements=["who", "period"], set_={"count": _wrong.c.count + 1})
    for name, insert in (("sqlite", sqlite.insert(_wrong)), ("postgresql", postgresql.insert(_wrong)))
}


def tried(tx: Tx, who: str, period: str) -> int:
    """Wrong codes in this period."""
    query = sa.select(_wrong.c.count).where(_wrong.c.who == who, _wrong.c.period == period)
    return tx.execute(query).scalar() or 0


def note(tx: Tx, counters: Sequence[tuple[str, str]]) -> None:
    """One wrong code more for each (who, period)."""
    rows = [{"who": who, "period": period, "count": 1} for who, period in counters]
    tx.execute(_ONE_MORE[tx.dialect.name], rows)


def forget(tx: Tx, before: str) -> None:
    """Drop what was counted in periods before this one; periods sort as they follow."""
    tx.execute(sa.delete(_wrong).where(_wrong.c.period < before))
