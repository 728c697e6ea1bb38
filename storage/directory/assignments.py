"""Who looks after what: one query finds everybody who may own a matter of an area."""

from datetime import datetime

import sqlalchemy as sa

from domain.directory import Candidate, Duty, Level, RoleName, Rung
from storage import schema
from storage.database import Tx
from storage.directory.people import PERSON_COLUMNS, read_person
from storage.prepared import Prepared

_assignment = schema.assignment
_role = schema.role
_leave = schema.leave

_AREAS = [sa.bindparam(f"area{number}", type_=schema.area.c.code.type) for number in range(len(Level))]
"""An area and what it lies in, as deep as areas go: always as many, so that it is always the same statement."""


def _valid(table: sa.Table) -> sa.ColumnElement[bool]:
    at = sa.bindparam("at", type_=table.c.valid_from.type)
    return sa.and_(table.c.valid_from <= at, sa.or_(table.c.valid_to.is_(None), table.c.valid_to > at))


def _on_leave(person: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    at = sa.bindparam("at", type_=_leave.c.starts_at.type)
    return sa.exists().where(_leave.c.person == person, _leave.c.starts_at <= at, _leave.c.ends_at > at)


_candidates = Prepared(
    sa.union_all(
        sa.select(
            *PERSON_COLUMNS,
            _assignment.c.duty.label("rung"),
            _assignment.c.area.label("scope"),
            _on_leave(schema.person.c.id).label("on_leave"),
        )
        .join(schema.person, schema.person.c.id == _assignment.c.person)
        .where(_assignment.c.area.in_(_AREAS), _valid(_assignment)),
        sa.select(
            *PERSON_COLUMNS,
            _role.c.role.label("rung"),
            _role.c.area.label("scope"),
            _on_leave(schema.person.c.id).label("on_leave"),
        )
        .join(schema.person, schema.person.c.id == _role.c.person)
        .where(
            _role.c.area.in_(_AREAS),
            _role.c.role.in_([sa.literal(RoleName.SUPERVISOR), sa.literal(RoleName.STAFF)]),
            _valid(_role),
        ),
    )
)


def candidates(tx: Tx, areas: tuple[str, ...], at: datetime) -> list[Candidate]:
    """Everybody who at `at` is assigned to, supervises or staffs one of `areas`."""
    if not areas:
        return []
    named = {f"area{number}": areas[min(number, len(areas) - 1)] for number in range(len(Level))}
    rows = _candidates.rows(tx, named | {"at": at})
    return [Candidate(read_person(row), Rung(row.rung), row.scope, bool(row.on_leave)) for row in rows]


def end_assignments(tx: Tx, area: str, person: int, at: datetime) -> int:
    """End the person's assignments to `area`; how many there were."""
    ended = tx.execute(
        sa.update(_assignment)
        .where(_assignment.c.area == area, _assignment.c.person == person, _assignment.c.valid_to.is_(None))
        .values(valid_to=at)
    )
    return ended.rowcount


def assign(tx: Tx, area: str, person: int, duty: str, at: datetime) -> None:
    tx.execute(sa.insert(_assignment), {"area": area, "person": person, "duty": duty, "valid_from": at})


def add_leave(tx: Tx, person: int, starts_at: datetime, ends_at: datetime) -> None:
    tx.execute(sa.insert(_leave), {"person": person, "starts_at": starts_at, "ends_at": ends_at})


_AWAY = sa.select(_on_leave(sa.bindparam("person", type_=_leave.c.person.type)))


def is_on_leave(tx: Tx, person: int, at: datetime) -> bool:
    return bool(tx.execute(_AWAY, {"person": person, "at": at}).scalar_one())


def end_leave(tx: Tx, person: int, now: datetime) -> None:
    """Leave that has begun ends now; leave to come is dropped."""
    of_person = _leave.c.person == person
    tx.execute(sa.delete(_leave).where(of_person, _leave.c.starts_at >= now))
    tx.execute(sa.update(_leave).where(of_person, _leave.c.ends_at > now).values(ends_at=now))


_HOLDERS = sa.select(_assignment.c.person).where(
    _assignment.c.area == sa.bindparam("area"),
    _assignment.c.duty == sa.bindparam("duty"),
    _valid(_assignment),
)


def holders(tx: Tx, area: str, duty: str, at: datetime) -> list[int]:
    """Ids of those who at `at` have this duty in exactly this area."""
    return list(tx.execute(_HOLDERS, {"area": area, "duty": duty, "at": at}).scalars())


_AREAS_OF = sa.select(_assignment.c.area, _assignment.c.duty).where(
    _assignment.c.person == sa.bindparam("person"), _valid(_assignment)
)


def areas_of(tx: Tx, person: int, at: datetime) -> list[tuple[str, str]]:
    """(area, duty) pairs that the person looks after at `at`."""
    return [(row.area, row.duty) for row in tx.execute(_AREAS_OF, {"person": person, "at": at})]


_PRIMARIES = sa.select(_assignment.c.area).where(_assignment.c.duty == Duty.PRIMARY, _valid(_assignment))
_WITHOUT_PRIMARY = sa.select(sa.func.count()).where(
    schema.area.c.level == Level.VILLAGE, schema.area.c.code.not_in(_PRIMARIES)
)
_WITHOUT_ACCOUNT = _PRIMARIES.where(
    ~sa.exists().where(schema.account.c.person == _assignment.c.person)
).with_only_columns(sa.func.count())


def villages_without_primary(tx: Tx, at: datetime) -> int:
    """How many villages nobody looks after in the first place at `at`."""
    return int(tx.execute(_WITHOUT_PRIMARY, {"at": at}).scalar_one())


def grids_without_account(tx: Tx, at: datetime) -> int:
    """How many grids have a first cadre who cannot be reached yet, since he has no account on any messenger."""
    return int(tx.execute(_WITHOUT_ACCOUNT, {"at": at}).scalar_one())
