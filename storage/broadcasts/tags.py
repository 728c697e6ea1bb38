"""Tags by which people can be addressed: given by staff, or for a survey's list."""

from collections.abc import Collection

import sqlalchemy as sa

from storage import schema
from storage.database import Tx

_person = schema.person
_tag = schema.person_tag


def add(tx: Tx, tag: str, phones: Collection[str]) -> int:
    """People with these phones carry the tag from now on. Returns how many carry it."""
    has_it = sa.exists().where(_tag.c.tag == tag, _tag.c.person == _person.c.id)
    found = sa.select(sa.literal(tag), _person.c.id).where(_person.c.phone.in_(phones), ~has_it)
    tx.execute(sa.insert(_tag).from_select(["tag", "person"], found))
    return tx.execute(sa.select(sa.func.count()).where(_tag.c.tag == tag)).scalar_one()


def is_carried(tx: Tx, tag: str) -> bool:
    """Does anybody carry it?"""
    return tx.execute(sa.select(sa.exists().where(_tag.c.tag == tag))).scalar_one()


def drop(tx: Tx, tag: str) -> None:
    """Nobody carries it any more."""
    tx.execute(sa.delete(_tag).where(_tag.c.tag == tag))


def within(tx: Tx, area: str) -> list[tuple[str, int]]:
    """By tag: how many of an area's people carry it, the most first."""
    count = sa.func.count().label("people")
    query = (
        sa.select(_tag.c.tag, count)
        .join(_person, _person.c.id == _tag.c.person)
        .where(_person.c.area.startswith(area))
        .group_by(_tag.c.tag)
        .order_by(count.desc(), _tag.c.tag)
    )
    return [(row.tag, row.people) for row in tx.execute(query)]
