"""The month of a moment in China, counted by the database."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class _ChinaMonth(sa.sql.functions.GenericFunction[int]):
    """1 for January. China has been eight hours ahead of UTC all year since 1991."""

    type = sa.Integer()
    inherit_cache = True
    name = "china_month"


@compiles(_ChinaMonth, "sqlite")
def _on_sqlite(element: _ChinaMonth, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST(strftime('%m', {compiler.process(element.clauses, **more)}, '+8 hours') AS INTEGER)"


@compiles(_ChinaMonth, "postgresql")
def _on_postgresql(element: _ChinaMonth, compiler: SQLCompiler, **more: Any) -> str:
    moment = compiler.process(element.clauses, **more)
    return f"CAST(extract(month FROM CAST({moment} AS timestamp) + interval '8 hours') AS integer)"


def month_bit(at: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """The bit of a moment's month, as a pair keeps its season: 1 for January, 2048 for December."""
    return sa.literal_column("1", sa.Integer).bitwise_lshift(_ChinaMonth(at) - 1)
