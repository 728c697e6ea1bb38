"""What is run by the driver itself comes out as SQLAlchemy has it, which is the oracle here."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from storage import schema
from storage.database import Database, Tx
from storage.prepared import Prepared

_NOW = datetime(2026, 5, 1, 8, 0, 0, 123456, tzinfo=UTC)
_outbox, _account, _window = schema.outbox, schema.account, schema.send_window
_PERSON = {"name": "样例", "phone": "", "household": "", "created_at": _NOW}
_MESSAGE = {
    "channel": "web",
    "lane": 0,
    "about": "",
    "text": "渠堵了，“三组”；100%？'",
    "choices": [["t:1:show", "看"]],
    "media": [],
    "state": "queued",
    "tries": 0,
    "doubts": 0,
    "reason": "",
    "remote_id": "",
    "via": "only",
    "private": "",
    "created_at": _NOW,
    "due_at": _NOW + timedelta(hours=1),
}


def _people(tx: Tx) -> list[int]:
    """Two people, each with an account; one has blocked us."""
    ids = list(tx.execute(sa.insert(schema.person).returning(schema.person.c.id), [_PERSON] * 2).scalars())
    for person in ids:
        account = {
            "channel": "web",
            "address": str(person),
            "person": person,
            "blocked": person == ids[0],
            "created_at": _NOW,
        }
        tx.execute(sa.insert(_account), {name: account[name] for name in account if name in _account.c})
    return ids


def _add_messages(tx: Tx) -> None:
    accounts = tx.execute(sa.select(_account.c.id, _account.c.person)).all()
    for account, person in accounts:
        sent = {"settled_at": _NOW, "answers": f"web:{account}", "state": "sent"}
        for more in ({}, sent):
            tx.execute(sa.insert(_outbox), _MESSAGE | {"person": person, "account": account} | more)


_QUERIES = {
    "every column of the outbox": sa.select(_outbox).order_by(_outbox.c.id),
    "truths": sa.select(_account.c.id, _account.c.blocked, ~_account.c.blocked).order_by(_account.c.id),
    "what has no name": sa.select(_outbox.c.tries + 1, sa.literal("x")).order_by(_outbox.c.id),
    "a list of literals": sa.select(_outbox.c.id)
    .where(_outbox.c.state.in_([sa.literal("sent"), sa.literal("held")]))
    .order_by(_outbox.c.id),
    "two queries in one": sa.union_all(
        sa.select(_account.c.id, sa.literal(1).label("rank")), sa.select(_outbox.c.id, sa.literal(2))
    ),
}


@pytest.mark.parametrize("query", _QUERIES.values(), ids=_QUERIES)
async def test_rows_come_as_sqlalchemy_has_them(database: Database, query: sa.Select):
    def deed(tx: Tx) -> tuple[list[tuple], list[tuple], list]:
        _people(tx)
        _add_messages(tx)
        rows = Prepared(query).rows(tx, {})
        return [tuple(row) for row in rows], [tuple(row) for row in tx.execute(query)], rows

    mine, oracle, _ = await database.run(deed)
    assert sorted(map(repr, mine)) == sorted(map(repr, oracle))
    assert mine


async def test_a_value_goes_in_and_comes_out_and_is_found_again(database: Database):
    since = sa.select(_outbox.c.text, _outbox.c.due_at, _outbox.c.choices).where(
        _outbox.c.created_at <= sa.bindparam("at", type_=_outbox.c.created_at.type),
        sa.or_(_outbox.c.settled_at.is_(None), _outbox.c.settled_at < sa.bindparam("at")),
    )
    found = Prepared(since)

    def deed(tx: Tx) -> list:
        _people(tx)
        _add_messages(tx)
        return [found.first(tx, {"at": _NOW}), found.first(tx, {"at": _NOW - timedelta(microseconds=1)})]

    (row, none) = await database.run(deed)
    assert (row.text, row.due_at, row.choices) == (_MESSAGE["text"], _MESSAGE["due_at"], _MESSAGE["choices"])
    assert none is None


async def test_how_many_rows_were_changed(database: Database):
    bar = Prepared(sa.update(_account).where(_account.c.id == sa.bindparam("of")).values(blocked=sa.true()))

    def deed(tx: Tx) -> list:
        _people(tx)
        ids = list(tx.execute(sa.select(_account.c.id)).scalars())
        counted = [bar.count(tx, {"of": ids[1]}), bar.count(tx, {"of": max(ids) + 1})]
        bar.each(tx, [{"of": one} for one in ids])
        bar.each(tx, [])
        return [*counted, *tx.execute(sa.select(_account.c.blocked)).scalars()]

    assert await database.run(deed) == [1, 0, True, True]


async def test_an_error_is_sqlalchemys_and_quotes_nobody(database: Database):
    values = {"serial": "secret00", "area": "999999", "household": "", "issued_at": _NOW}
    new = {name: sa.bindparam(f"new_{name}", type_=schema.card.c[name].type) for name in values}
    add = Prepared(sa.insert(schema.card).values(new))

    with pytest.raises(sa.exc.IntegrityError) as caught:
        await database.run(lambda tx: add.count(tx, {f"new_{name}": one for name, one in values.items()}))
    assert not re.search("secret00|999999", str(caught.value))


async def test_a_list_that_would_be_written_anew_each_time_is_refused(database: Database):
    query = Prepared(sa.select(_account.c.id).where(_account.c.channel.in_(["web", "wechat"])))
    with pytest.raises(TypeError, match="each a literal"):
        await database.run(lambda tx: query.rows(tx, {}))
