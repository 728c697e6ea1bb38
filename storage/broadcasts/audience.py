"""Who is meant by an audience, found by the database: queueing copies rows, and previewing counts them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.broadcasts import Audience, Broadcast, Preview, Reach
from storage import schema
from storage.broadcasts import counts
from storage.broadcasts.rows import Asking
from storage.database import Tx
from storage.directory.people import BEST, OPEN

_person = schema.person
_account = schema.account
_role = schema.role
_recipient = schema.broadcast_recipient
_mass_sent = schema.mass_sent

A_MONTH = 4
"""Mass messages that a follower of a WeChat service account gets in a calendar month."""
_VILLAGE, _TOWNSHIP = 12, 9
"""Digits of their codes."""
_AFTER, _UPTO = sa.bindparam("after", type_=sa.BigInteger), sa.bindparam("upto", type_=sa.BigInteger)
_REFUSED = sa.exists().where(schema.opt_out.c.person == _person.c.id)
_PLACES = (
    sa.select(
        _account.c.person, _account.c.id.label("account"), _account.c.channel, OPEN, BEST.label("place")
    )
    .join(schema.conversation, schema.conversation.c.account == _account.c.id)
    .where(~_account.c.blocked, _account.c.person > _AFTER, _account.c.person <= _UPTO)
    .subquery("places")
)


def _within(column: sa.Column[Any], areas: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(column.startswith(area) for area in areas)) if areas else sa.true()


def _meant(audience: Audience) -> list[sa.ColumnElement[bool]]:
    """What has to hold of a person. Whoever left has neither area nor consent any more."""
    now = sa.bindparam("at", type_=_role.c.valid_from.type)
    conditions: list[sa.ColumnElement[bool]] = [_person.c.id > _AFTER, _person.c.id <= _UPTO]
    if audience.roles:
        conditions.append(
            _works(now, _role.c.role.in_(audience.roles), _within(_role.c.area, audience.areas))
        )
    elif (
        audience.again or audience.asked
    ) and not audience.areas:  # they were chosen once, and only have to be here still
        conditions.append(sa.or_(_person.c.consented_at.is_not(None), _works(now)))
    elif audience.areas or not audience.tag:
        lives = _person.c.area.is_not(None), _person.c.consented_at.is_not(None)
        conditions += [*lives, _within(_person.c.area, audience.areas)]
    if audience.tag:
        tag = schema.person_tag
        conditions.append(sa.exists().where(tag.c.tag == audience.tag, tag.c.person == _person.c.id))
    if audience.again:
        conditions.append(_reached(audience.again))
    if audience.asked:
        asking = sa.select(schema.broadcast.c.id).where(schema.broadcast.c.survey == audience.asked)
        conditions.append(_reached(asking))
    return conditions


def _reached(broadcast: int | sa.Select[tuple[int]]) -> sa.ColumnElement[bool]:
    """Was it, or one of these, her turn already?"""
    before = _recipient.alias("before")
    return sa.exists().where(
        before.c.broadcast.in_([broadcast] if isinstance(broadcast, int) else broadcast),
        before.c.person == _person.c.id,
        before.c.state.in_([Reach.SENT, Reach.UNCERTAIN, Reach.OVER]),
    )


def _works(now: sa.BindParameter[datetime], *of_roles: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Has the person a role now, one of these?"""
    in_force = _role.c.valid_from <= now, sa.or_(_role.c.valid_to.is_(None), _role.c.valid_to > now)
    return sa.exists().where(_role.c.person == _person.c.id, *in_force, *of_roles)


def _recipients(audience: Audience) -> sa.Subquery:
    """(person, account, channel, open, area) of everybody who is meant and can be reached."""
    query = (
        sa.select(
            _person.c.id.label("person"),
            _places("account"),
            _places("channel"),
            _places("open"),
            _person.c.area,
        )
        .join(_PLACES, _PLACES.c.person == _person.c.id)
        .where(_PLACES.c.place == 1, ~_REFUSED, *_meant(audience))
    )
    found = query.subquery("found")
    if not audience.of_each_village:
        return found
    lot = sa.func.row_number().over(
        partition_by=sa.func.substr(found.c.area, 1, _VILLAGE), order_by=sa.func.random()
    )
    drawn = sa.select(found, lot.label("lot")).subquery("drawn")
    return sa.select(drawn).where(drawn.c.lot <= audience.of_each_village).subquery("recipients")


def _places(name: str) -> sa.ColumnElement[Any]:
    column: sa.ColumnElement[Any] = _PLACES.c[name]
    return column


def is_among(tx: Tx, asking: Asking, person: int, now: datetime) -> bool:
    """Was a broadcast for this person: is she one of its recipients, or would she be, if she had come earlier?

    A draw by lot is over when it is drawn.
    """
    recipient = sa.exists().where(_recipient.c.broadcast == asking.broadcast, _recipient.c.person == person)
    among = sa.select(recipient)
    if not asking.audience.of_each_village:
        among = sa.select(sa.or_(recipient, sa.exists().where(*_meant(asking.audience))))
    return tx.execute(among, {"after": person - 1, "upto": person, "at": now}).scalar_one()


def last_person(tx: Tx) -> int:
    """The highest id of a person."""
    return tx.execute(sa.select(sa.func.max(_person.c.id))).scalar() or 0


