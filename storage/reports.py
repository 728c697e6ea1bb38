"""Reports: which there are, and what their owners said to their lines."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.reports.months import Month, month_in
from domain.reports.report import Report
from storage import schema
from storage.database import Tx
from storage.statements import InsertOnce, Upsert

_report = schema.report
_remark = schema.report_remark
_assignment = schema.assignment
_leave = schema.leave

_add = InsertOnce(_report)
_say = Upsert(_remark, ["text"])
_COLUMNS = tuple(_report.c[name] for name in ("id", "month", "area", "person", "confirmed_at", "figures"))
_SELECT = sa.select(*_COLUMNS)
_OF_AREA = _SELECT.where(
    _report.c.month == sa.bindparam("in_month"),
    _report.c.area == sa.bindparam("in_area"),
    _report.c.person.is_(None),
)


def own(tx: Tx, month: Month, person: int, area: str) -> Report:
    """A cadre's own report of a month; made if there was none. `area`: the township that it counts for."""
    _add(tx, {"month": str(month), "area": area, "person": person})
    return _read(tx.execute(_SELECT.where(_report.c.month == str(month), _report.c.person == person)).one())


def of_area(tx: Tx, month: Month, area: str) -> Report:
    """The report of an area and a month; made if there was none."""
    _add(tx, {"month": str(month), "area": area, "person": None})
    return _read(tx.execute(_OF_AREA, {"in_month": str(month), "in_area": area}).one())


def of_area_if_any(tx: Tx, month: Month, area: str) -> Report | None:
    row = tx.execute(_OF_AREA, {"in_month": str(month), "in_area": area}).first()
    return None if row is None else _read(row)


def find(tx: Tx, number: int) -> Report | None:
    row = tx.execute(_SELECT.where(_report.c.id == number)).first()
    return None if row is None else _read(row)


def lock(tx: Tx, number: int) -> Report | None:
    """The report, held until the transaction ends."""
    row = tx.execute(_SELECT.where(_report.c.id == number).with_for_update()).first()
    return None if row is None else _read(row)


def confirm(tx: Tx, number: int, at: datetime | None, figures: Mapping[str, Any] | None) -> None:
    """Its owner said yes; `at` None: he takes that back."""
    tx.execute(
        sa.update(_report)
        .where(_report.c.id == number)
        .values(confirmed_at=at, figures=None if figures is None else dict(figures))
    )


def say(tx: Tx, number: int, line: str, part: str, text: str) -> None:
    """What the owner says to a line; a later sentence takes the place of one before."""
    _say(tx, {"report": number, "line": line, "part": part, "text": text})


def unsay(tx: Tx, number: int, line: str, part: str) -> None:
    tx.execute(
        sa.delete(_remark).where(_remark.c.report == number, _remark.c.line == line, _remark.c.part == part)
    )


def remarks(tx: Tx, number: int) -> dict[str, dict[str, str]]:
    """By line, then by part: what was said."""
    found: dict[str, dict[str, str]] = {}
    for row in tx.execute(sa.select(_remark).where(_remark.c.report == number)):
        found.setdefault(row.line, {})[row.part] = row.text
    return found


def _in_force(table: sa.Table, at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.valid_from <= at, sa.or_(table.c.valid_to.is_(None), table.c.valid_to > at))


def _here(at: datetime) -> sa.ColumnElement[bool]:
    return ~sa.exists().where(
        _leave.c.person == _assignment.c.person, _leave.c.starts_at <= at, _leave.c.ends_at > at
    )


def to_be_told(tx: Tx, month: Month, now: datetime, count: int) -> list[tuple[int, str]]:
    """(person, a grid of his) of cadres who are to hear of their report of a month, and have not yet.

    They have a grid now, had it before the month ended, and are not away.
    """
    heard = sa.exists().where(
        _report.c.month == str(month),
        _report.c.person == _assignment.c.person,
        sa.or_(_report.c.told_at.is_not(None), _report.c.confirmed_at.is_not(None)),
    )
    query = (
        sa.select(_assignment.c.person, sa.func.min(_assignment.c.area))
        .where(_in_force(_assignment, now), _assignment.c.valid_from < month.ends, _here(now), ~heard)
        .group_by(_assignment.c.person)
        .order_by(_assignment.c.person)
        .limit(count)
    )
    return [(row[0], row[1]) for row in tx.execute(query)]


def is_empty(tx: Tx, number: int) -> None:
    """The month had nothing in it: nobody is asked to confirm it."""
    tx.execute(sa.update(_report).where(_report.c.id == number).values(empty=True))


def told(tx: Tx, number: int, now: datetime) -> bool:
    """Its owners hear of it now, if there is anything in it. False: they have heard of it."""
    told_now = sa.update(_report).where(_report.c.id == number, _report.c.told_at.is_(None))
    return tx.execute(told_now.values(told_at=now)).rowcount == 1


def forget_own(tx: Tx, person: int) -> None:
    """He leaves: his own reports go with him."""
    his = sa.select(_report.c.id).where(_report.c.person == person)
    tx.execute(sa.delete(_remark).where(_remark.c.report.in_(his)))
    tx.execute(sa.delete(_report).where(_report.c.person == person))


def _read(row: Any) -> Report:
    return Report(row.id, month_in(row.month), row.area, row.person, row.confirmed_at, row.figures)
