"""Areas of the county."""

from typing import Any

import sqlalchemy as sa

from domain.directory import Area, Level
from storage import schema
from storage.database import Tx

_COLUMNS = (schema.area.c.code, schema.area.c.parent, schema.area.c.level, schema.area.c.name)
_BY_CODE = sa.select(*_COLUMNS).where(schema.area.c.code == sa.bindparam("code"))
_CHILDREN = (
    sa.select(*_COLUMNS).where(schema.area.c.parent == sa.bindparam("parent")).order_by(schema.area.c.code)
)
_BY_LEVEL = (
    sa.select(*_COLUMNS).where(schema.area.c.level == sa.bindparam("level")).order_by(schema.area.c.code)
)


def find(tx: Tx, code: str) -> Area | None:
    row = tx.execute(_BY_CODE, {"code": code}).first()
    return None if row is None else _area(row)


def children(tx: Tx, code: str) -> list[Area]:
    """Areas directly below `code`, by code."""
    return [_area(row) for row in tx.execute(_CHILDREN, {"parent": code})]


def of_level(tx: Tx, level: Level) -> list[Area]:
    return [_area(row) for row in tx.execute(_BY_LEVEL, {"level": level})]


_EVERYWHERE = sa.select(*_COLUMNS).order_by(schema.area.c.code)


def everywhere(tx: Tx) -> list[Area]:
    """Every area, by code."""
    return [_area(row) for row in tx.execute(_EVERYWHERE)]


_LIKE = (
    sa.select(*_COLUMNS)
    .where(
        schema.area.c.code.startswith(sa.bindparam("within")),
        schema.area.c.name.contains(sa.bindparam("words"), autoescape=False),
    )
    .order_by(schema.area.c.code)
)


def named_like(tx: Tx, within: str, words: str) -> list[Area]:
    """Areas inside `within` whose name contains the words, by code."""
    plain = words.replace("%", "").replace("_", "")
    return [_area(row) for row in tx.execute(_LIKE, {"within": within, "words": plain})] if plain else []


def add(tx: Tx, areas: list[Area]) -> None:
    """Add areas, parents before children."""
    rows = [{"code": a.code, "parent": a.parent, "level": a.level, "name": a.name} for a in areas]
    if rows:
        tx.execute(sa.insert(schema.area), rows)


def rename(tx: Tx, code: str, name: str) -> None:
    tx.execute(sa.update(schema.area).where(schema.area.c.code == code).values(name=name))


_RENAME = (
    sa.update(schema.area)
    .where(schema.area.c.code == sa.bindparam("renamed"))
    .values(name=sa.bindparam("new_name"))
)


def rename_all(tx: Tx, areas: list[Area]) -> None:
    """Give each area the name that it has in the list."""
    if areas:
        tx.execute(_RENAME, [{"renamed": area.code, "new_name": area.name} for area in areas])


def _area(row: Any) -> Area:
    return Area(row.code, row.parent, Level(row.level), row.name)


_COUNT = sa.select(schema.area.c.level, sa.func.count()).group_by(schema.area.c.level)


def count(tx: Tx) -> dict[Level, int]:
    """How many areas there are of each level."""
    counted = {Level(row[0]): int(row[1]) for row in tx.execute(_COUNT)}
    return {level: counted.get(level, 0) for level in Level}
