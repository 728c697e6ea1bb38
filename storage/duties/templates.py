"""Templates of duties, as they were loaded. A changed one is a new version; what was opened keeps its own."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.directory import RoleName
from domain.duties.template import Audience, Template
from storage import schema
from storage.database import Tx
from storage.statements import lock_name

_template = schema.duty_template
_FIELDS = tuple(field.name for field in fields(Template))
COLUMNS = tuple(_template.c[name] for name in _FIELDS)


class Loaded(NamedTuple):
    """A version of a template. `since`: the day on which its key was first loaded."""

    id: int
    version: int
    since: date
    template: Template


_LOADED = sa.select(_template.c.id, _template.c.version, _template.c.since, *COLUMNS)
_IN_FORCE = _LOADED.where(_template.c.ended_at.is_(None)).order_by(_template.c.id)


def in_force(tx: Tx) -> list[Loaded]:
    """The newest version of each template that was not taken out again."""
    return [_loaded(row) for row in tx.execute(_IN_FORCE)]


def newest(tx: Tx) -> dict[str, Loaded]:
    """By key: its newest version, in force or not."""
    rows = tx.execute(_LOADED.order_by(_template.c.version))
    return {loaded.template.key: loaded for loaded in map(_loaded, rows)}


def hold(tx: Tx) -> None:
    """Nobody else changes the templates until the transaction ends: processes that start together load one by one."""
    lock_name(tx, "duties")


def add(tx: Tx, template: Template, version: int, since: date, now: datetime) -> None:
    values = {name: getattr(template, name) for name in _FIELDS}
    lists = {name: list(values[name]) for name in ("roles", "areas", "remind", "counts")}
    row = values | lists | {"version": version, "since": since, "made_at": now}
    tx.execute(sa.insert(_template), row)


def end(tx: Tx, ids: Sequence[int], now: datetime) -> None:
    """No further period of these is opened."""
    if ids:
        tx.execute(sa.update(_template).where(_template.c.id.in_(ids)).values(ended_at=now))


def _loaded(row: Any) -> Loaded:
    return Loaded(row.id, row.version, row.since, read(row))


def read(row: Any) -> Template:
    """A Template from a row that has COLUMNS."""
    return Template(
        key=row.key,
        name=row.name,
        system=row.system,
        rule=row.rule,
        remind=tuple(row.remind),
        audience=Audience(row.audience),
        roles=tuple(RoleName(role) for role in row.roles),
        areas=tuple(row.areas),
        days=row.days,
        counts=tuple(row.counts),
    )
