"""Invitation codes of surveys. A row is written once and never touched again, so it says nothing of its use."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from storage import schema
from storage.database import Tx

_code = schema.survey_code


def add(tx: Tx, survey: int, codes: Sequence[bytes]) -> None:
    """Add codes as they are kept, sorted: the order in which they were printed is not stored."""
    tx.execute(sa.insert(_code), [{"code": code, "survey": survey} for code in sorted(codes)])


def survey_of(tx: Tx, code: bytes) -> int | None:
    return tx.execute(sa.select(_code.c.survey).where(_code.c.code == code)).scalar()


_AMONG = (
    sa.select(_code.c.survey).where(_code.c.survey.in_(sa.bindparam("surveys", expanding=True))).distinct()
)


def among(tx: Tx, surveys: Collection[int]) -> set[int]:
    """Those of the surveys for which codes were made."""
    return set(tx.execute(_AMONG, {"surveys": list(surveys)}).scalars()) if surveys else set()


def count(tx: Tx, survey: int) -> int:
    """How many codes of a survey were ever printed."""
    query = sa.select(sa.func.count()).select_from(_code).where(_code.c.survey == survey)
    return int(tx.execute(query).scalar_one())
