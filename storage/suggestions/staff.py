"""Who reads suggestions, and where those stand whom a suggestion may be about."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.directory import RoleName
from domain.suggestions.chain import Post
from storage import schema
from storage.database import Tx

_role = schema.role
_person = schema.person
_assignment = schema.assignment

READERS = (RoleName.STAFF, RoleName.OWNER)
_ROSTER = (RoleName.CADRE, RoleName.SUPERVISOR, RoleName.LEADER, *READERS)
_WITH_A_POST = (RoleName.CADRE, RoleName.SUPERVISOR)


def _in_force(table: sa.Table, at: datetime) -> sa.ColumnElement[bool]:
    ends = table.c.valid_to
    return sa.and_(table.c.valid_from <= at, sa.or_(ends.is_(None), ends > at))


def readers(tx: Tx, at: datetime) -> list[tuple[int, RoleName, str]]:
    """(person, role, area) of all staff and owners now."""
    query = sa.select(_role.c.person, _role.c.role, _role.c.area).where(
        _role.c.role.in_(READERS), _in_force(_role, at)
    )
    return [(row.person, RoleName(row.role), row.area) for row in tx.execute(query.order_by(_role.c.id))]


def posts(tx: Tx, at: datetime) -> list[Post]:
    """Every grid and every area supervised, with whoever has it now."""
    supervised = sa.select(_role.c.person, _role.c.area).where(
        _role.c.role.in_(_WITH_A_POST), _in_force(_role, at)
    )
    grids = sa.select(_assignment.c.person, _assignment.c.area).where(_in_force(_assignment, at))
    both: sa.CompoundSelect[Any] = supervised.union(grids)
    return [Post(row.person, row.area) for row in tx.execute(both)]


def roster(tx: Tx, at: datetime) -> list[tuple[int, str]]:
    """(person, name) of everybody who holds an office now."""
    query = sa.select(_person.c.id, _person.c.name).where(
        _person.c.id.in_(sa.select(_role.c.person).where(_role.c.role.in_(_ROSTER), _in_force(_role, at)))
    )
    return [(row.id, row.name) for row in tx.execute(query)]
