"""Statements of a turn, written out once for each database and then run by the driver itself.

SQLAlchemy looks a statement up, binds its values and wraps its rows anew each time it is run. That costs several times
what SQLite needs to do it, and a turn has a dozen statements, so those that every turn runs are prepared. They are
written with SQLAlchemy all the same, and their types are its types.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, cast

import sqlalchemy as sa

Statement: TypeAlias = "sa.Select[Any] | sa.CompoundSelect[Any] | sa.Insert | sa.Update | sa.Delete"
Convert = Callable[[Any], Any]


class _Parameter(NamedTuple):
    """One place in the written statement: which value goes there, or the one that always does."""

    name: str
    convert: Convert | None
    given: bool
    always: Any


@dataclass(frozen=True, slots=True)
class _Written:
    """A statement as one database takes it."""

    text: str
    parameters: list[_Parameter]
    row: Callable[[Sequence[Any]], Any] | None
    """Makes a row of what the driver brings; None where nothing comes back."""

    def values(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        listed = [values[name] if given else always for name, _, given, always in self.parameters]
        return tuple(
            value if one.convert is None else one.convert(value)
            for one, value in zip(self.parameters, listed, strict=True)
        )


class Prepared:
    """A statement that is called with the values of its parameters."""

    def __init__(self, statement: Statement) -> None:
        """An insert names its columns with `.values`: nothing is filled in for it. A list is one of literals."""
        self._statement = statement
        self._written: dict[str, _Written] = {}

    def rows(self, tx: sa.Connection, values: Mapping[str, Any]) -> list[Any]:
        """The rows that come back: tuples with a name for each column."""
        written = self._for(tx)
        found = _run(tx, written.text, written.values(values), _fetch)
        return [] if written.row is None else [written.row(row) for row in found]

    def first(self, tx: sa.Connection, values: Mapping[str, Any]) -> Any:
        """The first row, or None."""
        rows = self.rows(tx, values)
        return rows[0] if rows else None

    def count(self, tx: sa.Connection, values: Mapping[str, Any]) -> int:
        """Do it; to how many rows was it done?"""
        written = self._for(tx)
        return cast("int", _run(tx, written.text, written.values(values), _count))

    def each(self, tx: sa.Connection, listed: Sequence[Mapping[str, Any]]) -> None:
        """Do it with each of several lots of values."""
        written = self._for(tx)
        if len(listed) == 1:
            _run(tx, written.text, written.values(listed[0]), _count)
        elif listed:
            _run_each(tx, written.text, [written.values(values) for values in listed])

    def _for(self, tx: sa.Connection) -> _Written:
        written = self._written.get(tx.dialect.name)
        if written is None:
            written = self._written[tx.dialect.name] = _write(self._statement, tx.dialect)
        return written


def _write(statement: Statement, dialect: sa.Dialect) -> _Written:
    compiled: Any = statement.compile(dialect=dialect)
    if compiled.post_compile_params:
        raise TypeError(f"a list in a prepared statement is written out, each a literal: {compiled}")
    parameters = [_parameter(compiled.binds[name], dialect) for name in compiled.positiontup]
    columns = list(statement.exported_columns)
    return _Written(compiled.string, parameters, _reader(columns, dialect) if columns else None)


def _parameter(bind: Any, dialect: sa.Dialect) -> _Parameter:
    convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return _Parameter(bind.key, convert, bind.required, None if bind.required else bind.effective_value)


def _reader(columns: Sequence[Any], dialect: sa.Dialect) -> Callable[[Sequence[Any]], Any]:
    """Makes a row of what the driver brings, its values as SQLAlchemy has them."""
    made: Any = namedtuple("Row", [str(column.key) for column in columns], rename=True)  # type: ignore[misc] # noqa: PYI024
    converts = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    changed = [(place, convert) for place, convert in enumerate(converts) if convert is not None]

    def read(brought: Sequence[Any]) -> Any:
        if not changed:
            return made._make(brought)
        values = list(brought)
        for place, convert in changed:
            values[place] = convert(values[place])
        return made._make(values)

    return read


def _fetch(cursor: Any) -> list[Any]:
    return cast("list[Any]", cursor.fetchall())


def _count(cursor: Any) -> int:
    return cast("int", cursor.rowcount)


def _run(tx: sa.Connection, text: str, values: tuple[Any, ...], bring: Convert) -> Any:
    cursor = tx.connection.cursor()
    try:
        cursor.execute(text, values)
        return bring(cursor)
    except Exception as error:
        raise _told(tx, text, error, cursor) from error
    finally:
        cursor.close()


def _run_each(tx: sa.Connection, text: str, listed: Sequence[tuple[Any, ...]]) -> None:
    cursor = tx.connection.cursor()
    try:
        cursor.executemany(text, listed)
    except Exception as error:
        raise _told(tx, text, error, cursor) from error
    finally:
        cursor.close()


def _told(tx: sa.Connection, text: str, error: Exception, cursor: Any) -> BaseException:
    """A driver's error as SQLAlchemy tells it, without the values; a connection that broke is not used again."""
    dialect = tx.dialect
    driver_error = dialect.loaded_dbapi.Error
    if not isinstance(error, driver_error):
        return error
    broken = dialect.is_disconnect(error, tx.connection, cursor)
    if broken:
        tx.invalidate(error)
    return sa.exc.DBAPIError.instance(
        text, None, error, driver_error, hide_parameters=True, connection_invalidated=broken, dialect=dialect
    )
