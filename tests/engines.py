"""Engines of one kind share their dialect and what it has compiled: each test opens its own, and says the same to it."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import engine as asynchronous


def compile_once(patch: pytest.MonkeyPatch) -> None:
    """From now on a statement is compiled once in this process for SQLite, and once for PostgreSQL."""
    create = sa.create_engine
    first: dict[tuple[type[sa.Dialect], str | None], sa.Engine] = {}

    def create_engine(url: sa.URL | str, **options: Any) -> sa.Engine:
        made = create(url, **options)
        kind = type(made.dialect), options.get("isolation_level")
        known = first.setdefault(kind, made)
        if (
            known.dialect.server_version_info is None
        ):  # it has never connected, and knows nothing of its database
            first[kind] = made
        else:
            made.dialect = made.pool._dialect = known.dialect
            made._compiled_cache = known._compiled_cache
        return made

    patch.setattr(sa, "create_engine", create_engine)
    patch.setattr(asynchronous, "_create_engine", create_engine)
