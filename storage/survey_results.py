"""Answers that may be read: counted by the database, or row by row for a spreadsheet."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from storage import schema
from storage.database import Tx

_survey = schema.survey
_answer = schema.survey_answer
_count = schema.survey_count
_account = schema.account
_person = schema.person

_PAGE = 500
"""Rows fetched at once: memory stays flat however many there are."""


class Loaded(NamedTuple):
    """A survey as far as its results go. `form` is JSON."""

    id: int
    name: str
    title: str
    form: Any
    anonymous: bool
    state: str
    area: str
    closed_at: datetime | None


class Answered(NamedTuple):
    """One answer. Of an anonymous survey `person`, `phone` and `channel` are ""."""

    number: int
    person: str
    phone: str
    township: str
    channel: str
    day: date | None
    answers: dict[str, str]


_SURVEY = sa.select(*(_survey.c[name] for name in Loaded._fields))


def find(tx: Tx, survey: int) -> Loaded | None:
    row = tx.execute(_SURVEY.where(_survey.c.id == survey)).first()
    return None if row is None else Loaded(*row)


def newest(tx: Tx, count: int) -> list[Loaded]:
    return [Loaded(*row) for row in tx.execute(_SURVEY.order_by(_survey.c.id.desc()).limit(count))]


def counts(tx: Tx, survey: int, question: str) -> dict[tuple[str, str], int]:
    """How many gave each answer to a question, by (township or "", answer). Who was not asked is not in it."""
    value = _answer.c.answers[question].as_string().label("value")
    township = sa.func.coalesce(_answer.c.township, "").label("place")
    query = (
        sa.select(township, value, sa.func.count())
        .where(_answer.c.survey == survey, value.is_not(None))
        .group_by(sa.text("place"), sa.text("value"))
    )
    return {(row[0], row[1]): int(row[2]) for row in tx.execute(query)}


def by_township(tx: Tx, survey: int) -> dict[str, int]:
    """How many answered, by township, "" where none is known."""
    query = (
        sa.select(sa.func.coalesce(_answer.c.township, ""), sa.func.count())
        .where(_answer.c.survey == survey)
        .group_by(_answer.c.township)
    )
    return {row[0]: int(row[1]) for row in tx.execute(query)}


def by_channel(tx: Tx, survey: int) -> dict[str, int]:
    """How many answered a named survey, by messenger."""
    query = (
        sa.select(_answer.c.channel, sa.func.count())
        .where(_answer.c.survey == survey)
        .group_by(_answer.c.channel)
    )
    return {row[0]: int(row[1]) for row in tx.execute(query)}


def counted(tx: Tx, survey: int, what: str) -> dict[str, int]:
    """What was counted without anybody's name: `what` is "channel" or "invited"."""
    query = sa.select(_count.c.value, _count.c.count).where(_count.c.survey == survey, _count.c.what == what)
    return {row[0]: int(row[1]) for row in tx.execute(query)}


def people_on_channels(tx: Tx, area: str) -> dict[str, int]:
    """How many people of an area can be written to, by messenger."""
    query = (
        sa.select(_account.c.channel, sa.func.count(sa.distinct(_account.c.person)))
        .join(_person, _person.c.id == _account.c.person)
        .where(_person.c.area.startswith(area), _person.c.consented_at.is_not(None), ~_account.c.blocked)
        .group_by(_account.c.channel)
    )
    return {row[0]: int(row[1]) for row in tx.execute(query)}


_ROWS = (
    sa.select(
        _answer.c.number,
        sa.func.coalesce(_person.c.name, ""),
        sa.func.coalesce(_person.c.phone, ""),
        sa.func.coalesce(_answer.c.township, ""),
        _answer.c.channel,
        _answer.c.day,
        _answer.c.answers,
    )
    .outerjoin(_person, _person.c.id == _answer.c.person)
    .where(_answer.c.survey == sa.bindparam("of"))
    .order_by(_answer.c.number)
)
_ANSWERS = _ROWS.where(_answer.c.number > sa.bindparam("after")).limit(_PAGE)


def page(tx: Tx, survey: int, after: int = -1) -> list[Answered]:
    """The next answers by their number; none are left when it is empty."""
    return [Answered(*row) for row in tx.execute(_ANSWERS, {"of": survey, "after": after})]


def sent(
    tx: Tx, survey: int, files: Sequence[str], words: Sequence[str], *, after: int, count: int
) -> list[Answered]:
    """Answers with a voice or a picture, the first `after` left out. See `_sent` for the questions."""
    query = _ROWS.where(_sent(files, words)).offset(after).limit(count)
    return [Answered(*row) for row in tx.execute(query, {"of": survey})]


def count_sent(tx: Tx, survey: int, files: Sequence[str], words: Sequence[str]) -> int:
    query = sa.select(sa.func.count()).where(_answer.c.survey == survey, _sent(files, words))
    return int(tx.execute(query).scalar_one())


def _sent(files: Sequence[str], words: Sequence[str]) -> sa.ColumnElement[bool]:
    """Something stands at a question of `files`, or a voice at one of `words` (domain.surveys.spoken)."""
    given = [_answer.c.answers[name].as_string() != "" for name in files]
    said = [_answer.c.answers[name].as_string().startswith("\x1f") for name in words]
    return sa.or_(sa.false(), *given, *said)


def people_who_answered(tx: Tx, survey: int) -> int:
    """How many people there are whose answer to a named survey is kept."""
    query = sa.select(sa.func.count(_answer.c.person)).where(_answer.c.survey == survey)
    return int(tx.execute(query).scalar_one())
