"""Audiences that staff want to have counted."""

from typing import NamedTuple

import sqlalchemy as sa

from domain.broadcasts import Audience
from domain.directory import Account
from storage import schema
from storage.database import Tx

_preview = schema.survey_preview
_account = schema.account


class Wanted(NamedTuple):
    """Who is to be counted, and the account on which that is wanted."""

    id: int
    account: Account
    audience: Audience


def add(tx: Tx, account: int, audience: Audience) -> None:
    tx.execute(sa.insert(_preview), {"account": account, "audience": audience.as_json()})


_WANTED = (
    sa.select(
        _preview.c.id,
        _preview.c.audience,
        _account.c.id.label("account"),
        _account.c.channel,
        _account.c.address,
        _account.c.person,
    )
    .join(_account, _account.c.id == _preview.c.account)
    .order_by(_preview.c.id)
)


def wanted(tx: Tx) -> list[Wanted]:
    """All of them, the oldest first."""
    return [
        Wanted(
            row.id,
            Account(row.account, row.channel, row.address, row.person),
            Audience.from_json(row.audience),
        )
        for row in tx.execute(_WANTED)
    ]


def drop(tx: Tx, number: int) -> bool:
    """It is counted. False: another process was faster."""
    return tx.execute(sa.delete(_preview).where(_preview.c.id == number)).rowcount == 1