def queue(tx: Tx, broadcast: Broadcast, upto: int, now: datetime) -> int:
    """Make recipients of those who are meant, of the people after `broadcast.queued_to` up to `upto`. Returns how many.

    One INSERT … SELECT: nobody passes through here. Who has answered a named survey already, having come by its link, is
    among them, and is not asked.
    """
    found = _recipients(broadcast.audience)
    state = sa.case(
        (_has_answered(broadcast, found.c.person), Reach.ANSWERED.value), else_=Reach.WAITING.value
    )
    chosen = sa.select(
        sa.literal(broadcast.id).label("broadcast"),
        found.c.person,
        found.c.account,
        found.c.channel,
        state.label("state"),
    )
    insert = sa.insert(_recipient).from_select(["broadcast", "person", "account", "channel", "state"], chosen)
    between = {"after": broadcast.queued_to, "upto": upto}
    more = tx.execute(insert, between | {"at": now}).rowcount
    _count_answered(tx, broadcast, upto)
    return _invited(tx, broadcast, upto, more)


def _has_answered(broadcast: Broadcast, person: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Has she answered the survey under her name? Of an anonymous one nobody can tell."""
    if broadcast.survey is None or broadcast.anonymous:
        return sa.false()
    answer = schema.survey_answer.c
    return sa.exists().where(answer.survey == broadcast.survey, answer.person == person)


def _count_answered(tx: Tx, broadcast: Broadcast, upto: int) -> None:
    query = (
        sa.select(_recipient.c.channel, sa.func.count())
        .where(
            _recipient.c.broadcast == broadcast.id,
            _recipient.c.state == Reach.ANSWERED,
            _recipient.c.person > broadcast.queued_to,
            _recipient.c.person <= upto,
        )
        .group_by(_recipient.c.channel)
    )
    if broadcast.survey is not None and not broadcast.anonymous:
        counted = {(broadcast.id, row[0], Reach.ANSWERED): row[1] for row in tx.execute(query)}
        counts.change(tx, Counter(counted))


class Drawn(NamedTuple):
    """Somebody who was drawn by lot."""

    person: int
    account: int
    channel: str


def draw(tx: Tx, broadcast: Broadcast, now: datetime) -> list[Drawn]:
    """Draw so many of each village. It takes seconds where there are a million people, and only reads."""
    found = _recipients(broadcast.audience)
    everybody = {"after": 0, "upto": last_person(tx), "at": now}
    query = sa.select(found.c.person, found.c.account, found.c.channel).where(
        ~_has_answered(broadcast, found.c.person)
    )
    return [Drawn(*row) for row in tx.execute(query, everybody)]


def queue_drawn(tx: Tx, broadcast: Broadcast, drawn: Sequence[Drawn], upto: int) -> int:
    """Make recipients of those who were drawn. Returns how many."""
    shared = {"broadcast": broadcast.id, "state": Reach.WAITING}
    if drawn:
        tx.execute(sa.insert(_recipient), [shared | one._asdict() for one in drawn])
    return _invited(tx, broadcast, upto, len(drawn))


def _invited(tx: Tx, broadcast: Broadcast, upto: int, more: int) -> int:
    if more and broadcast.survey is not None and not broadcast.audience.again:
        _count_invited(tx, broadcast, upto)
    return more


def _count_invited(tx: Tx, broadcast: Broadcast, upto: int) -> None:
    """How many of each township are asked, by which a rate of answers can be told later."""
    count = schema.survey_count
    township = sa.func.substr(_person.c.area, 1, _TOWNSHIP)
    invited = (
        sa.select(
            sa.literal(broadcast.survey), sa.literal("invited"), township, sa.func.count().label("invited")
        )
        .join(_recipient, _recipient.c.person == _person.c.id)
        .where(
            _recipient.c.broadcast == broadcast.id,
            _recipient.c.person > broadcast.queued_to,
            _recipient.c.person <= upto,
            _person.c.area.is_not(None),
        )
        .group_by(township)
    )
    insert: Any = sqlite.insert(count) if tx.dialect.name == "sqlite" else postgresql.insert(count)
    new = insert.from_select(["survey", "what", "value", "count"], invited)
    tx.execute(
        new.on_conflict_do_update(
            index_elements=["survey", "what", "value"], set_={"count": count.c.count + new.excluded.count}
        )
    )


def preview(tx: Tx, audience: Audience, now: datetime, month: str, mass: Sequence[str]) -> Preview:
    """Count whom it would reach and how; `mass`: channels that have mass messages."""
    everybody = {"after": 0, "upto": last_person(tx), "at": now}
    found = _recipients(audience)
    used = sa.select(_mass_sent.c.count).where(
        _mass_sent.c.account == found.c.account, _mass_sent.c.month == month
    )
    free = sa.func.coalesce(used.scalar_subquery(), 0) < A_MONTH
    by_mass = sa.and_(found.c.channel.in_(mass), free) if mass else sa.false()
    way = sa.case((by_mass, "mass"), (found.c.open, "single"), else_="waits").label("way")
    reached: dict[str, dict[str, int]] = {"mass": {}, "single": {}, "waits": {}}
    query = sa.select(way, found.c.channel, sa.func.count().label("people")).group_by(way, found.c.channel)
    for row in tx.execute(query, everybody):
        reached[row.way][row.channel] = row.people
    why = _unreached(tx, audience, everybody)
    return Preview(
        single=reached["single"],
        mass=reached["mass"],
        waits=reached["waits"],
        refused=why.get("refused", 0),
        blocked=why.get("blocked", 0),
        no_account=why.get("no_account", 0),
    )


def _unreached(tx: Tx, audience: Audience, everybody: dict[str, Any]) -> dict[str, int]:
    account = sa.exists().where(_account.c.person == _person.c.id)
    why = sa.case((_REFUSED, "refused"), (account, "blocked"), else_="no_account").label("why")
    open_account = account.where(~_account.c.blocked)
    query = sa.select(why, sa.func.count().label("people")).where(
        sa.or_(_REFUSED, ~open_account), *_meant(audience)
    )
    return {row.why: row.people for row in tx.execute(query.group_by(why), everybody)}
