"""Surveys, what people have answered so far, and the named answers that were handed in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from domain.surveys.form import Form, form_to_json
from storage import schema
from storage.database import Tx
from storage.prepared import Prepared
from storage.statements import InsertOnce, Upsert, new_id

_survey = schema.survey
_draft = schema.survey_draft
_answer = schema.survey_answer
_code = schema.survey_code
_HER = sa.bindparam("person", type_=_draft.c.person.type)
_answer_once = InsertOnce(_answer)
_keep_draft = Upsert(_draft, ("answers", "updated_at"))


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as its row has it. `form` is JSON that nobody has read yet, so that one that is known need not be."""

    id: int
    title: str
    anonymous: bool
    state: str
    area: str
    form: str
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows of a survey."""

    id: int
    title: str
    anonymous: bool


_ADD = sa.insert(_survey)


def add(
    tx: Tx, form: Form, sheet: bytes, *, anonymous: bool, area: str, by: int | None, created_at: datetime
) -> int:
    """Add a survey in state draft and return its number. `sheet` is the spreadsheet it was compiled from."""
    values = {
        "name": form.name,
        "title": form.title,
        "form": form_to_json(form),
        "sheet": sheet,
        "anonymous": anonymous,
        "state": "draft",
        "area": area,
        "loaded_by": by,
        "created_at": created_at,
    }
    return new_id(tx.execute(_ADD, values))


_ONE = sa.select(
    _survey.c.id,
    _survey.c.title,
    _survey.c.anonymous,
    _survey.c.state,
    _survey.c.area,
    sa.cast(_survey.c.form, sa.Text).label("form"),
    _survey.c.closes_at,
).where(_survey.c.id == sa.bindparam("survey"))
_HELD = _ONE.with_for_update(key_share=True)


def find(tx: Tx, survey: int) -> Survey | None:
    row = tx.execute(_ONE, {"survey": survey}).first()
    return None if row is None else Survey(*row)


@dataclass(frozen=True, slots=True)
class Seat(Survey):
    """A survey, and how far one person is with it."""

    draft: bytes | None
    """What she has answered so far, as it is kept."""
    handed_in: bool
    """Is there an answer under her name?"""
    by_code: bool
    """Were codes ever made for it?"""


_SEAT = Prepared(
    _ONE.add_columns(
        _draft.c.answers.label("draft"),
        sa.exists().where(_answer.c.survey == _survey.c.id, _answer.c.person == _HER).label("handed_in"),
        sa.exists().where(_code.c.survey == _survey.c.id).label("by_code"),
    ).select_from(
        _survey.outerjoin(_draft, sa.and_(_draft.c.survey == _survey.c.id, _draft.c.person == _HER))
    )
)


def seat(tx: Tx, survey: int, person: int) -> Seat | None:
    """Where a person stands in a survey; None if there is no such survey."""
    row = _SEAT.first(tx, {"survey": survey, "person": person})
    return None if row is None else Seat(*row)


def hold(tx: Tx, survey: int) -> Survey | None:
    """The survey, held until the transaction ends: it does not close, and nobody else hands in, meanwhile."""
    row = tx.execute(_HELD, {"survey": survey}).first()
    return None if row is None else Survey(*row)


_OPEN = (
    sa.select(_survey.c.id, _survey.c.title, _survey.c.anonymous)
    .where(
        _survey.c.state == "open",
        _survey.c.area.in_(sa.bindparam("areas", expanding=True)),
        sa.or_(
            _survey.c.closes_at.is_(None),
            _survey.c.closes_at > sa.bindparam("now", type_=_survey.c.closes_at.type),
        ),
    )
    .order_by(_survey.c.id.desc())
)


def open_in(tx: Tx, areas: Collection[str], now: datetime) -> list[Listed]:
    """Open surveys of any of these areas, the newest first."""
    return [Listed(*row) for row in tx.execute(_OPEN, {"areas": list(areas), "now": now})] if areas else []


def open_it(tx: Tx, survey: int, now: datetime, closes_at: datetime | None) -> None:
    """Open it, or let one that is open close at another time."""
    opened_at = sa.func.coalesce(_survey.c.opened_at, sa.literal(now, _survey.c.opened_at.type))
    values = {"state": "open", "opened_at": opened_at, "closes_at": closes_at}
    tx.execute(sa.update(_survey).where(_survey.c.id == survey).values(values))


def close(tx: Tx, survey: int, now: datetime) -> bool:
    """False: it was not open."""
    still_open = sa.and_(_survey.c.id == survey, _survey.c.state == "open")
    return (
        tx.execute(sa.update(_survey).where(still_open).values(state="closed", closed_at=now)).rowcount == 1
    )


_DUE = sa.select(_survey.c.id).where(
    _survey.c.state == "open", _survey.c.closes_at <= sa.bindparam("now", type_=_survey.c.closes_at.type)
)
_BALLOTS = sa.select(_survey.c.id).where(_survey.c.state == "open", _survey.c.anonymous)
_SEALED = sa.select(_survey.c.id).where(_survey.c.state == "closed", _survey.c.anonymous)


def open_ballots(tx: Tx) -> list[int]:
    """Anonymous surveys that are open."""
    return list(tx.execute(_BALLOTS).scalars())


def due(tx: Tx, now: datetime) -> list[int]:
    """Open surveys whose time is over."""
    return list(tx.execute(_DUE, {"now": now}).scalars())


def still_sealed(tx: Tx) -> list[int]:
    """Anonymous surveys that are closed and whose answers were not mixed yet."""
    return list(tx.execute(_SEALED).scalars())


_KEPT = sa.select(_draft.c.answers).where(
    _draft.c.survey == sa.bindparam("survey"), _draft.c.person == sa.bindparam("person")
)


def draft(tx: Tx, survey: int, person: int) -> bytes | None:
    """What she has answered so far, as it is kept."""
    kept: bytes | None = tx.execute(_KEPT, {"survey": survey, "person": person}).scalar()
    return kept


def keep_draft(tx: Tx, survey: int, person: int, answers: bytes, now: datetime) -> None:
    _keep_draft(tx, {"survey": survey, "person": person, "answers": answers, "updated_at": now})


def drop_draft(tx: Tx, survey: int, person: int) -> None:
    tx.execute(sa.delete(_draft).where(_draft.c.survey == survey, _draft.c.person == person))


def drop_drafts(tx: Tx, survey: int) -> None:
    """Nobody can send any more what he has begun."""
    tx.execute(sa.delete(_draft).where(_draft.c.survey == survey))


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A named answer."""

    number: int
    answers: dict[str, str]
    day: date | None


