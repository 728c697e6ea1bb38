"""Spreadsheets that staff have sent by chat and that are still to be read."""

from typing import NamedTuple

import sqlalchemy as sa

from domain.directory import Account
from storage import schema
from storage.database import Tx

_sheet = schema.survey_sheet
_attachment = schema.attachment
_account = schema.account


class Sheet(NamedTuple):
    """A spreadsheet that has come, or never will: then `sha256` is ""."""

    attachment: int
    account: Account
    name: str
    sha256: str


def add(tx: Tx, attachment: int, account: int, name: str) -> None:
    tx.execute(sa.insert(_sheet), {"attachment": attachment, "account": account, "name": name[:80]})


_COME = (
    sa.select(
        _sheet.c.attachment,
        _sheet.c.name,
        _account.c.id,
        _account.c.channel,
        _account.c.address,
        _account.c.person,
        sa.case((_attachment.c.state == "stored", _attachment.c.sha256), else_="").label("sha256"),
    )
    .join(_attachment, _attachment.c.id == _sheet.c.attachment)
    .join(_account, _account.c.id == _sheet.c.account)
    .where(_attachment.c.state != "pending")
    .order_by(_sheet.c.attachment)
)


def come(tx: Tx) -> list[Sheet]:
    """Those whose bytes are here, or are known to be lost, the oldest first."""
    return [
        Sheet(row.attachment, Account(row.id, row.channel, row.address, row.person), row.name, row.sha256)
        for row in tx.execute(_COME)
    ]


def drop(tx: Tx, attachment: int) -> bool:
    """It is read. False: another process was faster."""
    return tx.execute(sa.delete(_sheet).where(_sheet.c.attachment == attachment)).rowcount == 1
