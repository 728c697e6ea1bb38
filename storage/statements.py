"""Statements that both databases understand."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.prepared import Prepared


class InsertOnce:
    """An insert that leaves a row alone when its key is already there; says whether it inserted."""

    def __init__(self, table: sa.Table, columns: Sequence[sa.Column[Any]] = ()) -> None:
        """`columns`: what `all` returns of a row."""
        inserts: Mapping[str, Any] = {"sqlite": sqlite.insert(table), "postgresql": postgresql.insert(table)}
        self._statements = {name: one.on_conflict_do_nothing() for name, one in inserts.items()}
        self._returning = {name: one.returning(*columns) for name, one in self._statements.items()}

        def of_so_many(dialect: str, count: int, names: tuple[str, ...]) -> Prepared:
            insert = inserts[dialect].from_select(names, _rows_of_parameters(table, count, names))
            return Prepared(insert.on_conflict_do_nothing().returning(*columns))

        self._of_so_many = lru_cache(of_so_many)

    def __call__(self, tx: sa.Connection, values: Mapping[str, Any]) -> bool:
        return tx.execute(self._statements[tx.dialect.name], dict(values)).rowcount == 1

    def all(self, tx: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Insert many, which all have the same columns, and return those that were inserted, by their first column."""
        if len(rows) <= _SEVERAL:
            statement = self._of_so_many(tx.dialect.name, len(rows), tuple(rows[0]))
            inserted = statement.rows(tx, _numbered(rows))
        else:
            inserted = list(tx.execute(self._returning[tx.dialect.name], rows))
        return sorted(inserted, key=lambda row: row[0])


_SEVERAL = 4
"""Rows at the most for which a statement is kept. SQLAlchemy writes one anew for every other list of rows."""


def _new(table: sa.Table, names: Iterable[str]) -> dict[str, sa.BindParameter[Any]]:
    """A parameter for each column, not called as the column is: SQLAlchemy keeps that name to itself."""
    return {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in names}


def _called_new(row: Mapping[str, Any]) -> dict[str, Any]:
    """The values for `_new`."""
    return {f"new_{name}": value for name, value in row.items()}


def _rows_of_parameters(table: sa.Table, count: int, names: Sequence[str]) -> sa.CompoundSelect[Any]:
    """So many rows of parameters, each called as its column with the row's place behind."""
    rows = [
        sa.select(
            *(sa.bindparam(f"{name}_{place}", type_=table.c[name].type).label(name) for name in names)
        ).where(sa.true())  # without a WHERE, SQLite reads the ON of what comes behind as one of a join
        for place in range(count)
    ]
    return sa.union_all(*rows)