_LAST = sa.select(sa.func.max(_answer.c.number)).where(_answer.c.survey == sa.bindparam("survey"))


def last_number(tx: Tx, survey: int) -> int:
    """The number of the newest named answer: so many there are."""
    return tx.execute(_LAST, {"survey": survey}).scalar() or 0


def hand_in(tx: Tx, survey: int, values: Mapping[str, Any]) -> int | None:
    """Add a named answer of a survey that is held; returns its number. None: the person has one already."""
    number = last_number(tx, survey) + 1
    row = {"survey": survey, "number": number, **values}
    return number if _answer_once(tx, row) else None


_HERS = sa.select(_answer.c.number, _answer.c.answers, _answer.c.day).where(
    _answer.c.survey == sa.bindparam("survey"), _answer.c.person == sa.bindparam("person")
)


def handed_in(tx: Tx, survey: int, person: int) -> HandedIn | None:
    """What she has handed in under her name."""
    row = tx.execute(_HERS, {"survey": survey, "person": person}).first()
    return None if row is None else HandedIn(*row)


_DONE = sa.select(_answer.c.survey).where(
    _answer.c.person == sa.bindparam("person"), _answer.c.survey.in_(sa.bindparam("surveys", expanding=True))
)


def answered(tx: Tx, person: int, surveys: Collection[int]) -> set[int]:
    """Those of the surveys that she has answered under her name."""
    return (
        set(tx.execute(_DONE, {"person": person, "surveys": list(surveys)}).scalars()) if surveys else set()
    )


def handed_in_by(tx: Tx, person: int) -> Sequence[sa.Row[Any, Any, Any, Any]]:
    """Survey, number, answers and form of all that she handed in under her name."""
    query = (
        sa.select(_answer.c.survey, _answer.c.number, _answer.c.answers, _survey.c.form)
        .join(_survey, _survey.c.id == _answer.c.survey)
        .where(_answer.c.person == person)
    )
    return tx.execute(query).all()


def open_and_answered_by(tx: Tx, person: int) -> list[int]:
    """Surveys that are open and that she has answered under her name."""
    query = (
        sa.select(_answer.c.survey)
        .join(_survey, _survey.c.id == _answer.c.survey)
        .where(_answer.c.person == person, _survey.c.state == "open")
    )
    return list(tx.execute(query).scalars())


def rewrite(tx: Tx, survey: int, number: int, answers: Mapping[str, str]) -> None:
    """What is to stand in an answer from now on."""
    one = sa.and_(_answer.c.survey == survey, _answer.c.number == number)
    tx.execute(sa.update(_answer).where(one).values(answers=answers))


def forget_person(tx: Tx, person: int) -> None:
    """What she began is gone; what she handed in stays, and is nobody's."""
    tx.execute(sa.delete(_draft).where(_draft.c.person == person))
    tx.execute(sa.update(_answer).where(_answer.c.person == person).values(person=None))


def hand_over(tx: Tx, gone: int, kept: int) -> None:
    """Two become one, who has one answer to each survey and one beginning: her own before the other's."""
    for table in (_answer, _draft):
        hers = table.alias()
        has = sa.exists().where(hers.c.survey == table.c.survey, hers.c.person == kept)
        tx.execute(sa.delete(table).where(table.c.person == gone, has))
        tx.execute(sa.update(table).where(table.c.person == gone).values(person=kept))
    sent = sa.exists().where(_answer.c.survey == _draft.c.survey, _answer.c.person == kept)
    tx.execute(sa.delete(_draft).where(_draft.c.person == kept, sent))
