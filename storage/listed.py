"""A list of numbers as one parameter: the statement is the same however many they are, and is written once."""

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class _Numbers(TypeDecorator[Collection[int]]):
    """An array for PostgreSQL, JSON for SQLite."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        array = dialect.name == "postgresql"
        return dialect.type_descriptor(postgresql.ARRAY(sa.BigInteger) if array else sa.Text())

    def process_bind_param(self, value: Collection[int] | None, dialect: sa.Dialect) -> Any:
        numbers = list(value or ())
        return numbers if dialect.name == "postgresql" else json.dumps(numbers)


class _Among(FunctionElement[bool]):
    """Is the first among the second?"""

    inherit_cache = True
    type = sa.Boolean()

    def self_group(self, against: Any = None) -> "_Among":  # noqa: ARG002
        """As it is: with SQLAlchemy's `= 1` after it, SQLite would look through the whole table."""
        return self


@compiles(_Among, "postgresql")
def _in_postgres(among: _Among, compiler: Any, **how: Any) -> str:
    one, numbers = (compiler.process(clause, **how) for clause in among.clauses)
    return f"{one} = ANY ({numbers})"


@compiles(_Among, "sqlite")
def _in_sqlite(among: _Among, compiler: Any, **how: Any) -> str:
    one, numbers = (compiler.process(clause, **how) for clause in among.clauses)
    return f"{one} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608  of the compiler's own words


def among(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Is the column one of the numbers that the parameter of this name holds?"""
    return _Among(column, sa.bindparam(name, type_=_Numbers()))
