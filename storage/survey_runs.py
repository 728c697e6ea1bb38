"""What staff settle of a survey before it is opened, and whom they tell of it afterwards."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage import schema
from storage.database import Tx

_survey = schema.survey
_code = schema.survey_code
_answer = schema.survey_answer
_tag = schema.person_tag


def settle(tx: Tx, survey: int, *, anonymous: bool, area: str) -> None:
    """Is it anonymous, and for which area?"""
    tx.execute(sa.update(_survey).where(_survey.c.id == survey).values(anonymous=anonymous, area=area))


def drop(tx: Tx, survey: int) -> None:
    """A draft that nobody was asked is gone, with the codes that were made for it."""
    tx.execute(sa.delete(_code).where(_code.c.survey == survey))
    tx.execute(sa.delete(_survey).where(_survey.c.id == survey, _survey.c.state == "draft"))


def tag_those_who_answered(tx: Tx, survey: int, tag: str) -> None:
    """Everybody whose named answer is kept carries the tag."""
    answered = sa.select(sa.literal(tag).label("tag"), _answer.c.person).where(
        _answer.c.survey == survey, _answer.c.person.is_not(None)
    )
    insert: Any = sqlite.insert(_tag) if tx.dialect.name == "sqlite" else postgresql.insert(_tag)
    tx.execute(insert.from_select(["tag", "person"], answered).on_conflict_do_nothing())
