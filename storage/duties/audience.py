"""Whose duty it is: one query for each kind of audience. A new kind is a query more."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from domain.directory import RoleName
from domain.duties.template import Audience, Template
from domain.tickets.rectification import NAMED
from domain.tickets.steps import State as Ticket
from storage import schema
from storage.months import month_bit

At = sa.ColumnElement[Any]
"""A moment, as a parameter."""
_role = schema.role
_assignment = schema.assignment
_ticket = schema.ticket
_pair = schema.pair
_report = schema.report
_newer = _report.alias("newer")


def _in_force(table: sa.Table, at: At) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.valid_from <= at, sa.or_(table.c.valid_to.is_(None), table.c.valid_to > at))


def _within(column: sa.Column[Any], areas: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(column.startswith(area) for area in areas)) if areas else sa.true()


def _of_role(template: Template, at: At) -> sa.Select[Any]:
    return sa.select(_role.c.person).where(
        _role.c.role.in_(template.roles), _in_force(_role, at), _within(_role.c.area, template.areas)
    )


def _of_grid(template: Template, at: At) -> sa.Select[Any]:
    return sa.select(_assignment.c.person).where(
        _in_force(_assignment, at), _within(_assignment.c.area, template.areas)
    )


def _of_rectification(template: Template, at: At) -> sa.Select[Any]:
    """Whoever has left his office owes no word of it, until somebody else is its owner."""
    return (
        sa.select(_ticket.c.owner.label("person"))
        .join(schema.rectification, schema.rectification.c.ticket == _ticket.c.id)
        .where(
            sa.exists().where(
                _role.c.person == _ticket.c.owner, _role.c.role.in_(NAMED), _in_force(_role, at)
            ),
            _ticket.c.state.in_((Ticket.ASSIGNED, Ticket.REOPENED)),
            _within(_ticket.c.area, template.areas),
        )
    )


def _of_report(template: Template, at: At) -> sa.Select[Any]:
    """Where the newest one is confirmed, or had nothing in it, nobody is asked, not even of those before it."""
    newer = sa.exists().where(
        _newer.c.area == _report.c.area,
        _newer.c.person.is_(None),
        _newer.c.told_at.is_not(None),
        _newer.c.month > _report.c.month,
    )
    return (
        sa.select(_role.c.person)
        .join(_report, _report.c.area == _role.c.area)
        .where(
            _role.c.role.in_((RoleName.SUPERVISOR, RoleName.STAFF)),
            _in_force(_role, at),
            _within(_role.c.area, template.areas),
            _report.c.person.is_(None),
            _report.c.told_at.is_not(None),
            _report.c.confirmed_at.is_(None),
            ~_report.c.empty,
            ~newer,
        )
    )


def _of_pairs(template: Template, at: At) -> sa.Select[Any]:
    """Those out of season, and helpers who hold no office any more, are not asked for anything."""
    return sa.select(_pair.c.helper.label("person")).where(
        sa.exists().where(
            _role.c.person == _pair.c.helper,
            _role.c.role.not_in((RoleName.VILLAGER, RoleName.AGENT)),
            _in_force(_role, at),
        ),
        _pair.c.kind == template.audience.value,
        _in_force(_pair, at),
        _pair.c.months.bitwise_and(month_bit(at)) != 0,
        _within(_pair.c.office, template.areas),
    )


_KINDS: Mapping[Audience, Callable[[Template, At], sa.Select[Any]]] = {
    Audience.ROLE: _of_role,
    Audience.GRID: _of_grid,
    Audience.RECTIFICATION: _of_rectification,
    Audience.REPORT: _of_report,
    **dict.fromkeys((Audience.HOUSEHOLD, Audience.GROWER, Audience.TALENT), _of_pairs),
}


def members(template: Template, at: At) -> sa.Select[Any]:
    """Ids of those whose duty it is at a moment, with repetitions; whoever's term is over is not among them."""
    return _KINDS[template.audience](template, at)