def _numbered(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The values for `_rows_of_parameters`."""
    return {f"{name}_{place}": value for place, row in enumerate(rows) for name, value in row.items()}


class Upsert:
    """An insert that, where its key is already there, brings these columns of the row up to date."""

    def __init__(
        self, table: sa.Table, columns: Sequence[str], also: sa.ColumnElement[Any] | None = None
    ) -> None:
        """`also`: something to be looked up in the same statement, as it is then."""
        keys = [column.name for column in table.primary_key]

        def statement(insert: Any) -> Prepared:
            new = insert.values(_new(table, table.columns.keys())).on_conflict_do_update(
                index_elements=keys, set_={name: insert.excluded[name] for name in columns}
            )
            return Prepared(new if also is None else new.returning(also))

        self._statements = {
            "sqlite": statement(sqlite.insert(table)),
            "postgresql": statement(postgresql.insert(table)),
        }

    def __call__(
        self, tx: sa.Connection, row: Mapping[str, Any], values: Mapping[str, Any] | None = None
    ) -> Any:
        """What was also looked up, with these values; None if nothing was. `row` names all columns."""
        found = self._statements[tx.dialect.name].first(tx, _called_new(row) | dict(values or {}))
        return None if found is None else found[0]


class InsertOnceThenFind:
    """An insert as `InsertOnce` does it, then a query for one row, both in one round trip where there are any.

    The query begins, and takes its locks, when the insert is done. Its first column is never null. Its parameters
    must not be called as the table's columns are.
    """

    def __init__(self, table: sa.Table, columns: Sequence[str], query: sa.Select[Any]) -> None:
        new = _new(table, columns)
        self._insert = Prepared(sqlite.insert(table).values(new).on_conflict_do_nothing())
        self._query = Prepared(query)
        insert = postgresql.insert(table).values(new).on_conflict_do_nothing().returning(sa.literal(1))
        inserted = sa.select(sa.func.count()).select_from(insert.cte("inserted")).scalar_subquery()
        found = query.where(inserted >= 0).cte("found")
        always = sa.select(sa.literal(1)).subquery("always")
        self._both = Prepared(
            sa.select(found, inserted.label("inserted")).select_from(always.outerjoin(found, sa.true()))
        )

    def __call__(
        self, tx: sa.Connection, values: Mapping[str, Any], of_query: Mapping[str, Any]
    ) -> tuple[bool, Any]:
        """Whether it inserted, and the row, None if there is none."""
        new = _called_new(values)
        if tx.dialect.name == "sqlite":
            return self._insert.count(tx, new) == 1, self._query.first(tx, of_query)
        row = self._both.first(tx, new | dict(of_query))
        return row.inserted == 1, None if row[0] is None else row


class Insert:
    """An insert of rows that returns their new keys."""

    def __init__(self, table: sa.Table) -> None:
        new = _new(table, [column.name for column in table.columns if column is not table.c.id])
        self.one = sa.insert(table).values(new).returning(table.c.id)
        self._one = Prepared(self.one)
        self._many = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)

    def __call__(self, tx: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """The keys of the rows, in order. A row names all columns but its key."""
        if len(rows) == 1:
            return [self._one.first(tx, _called_new(rows[0]))[0]]
        return list(tx.execute(self._many, rows).scalars()) if rows else []


class UpdateAndInsert:
    """An update, and an insert of rows that returns their new keys, both in one round trip where there are any.

    A row names all its columns. The update's parameters must not be called as the table's columns are.
    """

    def __init__(self, update: sa.Update, table: sa.Table) -> None:
        self._update, self._insert = Prepared(update), Insert(table)
        self._both = Prepared(self._insert.one.add_cte(update.cte("updated")))

    def __call__(
        self, tx: sa.Connection, of_update: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
    ) -> list[int]:
        """The keys of the rows, in order."""
        if len(rows) == 1 and tx.dialect.name != "sqlite":
            return [self._both.first(tx, _called_new(rows[0]) | dict(of_update))[0]]
        self._update.count(tx, of_update)
        return self._insert(tx, rows)


class Together:
    """Statements of which nothing comes back, in one round trip where there are any.

    None of them may depend on what another does: where they are one, all see the rows as they were before it.
    """

    def __init__(self, *statements: sa.Update | sa.Delete) -> None:
        first, *others = statements
        self._each = [Prepared(one) for one in statements]
        self._all = Prepared(first.add_cte(*(one.cte(f"part_{place}") for place, one in enumerate(others))))

    def __call__(self, tx: sa.Connection, values: Mapping[str, Any]) -> None:
        for one in self._each if tx.dialect.name == "sqlite" else [self._all]:
            one.count(tx, values)


class InsertWithParts:
    """An insert of one row, and of rows of another table that belong to it, in one round trip where there are any."""

    def __init__(
        self, table: sa.Table, parts: sa.Table, belongs: sa.Column[Any], also: sa.ScalarSelect[Any]
    ) -> None:
        """`belongs`: the column of a part that holds the row's id.

        `also`: something to be looked up by the row's values, which are parameters called `new_` and their column.
        """
        insert = sa.insert(table).values(
            _new(table, [column.name for column in table.columns if column is not table.c.id])
        )
        self._insert = Prepared(insert.returning(table.c.id, also))
        self._insert_part = Prepared(sa.insert(parts).values(_new(parts, parts.columns.keys())))
        self._belongs = belongs.name
        added = insert.returning(table.c.id).cte("added")

        def both(count: int, part_names: tuple[str, ...]) -> Prepared:
            rows = _rows_of_parameters(parts, count, part_names).subquery("rows")
            whole = sa.select(added.c.id, *rows.c).select_from(added.join(rows, sa.true()))
            add_parts = sa.insert(parts).from_select([belongs.name, *part_names], whole)
            return Prepared(sa.select(added.c.id, also).add_cte(add_parts.cte("parts")))

        self._both = lru_cache(both)

    def __call__(
        self, tx: sa.Connection, row: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]
    ) -> tuple[int, Any]:
        """The new row's id, and what was also looked up. `row` and every part name all their columns but these keys."""
        if tx.dialect.name == "sqlite":
            number, found = self._insert.first(tx, _called_new(row))
            self._insert_part.each(tx, [_called_new({self._belongs: number, **part}) for part in parts])
        else:
            both = self._both(len(parts), tuple(parts[0]))
            number, found = both.first(tx, _called_new(row) | _numbered(parts))
        return number, found


def savepoint(tx: sa.Connection) -> AbstractContextManager[object]:
    """Opens a part of a transaction that can fail without the rest."""
    return tx.begin_nested()


def lock_name(tx: sa.Connection, name: str) -> None:
    """Hold the only lock of this name until the transaction ends. SQLite has one writer and needs none."""
    if tx.dialect.name == "postgresql":
        tx.execute(_LOCK, {"name": name})


def plan_anew(tx: sa.Connection) -> None:
    """From here on the transaction's statements are planned for the rows that there are now, which pays for many rows.

    PostgreSQL else keeps the plan of a statement that was first run while its tables were nearly empty.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(_PLAN_ANEW)


_PLAN_ANEW = sa.text("SET LOCAL plan_cache_mode = force_custom_plan")
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def new_id(result: sa.CursorResult[Any]) -> int:
    """The key of the row just inserted."""
    key = result.inserted_primary_key
    if key is None:
        raise TypeError("not an insert of one row")
    return int(key[0])
